import {
  catchError,
  concat,
  concatMap,
  defer,
  distinctUntilChanged,
  EMPTY,
  filter,
  ignoreElements,
  map,
  merge,
  mergeMap,
  switchMap,
  take,
  takeUntil,
  tap,
  throwError,
  type Observable,
} from 'rxjs'

import { randomBytes } from '#crypto'
import { PairingExhausted } from '../errors/connection-errors.ts'
import { PairingRejected } from '../errors/pairing-errors.ts'
import type { WaEvent } from '../events/wa-event.ts'
import { verifyPairing } from '../pairing/device-identity.ts'
import { parsePairSuccess, type PairSuccess } from '../pairing/pair-success.ts'
import { platformIdOf, qrCodeText } from '../pairing/qr-code.ts'
import { rotateQrCodes } from '../pairing/rotate-qr-codes.ts'
import { addressOf } from '../pipeline/session-pool.ts'
import { ClientPairingProps } from '../proto/core.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { SERVER, withDevice } from '../stanza/jid.ts'
import { childOf, childrenOf, contentTextOf, stanza, type Stanza } from '../stanza/stanza.ts'
import { announceSession } from './login.ts'
import type { Live } from './live.ts'
import { createCodePairing, type CodePairing } from './pair-by-code.ts'
import type { Settings } from './options.ts'

/** What pairing needs of its connection. */
export interface PairingParts {
  readonly live: Live
  readonly settings: Settings
  readonly emit: (event: WaEvent) => void
  /** Inbound stanzas. */
  readonly stanza$: Observable<Stanza>
  /** The server is ready to link; codes can be asked for. */
  readonly setPairing: (codes: CodePairing) => void
}

/** Whether a stanza belongs to the pairing. */
export const isPairingStanza = (iq: Stanza): boolean =>
  iq.tag === 'iq' && iq.attrs['type'] === 'set' && (childOf(iq, 'pair-device') ?? childOf(iq, 'pair-success')) !== undefined

/**
 * The course of a pairing: shows QR codes until a phone scanned one, verifies the phone and stores the
 * link. Emits nothing; errors with `PairingExhausted` when no code is left.
 */
export const pair = (parts: PairingParts): Observable<never> => {
  const iq$ = parts.stanza$.pipe(filter(isPairingStanza))
  const codes = createCodePairing(parts)
  return merge(
    codes.course$,
    iq$.pipe(
      filter((iq) => childOf(iq, 'pair-device') !== undefined),
      take(1),
      tap(() => parts.setPairing(codes)),
    ),
    showQrCodes(parts, iq$, codes),
    renewSecret(parts, codes),
    iq$.pipe(
      filter((iq) => childOf(iq, 'pair-success') !== undefined),
      concatMap((iq) => accept(parts, iq)),
    ),
  ).pipe(ignoreElements())
}

const showQrCodes = ({ live, settings, emit }: PairingParts, iq$: Observable<Stanza>, codes: CodePairing): Observable<unknown> => {
  const { noise, identity } = live.session.account()
  const platformId = platformIdOf(settings.device.platformType)
  const linked$ = iq$.pipe(filter((iq) => childOf(iq, 'pair-success') !== undefined && live.session.account().link !== undefined))
  return iq$.pipe(
    filter((iq) => childOf(iq, 'pair-device') !== undefined),
    mergeMap((iq) => concat(live.write(resultOf(iq)), [refsOf(iq)])),
    rotateQrCodes(settings.scheduler),
    switchMap((rotation) => {
      if (live.session.account().link) return EMPTY
      if (rotation.kind === 'exhausted') {
        // A code that is out may still be typed.
        const disconnected = !codes.isOutstanding()
        emit({ type: 'pairing_qr_codes_exhausted', disconnected })
        return disconnected ? throwError(() => new PairingExhausted()) : EMPTY
      }
      const { ref, timeoutMs } = rotation
      const shownAtMs = settings.scheduler.now()
      // A code with a secret that is no longer ours would link nobody: it is shown again with the new one.
      return live.session.account$.pipe(
        map(({ advSecret }) => advSecret),
        distinctUntilChanged(),
        tap((advSecret) => {
          const code = qrCodeText({ ref, noise: noise.publicKey, identity: identity.publicKey, advSecret, platformId }, settings.qrDeepLink)
          emit({ type: 'pairing_qr_code', code, timeoutMs: timeoutMs - (settings.scheduler.now() - shownAtMs) })
        }),
      )
    }),
    takeUntil(linked$),
  )
}

