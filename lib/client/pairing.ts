import { catchError, concat, concatMap, defer, distinctUntilChanged, EMPTY, filter, finalize, ignoreElements, merge, map, NEVER, switchMap, take, tap, throwError, timeout, timer, type Observable } from 'rxjs'

import { ConnectionLost } from '../errors/connection-errors.ts'
import { PairingRejected } from '../errors/pairing-errors.ts'
import { verifyPairing } from '../pairing/device-identity.ts'
import { parsePairSuccess, type PairSuccess } from '../pairing/pair-success.ts'
import { addressOf } from '../pipeline/session-pool.ts'
import { ClientPairingProps } from '../proto/core.generated.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { SERVER, withDevice } from '../stanza/jid.ts'
import { childOf, stanza, type Stanza } from '../stanza/stanza.ts'
import { announceSession } from './login.ts'
import { createCodePairing } from './pair-by-code.ts'
import { createPasskeyPairing } from './pair-by-passkey.ts'
import type { PairingParts } from './pairing-parts.ts'
import { renewSecret, showQrCodes } from './show-qr-codes.ts'

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
  const ways = { codes, passkey: createPasskeyPairing({ ...parts, codes }) }
  return merge(
    codes.course$,
    ways.passkey.course$,
    iq$.pipe(
      filter((iq) => childOf(iq, 'pair-device') !== undefined),
      take(1),
      tap(() => parts.setPairing(ways)),
    ),
    showQrCodes(parts, iq$, ways),
    renewSecret(parts, ways),
    awaitServer(parts, iq$),
    iq$.pipe(
      filter((iq) => childOf(iq, 'pair-success') !== undefined),
      concatMap((iq) => accept(parts, iq)),
    ),
  ).pipe(ignoreElements())
}

/** Time for the server to show codes, and to end the stream of a device that is linked. */
const SERVER_LIMIT_MS = 60_000

/** A server that took the handshake but does neither is as good as gone. */
const awaitServer = ({ live, settings: { scheduler } }: PairingParts, iq$: Observable<Stanza>): Observable<unknown> => {
  const gone = (): Observable<never> => throwError(() => new ConnectionLost('login_timed_out'))
  return merge(
    iq$.pipe(timeout({ first: SERVER_LIMIT_MS, scheduler, with: gone })),
    live.session.account$.pipe(
      map(({ link }) => link !== undefined),
      distinctUntilChanged(),
      switchMap((isLinked) => (isLinked ? timer(SERVER_LIMIT_MS, scheduler).pipe(switchMap(gone)) : NEVER)),
    ),
  )
}

/** Verifies a `pair-success` and answers it; a phone that cannot prove itself changes nothing. */
const accept = ({ live, settings, emit, setAccepting }: PairingParts, iq: Stanza): Observable<unknown> =>
  defer(() => {
    const { session } = live
    setAccepting(true)
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
    finalize(() => setAccepting(false)),
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
