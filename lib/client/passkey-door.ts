import { defer, throwError, type BehaviorSubject, type Observable } from 'rxjs'

import { PasskeyFailed } from '../errors/passkey-error.ts'
import { requestOperation, voidOperation, type Operation } from '../operation/operation.ts'
import { checkedPasskeyAnswer, type PasskeyAnswer } from '../pairing/passkey-json.ts'
import type { LiveState } from './live-state.ts'
import type { PasskeyPairing } from './pair-by-passkey.ts'
import type { PasskeyConfirmation } from './passkey-stages.ts'

/** Linking an account that wants a passkey; what happens is told by `pairPasskey…$`. */
export interface PasskeyDoor {
  /**
   * Answers `pairPasskeyRequest$`; the result is the code to compare with the phone. Cancelling it while
   * the phone has not answered gives the attempt up. Errors with `PasskeyFailed`; throws `OptionInvalid`
   * at once for an answer that cannot be one.
   *
   * @example
   * client.pairPasskeyRequest$
   *   .pipe(concatMap(async ({ requestOptionsJson }) => client.passkey.respond(await sign(requestOptionsJson))))
   *   .subscribe(({ code }) => showCode(code))
   */
  readonly respond: (answer: PasskeyAnswer) => Operation<PasskeyConfirmation, PasskeyConfirmation>
  /** The user compared the code: hands the phone what it needs. `pairSuccess$` tells when it linked this device. */
  readonly confirm: () => Operation<void, void>
  /** Gives the attempt up, for example because the codes differ. */
  readonly cancel: () => Operation<void, void>
}

/** The door to the passkey link of whichever connection is pairing. */
export const createPasskeyDoor = (live$: BehaviorSubject<LiveState>): PasskeyDoor => {
  const onPairing = <T>(use: (passkey: PasskeyPairing) => Observable<T>): Observable<T> =>
    defer(() => (live$.value.kind === 'pairing' ? use(live$.value.passkey) : throwError(() => new PasskeyFailed('no_request'))))
  return {
    respond: (answer) => {
      const checked = checkedPasskeyAnswer(answer)
      return requestOperation(onPairing((passkey) => passkey.respond(checked)))
    },
    confirm: () => voidOperation(onPairing((passkey) => passkey.confirm())),
    cancel: () => voidOperation(onPairing((passkey) => passkey.cancel())),
  }
}
