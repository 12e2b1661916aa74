import {
  catchError,
  concatMap,
  defer,
  EMPTY,
  filter,
  finalize,
  map,
  merge,
  mergeMap,
  NEVER,
  of,
  Subject,
  switchMap,
  throwError,
  timer,
  type Observable,
} from 'rxjs'

import { generateKeyPair, randomBytes, type KeyPair } from '#crypto'
import { equalBytes } from '../bytes/bytes.ts'
import { AlreadyLinked, PairingCodeFailed, PairingRejected } from '../errors/pairing-errors.ts'
import { ServerRefused } from '../errors/request-errors.ts'
import { RxwaError } from '../errors/rxwa-error.ts'
import type { WaEvent } from '../events/wa-event.ts'
import { CODE_LIFETIME_MS, finishCode, randomCode, unwrapEphemeral, wrapEphemeral, WRAPPED_BYTES } from '../pairing/pairing-code.ts'
import { platformIdOf } from '../pairing/qr-code.ts'
import { companionFinish, companionHello } from '../requests/pairing-requests.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { bytesOf, childOf, childrenOf, type Stanza } from '../stanza/stanza.ts'
import type { Live } from './live.ts'
import type { Settings } from './options.ts'

/** What is asked for. */
export interface CodeWish {
  /** Digits of the phone. */
  readonly phoneNumber: string
  /** A code of one's own, normalized. */
  readonly code: string | undefined
  readonly showsPushNotification: boolean
}

/** A code that is out. */
export interface PairingCode {
  /** Eight characters. */
  readonly code: string
  readonly timeoutMs: number
}

/** Pairing by code on one connection that is not linked yet; runs beside the QR codes. */
export interface CodePairing {
  /** Asks for a code; one at a time. */
  readonly ask: (wish: CodeWish) => Observable<PairingCode>
  /** Gives up the code that is out, if one is. */
  readonly cancel: () => Observable<unknown>
  readonly isOutstanding: () => boolean
  /** The secret of the link was derived from the code; the link is about to come. */
  readonly isFinishing: () => boolean
  /** Forgets the code that is out and leaves its secret to another way of linking. */
  readonly handOver: () => void
  /** Answers the phone; emits nothing of use, errors when the store does. */
  readonly course$: Observable<unknown>
}

/** What it needs of its connection. */
export interface CodePairingParts {
  readonly live: Pick<Live, 'session' | 'request'>
  readonly settings: Settings
  readonly emit: (event: WaEvent) => void
  /** Inbound stanzas. */
  readonly stanza$: Observable<Stanza>
}

interface Flow {
  readonly wish: CodeWish
  readonly code: string
  readonly ref: Uint8Array
  readonly ephemeral: KeyPair
  readonly askedAtMs: number
  /** How often a phone answered. */
  attempts: number
  /** The secret of the link was derived from this code. */
  hasSecret: boolean
}

/** A phone may start over so often with one code. */
const MOST_ATTEMPTS = 3

/** Time for the link to come about once the phone answered (protocol document 03, section 4.4). */
const LINK_LIMIT_MS = 60_000

