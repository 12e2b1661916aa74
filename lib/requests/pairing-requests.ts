import { bytesOf, childOf, stanza } from '../stanza/stanza.ts'
import { Jid } from '../stanza/jid.ts'
import type { RequestDescription } from './request.ts'

const HELLO_LIMIT_MS = 30_000

/** What the server may say to a pairing by code (protocol document 03, section 4.2). */
const REFUSALS = {
  400: 'bad-request',
  403: 'forbidden',
  429: 'rate-overlimit',
  452: 'feature-not-available',
  500: 'internal-server-error',
} as const

/** The first step of a pairing by code. */
export interface CompanionHello {
  /** Digits of the phone. */
  readonly phoneNumber: string
  /** Whether the phone shows a notification by itself. */
  readonly showsPushNotification: boolean
  /** 80 bytes. */
  readonly wrappedEphemeral: Uint8Array
  /** Static key of the connection, 32 bytes. */
  readonly noise: Uint8Array
  readonly platformId: string
  /** `Browser (System)` out of a list the server knows. */
  readonly platformDisplay: string
}

/** Asks the server to tell a phone that a code will be typed on it; the reply is the name of this attempt. */
export const companionHello = (hello: CompanionHello): RequestDescription<Uint8Array> => ({
  name: 'pairing.companion_hello',
  type: 'set',
  xmlns: 'md',
  timeoutMs: HELLO_LIMIT_MS,
  refusals: REFUSALS,
  content: [
    stanza(
      'link_code_companion_reg',
      {
        jid: phoneOf(hello.phoneNumber),
        stage: 'companion_hello',
        should_show_push_notification: String(hello.showsPushNotification),
      },
      [
        stanza('link_code_pairing_wrapped_companion_ephemeral_pub', {}, hello.wrappedEphemeral),
        stanza('companion_server_auth_key_pub', {}, hello.noise),
        stanza('companion_platform_id', {}, hello.platformId),
        stanza('companion_platform_display', {}, hello.platformDisplay),
        stanza('link_code_pairing_nonce', {}, Uint8Array.of(0)),
      ],
    ),
  ],
  parse: (reply, faults) => {
    const registration = childOf(reply, 'link_code_companion_reg')
    const ref = registration && bytesOf(childOf(registration, 'link_code_pairing_ref'))
    if (!ref || ref.length === 0) {
      faults.push('iq: link_code_pairing_ref is missing')
      return undefined
    }
    return ref.slice()
  },
})

/** The last step: hands the phone what proves the code. */
export const companionFinish = (phoneNumber: string, bundle: Uint8Array, identity: Uint8Array, ref: Uint8Array): RequestDescription<true> => ({
  name: 'pairing.companion_finish',
  type: 'set',
  xmlns: 'md',
  timeoutMs: HELLO_LIMIT_MS,
  refusals: REFUSALS,
  content: [
    stanza('link_code_companion_reg', { jid: phoneOf(phoneNumber), stage: 'companion_finish' }, [
      stanza('link_code_pairing_wrapped_key_bundle', {}, bundle),
      stanza('companion_identity_public', {}, identity),
      stanza('link_code_pairing_ref', {}, ref),
    ]),
  ],
  parse: () => true,
})

const phoneOf = (digits: string): Jid => new Jid(digits, 's.whatsapp.net')
