import { timer, type Subscription } from 'rxjs'

import { randomBytes } from '#crypto'
import { equalBytes } from '../bytes/bytes.ts'
import { CODE_LIFETIME_MS, WRAPPED_BYTES, BUNDLE_BYTES } from '../pairing/pairing-code.ts'
import { SERVER } from '../stanza/jid.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { bytesOf, childOf, childrenOf, contentTextOf, stanza, type Stanza } from '../stanza/stanza.ts'
import type { Account } from './account.ts'
import { nextNotificationId } from './notification-ids.ts'
import { deliver, findAccount, nowSeconds, type World } from './world.ts'

/** The server's part of pairing by code for one device that waits; it never sees the code. */
export interface LinkCodes {
  /** Answers a `link_code_companion_reg` request of the device; undefined leaves it without an answer. */
  readonly answer: (request: Stanza, registration: Stanza) => Stanza | undefined
  /** Whether this is the attempt that is out. */
  readonly isOut: (ref: Uint8Array) => boolean
  /** Hands the phone's half to the device. */
  readonly primaryHello: (ref: Uint8Array, wrapped: Uint8Array, identity: Uint8Array) => void
  /** Calls the code that is out back. */
  readonly refresh: (force: boolean) => void
  readonly forget: () => void
}

interface Attempt {
  readonly ref: Uint8Array
  readonly phone: Account
  readonly expiry: Subscription
}

const REGISTRATION = 'link_code_companion_reg'

/** Lengths of what each step carries, in bytes (protocol document 03, sections 4.2 and 4.4). */
const LENGTHS = {
  companion_hello: { link_code_pairing_wrapped_companion_ephemeral_pub: WRAPPED_BYTES, companion_server_auth_key_pub: 32 },
  companion_finish: { link_code_pairing_wrapped_key_bundle: BUNDLE_BYTES, companion_identity_public: 32 },
} as const

/** Codes of one waiting device (protocol document 03, section 7.1). */
export const createLinkCodes = (world: World, send: (stanza: Stanza) => void): LinkCodes => {
  let attempt: Attempt | undefined

  const forget = (): void => {
    attempt?.expiry.unsubscribe()
    attempt = undefined
  }

  const notify = (stage: string, ref: Uint8Array, attributes: Readonly<Record<string, string>>, children: readonly Stanza[]): Stanza =>
    stanza('notification', { from: SERVER, type: REGISTRATION, id: nextNotificationId(world), t: nowSeconds(world) }, [
      stanza(REGISTRATION, { stage, ...attributes }, [stanza('link_code_pairing_ref', {}, ref), ...children]),
    ])

  const tellPhone = ({ phone, ref }: Attempt, stage: string, children: readonly Stanza[]): void =>
    deliver(phone.devices.get(0)!, notify(stage, ref, {}, children.filter(({ tag }) => tag !== 'link_code_pairing_ref')))

  const refresh = (force: boolean): void => {
    if (!attempt) return
    const { ref } = attempt
    forget()
    send(notify('refresh_code', ref, force ? { force_manual_refresh: 'true' } : {}, []))
  }

  const hello = (request: Stanza, registration: Stanza): Stanza => {
    const { codeRefusal } = world.faults
    if (codeRefusal) return refusal(request, codeRefusal.status, codeRefusal.backoffSeconds)
    const jid = attributesOf(registration).optionalJid('jid')
    if (!jid || !isWellFormed(registration, LENGTHS.companion_hello) || !hasKnownPlatform(registration)) return refusal(request, '400')
    const phone = findAccount(world, jid)
    if (!phone?.devices.get(0)?.line) return refusal(request, '404')
    forget()
    attempt = {
      ref: randomBytes(16),
      phone,
      expiry: timer(CODE_LIFETIME_MS, world.scheduler).subscribe(() => {
        if (!world.faults.codeEntry.isNeverCalledBack) refresh(false)
      }),
    }
    tellPhone(attempt, 'companion_hello', childrenOf(registration))
    return result(request, [
      stanza(REGISTRATION, { stage: 'companion_hello' }, [stanza('link_code_pairing_ref', {}, attempt.ref)]),
    ])
  }

  const finish = (request: Stanza, registration: Stanza): Stanza => {
    const ref = bytesOf(childOf(registration, 'link_code_pairing_ref'))
    if (!ref || !attempt || !equalBytes(ref, attempt.ref)) return refusal(request, '404')
    if (!isWellFormed(registration, LENGTHS.companion_finish)) return refusal(request, '400')
    tellPhone(attempt, 'companion_finish', childrenOf(registration))
    return result(request)
  }

  const isOut = (ref: Uint8Array): boolean => attempt !== undefined && equalBytes(ref, attempt.ref)

  return {
    answer: (request, registration) => {
      if (world.faults.codeRefusal?.status === 'silent') return undefined
      switch (attributesOf(registration).optionalText('stage')) {
        case 'companion_hello':
          return hello(request, registration)
        case 'companion_finish':
          return finish(request, registration)
        case 'get_country_code':
          return result(request, [stanza('country_code', { iso: 'US' })])
        default:
          return refusal(request, '400')
      }
    },
    isOut,
    primaryHello: (ref, wrapped, identity) => {
      const { hellos = 1, hasWrongRef } = world.faults.codeEntry
      for (let count = 0; count < hellos; count += 1)
        send(
          notify('primary_hello', hasWrongRef ? randomBytes(16) : ref, {}, [
            stanza('link_code_pairing_wrapped_primary_ephemeral_pub', {}, wrapped),
            stanza('primary_identity_pub', {}, identity),
          ]),
        )
    },
    refresh,
    forget,
  }
}

const isWellFormed = (registration: Stanza, lengths: Readonly<Record<string, number>>): boolean =>
  Object.entries(lengths).every(([tag, length]) => bytesOf(childOf(registration, tag))?.length === length)

const hasKnownPlatform = (registration: Stanza): boolean => {
  const [id, display] = [childOf(registration, 'companion_platform_id'), childOf(registration, 'companion_platform_display')]
  return /^[1-9c-f]$/.test((id && contentTextOf(id)) ?? '') && /^[^()]+ \([^()]+\)$/.test((display && contentTextOf(display)) ?? '')
}

const result = (request: Stanza, content?: readonly Stanza[]): Stanza =>
  stanza('iq', { from: SERVER, type: 'result', id: attributesOf(request).text('id') }, content)

const TEXTS: Readonly<Record<string, string>> = {
  400: 'bad-request',
  403: 'forbidden',
  404: 'item-not-found',
  429: 'rate-overlimit',
  452: 'feature-not-available',
  500: 'internal-server-error',
}

const refusal = (request: Stanza, code: string, backoffSeconds?: number): Stanza =>
  stanza('iq', { from: SERVER, type: 'error', id: attributesOf(request).text('id') }, [
    stanza('error', { code, text: TEXTS[code] ?? 'error', backoff: backoffSeconds }),
  ])
