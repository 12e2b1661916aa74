import {
  BehaviorSubject,
  catchError,
  concatMap,
  defer,
  EMPTY,
  filter,
  finalize,
  from,
  ignoreElements,
  map,
  merge,
  NEVER,
  of,
  ReplaySubject,
  switchMap,
  take,
  tap,
  throwError,
  timeout,
  timer,
  type Observable,
} from 'rxjs'

import { generateKeyPair, randomBytes } from '#crypto'
import { ConnectionLost } from '../errors/connection-errors.ts'
import { PasskeyFailed } from '../errors/passkey-error.ts'
import { ReplyMalformed, RequestTimedOut, ServerRefused } from '../errors/request-errors.ts'
import type { WaEvent } from '../events/wa-event.ts'
import { displayCode } from '../pairing/pairing-code.ts'
import {
  decodePrimaryEphemeral,
  encodePrologue,
  HANDOFF_LIFETIME_MS,
  handoffKeyOf,
  handoffProof,
  pairingRequestKey,
  sealPairingRequest,
  verificationCode,
  type PrimaryEphemeral,
} from '../pairing/passkey.ts'
import { checkedPasskeyAnswer, readPasskeyOptions, type PasskeyAnswer } from '../pairing/passkey-json.ts'
import { companionNonce, encryptedPairingRequest, fetchPairingRef, fetchPasskeyOptions, passkeyOptionsIn, passkeyPrologue } from '../requests/passkey-requests.ts'
import { sameJid, SERVER } from '../stanza/jid.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { bytesOf, childOf, type Stanza } from '../stanza/stanza.ts'
import type { Live } from './live.ts'
import type { Settings } from './options.ts'
import type { CodePairing } from './pair-by-code.ts'
import { IDLE, PASSKEY_LIMITS_MS, type PasskeyAttempt, type PasskeyConfirmation, type PasskeyStage } from './passkey-stages.ts'

/** Linking by passkey on one connection that is not linked yet; runs beside the QR codes. */
export interface PasskeyPairing {
  readonly respond: (answer: PasskeyAnswer) => Observable<PasskeyConfirmation>
  readonly confirm: () => Observable<unknown>
  readonly cancel: () => Observable<unknown>
  /** A passkey was asked for a short while ago, or an attempt is on its way. */
  readonly isUnderWay: () => boolean
  /** The phone has the secret, or is about to get it: it must stay. */
  readonly isFinishing: () => boolean
  /** Answers server and phone; emits nothing of use, errors when the store does. */
  readonly course$: Observable<unknown>
}

/** What it needs of its connection. */
export interface PasskeyPairingParts {
  readonly live: Pick<Live, 'session' | 'request'>
  readonly settings: Pick<Settings, 'scheduler' | 'passkey' | 'device'>
  readonly emit: (event: WaEvent) => void
  /** Inbound stanzas. */
  readonly stanza$: Observable<Stanza>
  readonly codes: Pick<CodePairing, 'handOver'>
}

