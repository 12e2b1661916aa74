import { concat, concatMap, distinctUntilChanged, EMPTY, filter, map, merge, mergeMap, switchMap, takeUntil, tap, throwError, type Observable } from 'rxjs'

import { randomBytes } from '#crypto'
import { PairingExhausted } from '../errors/connection-errors.ts'
import { platformIdOf, qrCodeText } from '../pairing/qr-code.ts'
import { rotateQrCodes } from '../pairing/rotate-qr-codes.ts'
import { SERVER } from '../stanza/jid.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { childOf, childrenOf, contentTextOf, stanza, type Stanza } from '../stanza/stanza.ts'
import type { PairingParts, PairingWays } from './pairing-parts.ts'

/** Shows QR codes one after the other until a phone scanned one; errors with `PairingExhausted` when none is left. */
export const showQrCodes = ({ live, settings, emit, stanza$ }: PairingParts, iq$: Observable<Stanza>, { codes, passkey }: PairingWays): Observable<unknown> => {
  const { noise, identity } = live.session.account()
  const platformId = platformIdOf(settings.device.platformType)
  const linked$ = iq$.pipe(filter((iq) => childOf(iq, 'pair-success') !== undefined && live.session.account().link !== undefined))
  /** How far the codes are: others follow, the last one is shown, or it was. */
  let left: 'others' | 'last' | 'none' = 'others'
  const exhausted = (): Observable<never> => throwError(() => new PairingExhausted())
  // The server lets go of who waits at about the time the last code is used up, by its own clock.
  const sentAway$ = stanza$.pipe(
    filter(({ tag }) => tag === 'xmlstreamend' && left !== 'others' && live.session.account().link === undefined),
    concatMap(() => {
      if (left === 'last') emit({ type: 'pairing_qr_codes_exhausted', disconnected: true })
      return exhausted()
    }),
  )
  const shown$ = iq$.pipe(
    filter((iq) => childOf(iq, 'pair-device') !== undefined),
    mergeMap((iq) => concat(live.write(resultOf(iq)), [refsOf(iq)])),
    rotateQrCodes(settings.scheduler),
    switchMap((rotation) => {
      if (live.session.account().link) return EMPTY
      if (rotation.kind === 'exhausted') {
        left = 'none'
        // A code that is out may still be typed, a passkey that is asked for may still be given.
        const disconnected = !codes.isOutstanding() && !passkey.isUnderWay()
        emit({ type: 'pairing_qr_codes_exhausted', disconnected })
        return disconnected ? exhausted() : EMPTY
      }
      const { ref, timeoutMs, isLast } = rotation
      left = isLast ? 'last' : 'others'
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
  )
  return merge(sentAway$, shown$).pipe(takeUntil(linked$))
}

/** Forms in which the server asks for a new secret (protocol document 03, section 2.4). */
const RENEWALS = ['companion_reg_refresh', 'pair-device-rotate-qr']

/** A new secret when the server asks for one, unless a phone is about to prove itself with the one there is. */
export const renewSecret = ({ live: { session }, stanza$ }: PairingParts, { codes, passkey }: PairingWays): Observable<unknown> =>
  stanza$.pipe(
    filter(({ tag, attrs }) => tag === 'notification' && attrs['type'] === 'companion_reg_refresh'),
    filter((notification) => RENEWALS.some((form) => childOf(notification, form)) && !codes.isFinishing() && !passkey.isFinishing()),
    concatMap(() => session.saveAccount((account) => (account.link ? account : { ...account, advSecret: randomBytes(32) }))),
  )

const refsOf = (iq: Stanza): readonly string[] =>
  childrenOf(childOf(iq, 'pair-device')!, 'ref').flatMap((ref) => contentTextOf(ref) || [])

const resultOf = (iq: Stanza): Stanza =>
  stanza('iq', { to: SERVER, id: attributesOf(iq).optionalText('id'), type: 'result' })