/** Pairing by code on one connection. */
export const createCodePairing = ({ live, settings, emit, stanza$ }: CodePairingParts): CodePairing => {
  const { session } = live
  /** Only one code is out at a time: another would silently take the phone's answer from the first. */
  let flow: Flow | undefined
  let isAsking = false
  /** Starts, with a value, or stops the clock of the link. */
  const linkClock$ = new Subject<boolean>()
  const now = (): number => settings.scheduler.now()

  const isExpired = ({ askedAtMs }: Flow): boolean => now() - askedAtMs > CODE_LIFETIME_MS
  const isOutstanding = (): boolean => isAsking || (flow !== undefined && !isExpired(flow))

  const handOver = (): void => {
    flow = undefined
    linkClock$.next(false)
  }

  /** A secret that a dead code was derived with must not link anybody. */
  const drop = (): Observable<unknown> => {
    const hadSecret = flow?.hasSecret ?? false
    handOver()
    return hadSecret ? session.saveAccount((account) => ({ ...account, advSecret: randomBytes(32) })) : of(undefined)
  }

  const fail = (error: Error): void => {
    const refusal = error instanceof ServerRefused ? error : undefined
    emit({
      type: 'pairing_code_error',
      error,
      ...(refusal && { rejection: refusal.status }),
      ...(refusal?.backoffSeconds !== undefined && { backoffSeconds: refusal.backoffSeconds }),
    })
  }

  const ask = (wish: CodeWish): Observable<PairingCode> =>
    defer(() => {
      if (session.account().link) return throwError(() => new AlreadyLinked())
      if (isOutstanding()) return throwError(() => new PairingCodeFailed('already_outstanding'))
      isAsking = true
      const code = wish.code ?? randomCode()
      const ephemeral = generateKeyPair()
      const askedAtMs = now()
      const { noise } = session.account()
      return live
        .request(
          companionHello({
            phoneNumber: wish.phoneNumber,
            showsPushNotification: wish.showsPushNotification,
            wrappedEphemeral: wrapEphemeral(code, ephemeral.publicKey),
            noise: noise.publicKey,
            platformId: platformIdOf(settings.device.platformType),
            platformDisplay: platformDisplay(settings.device),
          }),
        )
        .pipe(
          map((ref) => {
            flow = { wish, code, ref, ephemeral, askedAtMs, attempts: 0, hasSecret: false }
            const timeoutMs = CODE_LIFETIME_MS - (now() - askedAtMs)
            emit({ type: 'pairing_code', code, timeoutMs })
            return { code, timeoutMs }
          }),
          catchError((error: unknown) => {
            if (!(error instanceof RxwaError)) return throwError(() => error)
            fail(error)
            const refusal = error instanceof ServerRefused ? error : undefined
            const backoff = refusal?.backoffSeconds
            return throwError(
              () =>
                new PairingCodeFailed(refusal ? 'refused' : 'timed_out', {
                  cause: error,
                  ...(refusal && { status: refusal.status }),
                  ...(backoff !== undefined && { backoffSeconds: backoff }),
                }),
            )
          }),
          // Also when nobody waits for the code any more.
          finalize(() => (isAsking = false)),
        )
    })

  /** The phone typed the code: derive the secret, make it durable, hand over the proof. */
  const finish = (current: Flow, hello: Stanza): Observable<unknown> =>
    defer(() => {
      const wrapped = bytesOf(childOf(hello, 'link_code_pairing_wrapped_primary_ephemeral_pub'))
      const theirIdentity = bytesOf(childOf(hello, 'primary_identity_pub'))
      if (wrapped?.length !== WRAPPED_BYTES || theirIdentity?.length !== 32) return EMPTY
      if (isExpired(current) || current.attempts >= MOST_ATTEMPTS) return EMPTY
      current.attempts += 1
      const { identity } = session.account()
      const { bundle, advSecret } = finishCode({
        ephemeral: current.ephemeral.privateKey,
        theirEphemeral: unwrapEphemeral(current.code, wrapped),
        identity,
        theirIdentity,
      })
      current.hasSecret = true
      linkClock$.next(true)
      return session
        .saveAccount((account) => ({ ...account, advSecret }))
        .pipe(concatMap(() => live.request(companionFinish(current.wish.phoneNumber, bundle, identity.publicKey, current.ref))))
    }).pipe(
      catchError((error: unknown) => {
        if (!(error instanceof ServerRefused) && !(error instanceof PairingRejected)) {
          // An unanswered last step is left to the clock of the link.
          return error instanceof RxwaError && error.code === 'request_timed_out' ? EMPTY : throwError(() => error)
        }
        fail(error)
        return drop()
      }),
    )

  const phone$ = stanza$.pipe(
    filter(({ tag, attrs }) => tag === 'notification' && attrs['type'] === 'link_code_companion_reg'),
    mergeMap((notification) => childrenOf(notification, 'link_code_companion_reg')),
    concatMap((news) => {
      const ref = bytesOf(childOf(news, 'link_code_pairing_ref'))
      if (!flow || !ref || !equalBytes(ref, flow.ref)) return EMPTY
      const read = attributesOf(news)
      switch (read.optionalText('stage')) {
        case 'primary_hello':
          return finish(flow, news)
        case 'refresh_code': {
          const forceManual = read.optionalText('force_manual_refresh') === 'true'
          return drop().pipe(map(() => emit({ type: 'pairing_code_refresh', forceManual })))
        }
        default:
          return EMPTY
      }
    }),
  )
  const clock$ = linkClock$.pipe(
    switchMap((isRunning) => (isRunning ? timer(LINK_LIMIT_MS, settings.scheduler) : NEVER)),
    filter(() => session.account().link === undefined),
    concatMap(() => drop()),
    map(() => emit({ type: 'pairing_code_refresh', forceManual: false })),
  )
  return { ask, cancel: drop, isOutstanding, isFinishing: () => flow?.hasSecret ?? false, handOver, course$: merge(phone$, clock$) }
}

const BROWSERS: Readonly<Record<string, string>> = { 1: 'Chrome', 2: 'Edge', 3: 'Firefox', 4: 'IE', 5: 'Opera', 6: 'Safari' }
const SYSTEMS = ['Windows', 'Mac OS', 'Linux', 'Android', 'iOS']

/** What the phone shows; the server takes known names only (protocol document 03, section 4.2). */
const platformDisplay = ({ system, platformType }: Settings['device']): string => {
  const browser = BROWSERS[platformIdOf(platformType)] ?? 'Chrome'
  return `${browser} (${SYSTEMS.find((known) => known.toLowerCase() === system.toLowerCase()) ?? 'Linux'})`
}