/** Linking by passkey on one connection (protocol document 03, section 5); one attempt at a time. */
export const createPasskeyPairing = ({ live, settings, emit, stanza$, codes }: PasskeyPairingParts): PasskeyPairing => {
  const { session } = live
  const { scheduler } = settings
  const deviceType = settings.device.platformType
  const stage$ = new BehaviorSubject<PasskeyStage>(IDLE)
  let askedAtMs: number | undefined
  let handoff: { readonly key: Uint8Array; readonly untilMs: number } | undefined

  const isLinked = (): boolean => session.account().link !== undefined
  const newSecret = (): Observable<unknown> => session.saveAccount((account) => ({ ...account, advSecret: randomBytes(32) }))

  /** Back to the start, then whoever waits for a code is told why there is none. */
  const drop = (because: Error, tell: () => void = () => undefined): Observable<unknown> =>
    defer(() => {
      const stage = stage$.value
      stage$.next(IDLE)
      // A secret that a phone may have got of a dead attempt must not link anybody.
      return (stage.kind === 'awaiting_pairing' && !isLinked() ? newSecret() : of(undefined)).pipe(
        tap(() => {
          tell()
          if (stage.kind === 'awaiting_primary') stage.attempt.told$.error(because)
        }),
      )
    })

  /** Tells that the attempt came to nothing; a lost connection tells that itself. */
  const fail = (cause: unknown, continuation: boolean): Observable<never> => {
    const error = passkeyErrorOf(cause)
    return error
      ? drop(error, () => emit({ type: 'pair_passkey_error', error, continuation })).pipe(concatMap(() => throwError(() => error)))
      : throwError(() => cause)
  }

  /** The proof of an interrupted link can be given once. */
  const takeHandoffKey = (): Uint8Array | undefined => {
    const taken = handoff
    handoff = undefined
    return taken && scheduler.now() <= taken.untilMs ? taken.key : undefined
  }

  const respond = (answer: PasskeyAnswer): Observable<PasskeyConfirmation> =>
    defer(() => {
      if (askedAtMs === undefined || isLinked()) return throwError(() => new PasskeyFailed('no_request'))
      if (stage$.value.kind !== 'idle') return throwError(() => new PasskeyFailed('busy'))
      const handoffKey = takeHandoffKey()
      const attempt: PasskeyAttempt = {
        ephemeral: generateKeyPair(),
        nonce: randomBytes(32),
        ref: undefined,
        isProven: handoffKey !== undefined,
        told$: new ReplaySubject(1),
      }
      stage$.next({ kind: 'awaiting_primary', attempt })
      const start$ = live.request(fetchPairingRef).pipe(
        concatMap((ref) => {
          attempt.ref = ref
          const prologue = encodePrologue({ publicKey: attempt.ephemeral.publicKey, deviceType, ref }, attempt.nonce)
          return live.request(passkeyPrologue({ ...answer, prologue, handoffProof: handoffKey && handoffProof(handoffKey, prologue) }))
        }),
        catchError((error: unknown) => fail(error, false)),
      )
      return merge(start$.pipe(ignoreElements()), attempt.told$).pipe(
        finalize(() => {
          const stage = stage$.value
          if (stage.kind === 'awaiting_primary' && stage.attempt === attempt) stage$.next(IDLE)
        }),
      )
    })

  const confirm = (): Observable<unknown> =>
    defer(() => {
      const stage = stage$.value
      if (stage.kind !== 'awaiting_confirmation') return throwError(() => new PasskeyFailed('nothing_to_confirm'))
      const { attempt, key } = stage
      const { noise, identity, advSecret } = session.account()
      const request = sealPairingRequest(key, { noise: noise.publicKey, identity: identity.publicKey, advSecret })
      const pairing: PasskeyStage = { kind: 'awaiting_pairing', attempt }
      stage$.next(pairing)
      return live.request(encryptedPairingRequest(request)).pipe(
        // An attempt that was given up meanwhile has told so.
        catchError((error: unknown) => (stage$.value === pairing ? fail(error, true) : throwError(() => error))),
      )
    })

  /** The phone answered: keep the promise of the nonce, show the code. */
  const continueWith = (notification: Stanza): Observable<unknown> =>
    defer(() => {
      const stage = stage$.value
      if (stage.kind !== 'awaiting_primary') return EMPTY
      const { attempt } = stage
      const { ref } = attempt
      if (ref === undefined) return EMPTY
      return defer(() => {
        const primary = decodePrimaryEphemeral(bytesOf(childOf(notification, 'primary_ephemeral_identity')) ?? new Uint8Array(0))
        const key = pairingRequestKey(attempt.ephemeral.privateKey, primary.publicKey, { deviceType, ref })
        return live.request(companionNonce(attempt.nonce)).pipe(map(() => ({ primary, key })))
      }).pipe(
        // What was given up meanwhile needs neither code nor complaint.
        filter(() => stage$.value === stage),
        catchError((error: unknown) => (stage$.value === stage ? fail(error, true) : EMPTY)),
        tap(({ primary, key }) => {
          stage$.next({ kind: 'awaiting_confirmation', attempt, key })
          showCode(attempt, primary)
        }),
        concatMap(() => (settings.passkey.autoConfirm ? confirm() : EMPTY)),
        catchError(toldAlready),
      )
    })

  const showCode = (attempt: PasskeyAttempt, primary: PrimaryEphemeral): void => {
    const confirmation = { code: displayCode(verificationCode(attempt.nonce, primary)), skipHandoffUx: attempt.isProven }
    emit({ type: 'pair_passkey_confirmation', ...confirmation })
    attempt.told$.next(confirmation)
    attempt.told$.complete()
  }

  /** The account wants a passkey: take note, and begin anew with the secret. */
  const takeRequest = (notification: Stanza): Observable<string> =>
    defer(() => {
      if (stage$.value.kind !== 'idle' || isLinked()) return EMPTY
      const options = passkeyOptionsIn(notification)
      return options === undefined ? live.request(fetchPasskeyOptions) : of(options)
    }).pipe(
      tap(readPasskeyOptions),
      concatMap((options) => {
        askedAtMs = scheduler.now()
        handoff = { key: handoffKeyOf(session.account().advSecret), untilMs: askedAtMs + HANDOFF_LIFETIME_MS }
        codes.handOver()
        return newSecret().pipe(map(() => options))
      }),
      catchError((error: unknown) => fail(error, false)),
      catchError(toldAlready),
    )

  const authenticate = (options: string): Observable<unknown> => {
    const { authenticator } = settings.passkey
    if (!authenticator) return EMPTY
    return defer(() => from(authenticator(options))).pipe(
      take(1),
      map(checkedPasskeyAnswer),
      timeout({ first: HANDOFF_LIFETIME_MS, scheduler }),
      // Whatever the application's code throws is one fault to us.
      catchError((cause: unknown) => (stage$.value.kind === 'idle' ? fail(new PasskeyFailed('authenticator_failed', { cause }), false) : EMPTY)),
      concatMap(respond),
      catchError(toldAlready),
    )
  }

  const request$ = stanza$.pipe(
    filter(isFromServer('passkey_prologue_request')),
    concatMap(takeRequest),
    // A newer request makes the older worthless.
    switchMap((requestOptionsJson) => {
      emit({ type: 'pair_passkey_request', requestOptionsJson })
      return authenticate(requestOptionsJson)
    }),
  )
  const clock$ = stage$.pipe(
    switchMap(({ kind }) => {
      const limitMs = PASSKEY_LIMITS_MS[kind]
      return limitMs === undefined ? NEVER : timer(limitMs, scheduler).pipe(map(() => kind))
    }),
    filter(() => !isLinked()),
    concatMap((kind) => fail(new PasskeyFailed('timed_out'), kind !== 'awaiting_primary').pipe(catchError(toldAlready))),
  )

  return {
    respond,
    confirm,
    cancel: () => {
      askedAtMs = undefined
      handoff = undefined
      return drop(new PasskeyFailed('cancelled'))
    },
    isUnderWay: () => stage$.value.kind !== 'idle' || (askedAtMs !== undefined && scheduler.now() - askedAtMs <= HANDOFF_LIFETIME_MS),
    isFinishing: () => stage$.value.kind === 'awaiting_pairing',
    course$: merge(request$, stanza$.pipe(filter(isFromServer('crsc_continuation')), concatMap(continueWith)), clock$).pipe(
      finalize(() => {
        const stage = stage$.value
        if (stage.kind === 'awaiting_primary') stage.attempt.told$.error(new ConnectionLost('server_closed'))
      }),
    ),
  }
}

/** Nobody but the server may speak for the phone. */
const isFromServer =
  (type: string) =>
  (notification: Stanza): boolean => {
    if (notification.tag !== 'notification' || notification.attrs['type'] !== type) return false
    const sender = attributesOf(notification).optionalJid('from')
    return sender !== undefined && sameJid(sender, SERVER)
  }

/** Our word for what went wrong with a step; undefined for what is not about this step. */
const passkeyErrorOf = (cause: unknown): PasskeyFailed | undefined => {
  if (cause instanceof PasskeyFailed) return cause
  if (cause instanceof ServerRefused) return new PasskeyFailed('refused', { cause, status: cause.status })
  if (cause instanceof RequestTimedOut) return new PasskeyFailed('timed_out', { cause })
  return cause instanceof ReplyMalformed ? new PasskeyFailed('malformed', { cause }) : undefined
}

/** The course goes on after a failure that its event has told. */
const toldAlready = (error: unknown): Observable<never> => (error instanceof PasskeyFailed ? EMPTY : throwError(() => error))