/** Forms in which the server asks for a new secret (protocol document 03, section 2.4). */
const RENEWALS = ['companion_reg_refresh', 'pair-device-rotate-qr']

/** A new secret when the server asks for one, unless a phone is about to prove itself with the one there is. */
const renewSecret = ({ live: { session }, stanza$ }: PairingParts, codes: CodePairing): Observable<unknown> =>
  stanza$.pipe(
    filter(({ tag, attrs }) => tag === 'notification' && attrs['type'] === 'companion_reg_refresh'),
    filter((notification) => RENEWALS.some((form) => childOf(notification, form)) && !codes.isFinishing()),
    concatMap(() => session.saveAccount((account) => (account.link ? account : { ...account, advSecret: randomBytes(32) }))),
  )

const refsOf = (iq: Stanza): readonly string[] =>
  childrenOf(childOf(iq, 'pair-device')!, 'ref').flatMap((ref) => contentTextOf(ref) || [])

const resultOf = (iq: Stanza): Stanza =>
  stanza('iq', { to: SERVER, id: attributesOf(iq).optionalText('id'), type: 'result' })

/** Verifies a `pair-success` and answers it; a phone that cannot prove itself changes nothing. */
const accept = ({ live, settings, emit }: PairingParts, iq: Stanza): Observable<unknown> =>
  defer(() => {
    const { session } = live
    // A second one while linked is an echo.
    if (session.account().link) return EMPTY
    const pairing = parsePairSuccess(iq)
    if (!isPairSuccess(pairing)) {
      emit({ type: 'pair_error', error: new PairingRejected('malformed', { cause: new Error(pairing.join('; ')) }) })
      return live.write(refusalOf(iq, 500, 'internal-server-error'))
    }
    const { id, lid, platform, businessName, clientProps } = pairing
    const verified = verifyPairing(pairing.container, session.account())
    const link = {
      id,
      lid,
      signedIdentity: verified.signedIdentity,
      platform,
      isLidMigrated: isLidMigrated(clientProps),
      ...(businessName !== undefined && { businessName }),
    }
    const phoneIdentity = { table: 'identities', key: addressOf(withDevice(lid, 0)), value: verified.accountKey } as const
    const saved$ = session.saveAccount(
      (account) => ({
        ...account,
        link,
        serverHasPrekeys: false,
        loginCounter: 0,
        ...(businessName && { pushName: businessName }),
      }),
      [phoneIdentity, ...session.directory.learn(lid, id)],
    )
    const signed = stanza('iq', { to: SERVER, type: 'result', id: pairing.requestId }, [
      stanza('pair-device-sign', {}, [stanza('device-identity', { 'key-index': verified.keyIndex }, verified.reply)]),
    ])
    return concat(
      saved$,
      live.write(signed),
      defer(() => {
        emit({ type: 'pair_success', id, lid, platform, ...(businessName !== undefined && { businessName }) })
        return announceSession(live, settings.scheduler.now(), 0)
      }),
    )
  }).pipe(
    catchError((error: unknown) => {
      if (!(error instanceof PairingRejected)) return throwError(() => error)
      emit({ type: 'pair_error', error })
      return live.write(
        error.fault === 'malformed' ? refusalOf(iq, 500, 'internal-server-error') : refusalOf(iq, 401, 'not-authorized'),
      )
    }),
  )

const isPairSuccess = (pairing: PairSuccess | readonly string[]): pairing is PairSuccess => !Array.isArray(pairing)

/** New links are migrated unless the phone says otherwise (protocol document 05, section 8). */
const isLidMigrated = (clientProps: Uint8Array | undefined): boolean => {
  if (clientProps === undefined) return true
  try {
    return ClientPairingProps.decode(clientProps).isChatDbLidMigrated ?? true
  } catch (cause) {
    throw new PairingRejected('malformed', { cause })
  }
}

const refusalOf = (iq: Stanza, code: number, text: string): Stanza =>
  stanza('iq', { to: SERVER, type: 'error', id: attributesOf(iq).optionalText('id') }, [stanza('error', { code, text })])
