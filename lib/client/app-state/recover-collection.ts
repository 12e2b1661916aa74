import { catchError, concat, concatMap, defer, ignoreElements, mergeMap, of, take, throwError, timeout, type Observable } from 'rxjs'

import type { CollectionName } from '../../app-state/collection.ts'
import { decodeRecovery, keyIdsOfRecovery, readRecovery } from '../../app-state/read-recovery.ts'
import { AppStateRejected } from '../../errors/app-state-error.ts'
import { RequestTimedOut, ServerRefused } from '../../errors/request-errors.ts'
import { NoDeviceReachable } from '../../errors/send-errors.ts'
import type { RecoveryAnswer } from '../../pipeline/app-state-recoveries.ts'
import { Message_PeerDataOperationRequestType as Request, Message_ProtocolMessage_Type as ProtocolType } from '../../proto/enums.generated.ts'
import type { Message } from '../../proto/types.generated.ts'
import type { Live } from '../live.ts'
import { sendToPhone } from '../send-to-phone.ts'
import type { SyncParts } from './sync-collections.ts'
import { withKeys, type Taken } from './take-collection.ts'

/** Time for our phone to answer; the documents give none. */
const ANSWER_LIMIT_MS = 60_000

/**
 * Asks our phone for a collection the server's copy of which cannot be used (protocol document 08, section 11.3);
 * emits what it has, undefined when it does not answer or cannot be reached. The last resort, which logs every
 * companion out, is never taken.
 */
export const askForRecovery = (live: Live, collection: CollectionName): Observable<RecoveryAnswer | undefined> =>
  defer(() => {
    const { session } = live
    const request: Message = {
      protocolMessage: {
        type: ProtocolType.PEER_DATA_OPERATION_REQUEST_MESSAGE,
        peerDataOperationRequestMessage: {
          peerDataOperationRequestType: Request.COMPANION_SYNCD_SNAPSHOT_FATAL_RECOVERY,
          syncdCollectionFatalRecoveryRequest: { collectionName: collection, timestamp: Math.floor(session.nowMs() / 1000) },
        },
      },
    }
    return sendToPhone(live, request, 'high').pipe(
      // The request goes on being written while its answer is waited for.
      mergeMap((id) => session.recoveries.answersTo(id)),
      take(1),
      timeout({ first: ANSWER_LIMIT_MS, scheduler: session.scheduler, with: () => of(undefined) }),
      catchError((error: unknown) => (isHarmless(error) ? of(undefined) : throwError(() => error))),
    )
  })

/** The phone cannot be asked now. */
const isHarmless = (error: unknown): boolean => error instanceof NoDeviceReachable || error instanceof ServerRefused || error instanceof RequestTimedOut

/** Makes what the phone gave the collection; emits whether it did, which an older version than ours does not. Nobody else may work on it. */
export const takeRecovery = (parts: SyncParts, collection: CollectionName, answer: RecoveryAnswer): Observable<boolean> =>
  defer(() => takeIn(parts, collection, answer)).pipe(
    catchError((error: unknown) => {
      if (!(error instanceof AppStateRejected)) return throwError(() => error)
      parts.warn(collection, error.fault)
      return of(false)
    }),
  )

const takeIn = (parts: SyncParts, collection: CollectionName, { collectionSnapshot, isCompressed }: RecoveryAnswer): Observable<boolean> => {
  if (!collectionSnapshot) return of(false)
  const recovery = decodeRecovery(collection, collectionSnapshot, isCompressed === true)
  return withKeys(parts, collection, keyIdsOfRecovery(recovery)).pipe(
    concatMap(() => parts.shelf.state(collection)),
    concatMap((before): Observable<boolean> => {
      const { state, valueMacs, mutations } = readRecovery(collection, recovery, parts.keys.find)
      if (before.version >= state.version) return of(false)
      const taken: Taken = { collection, source: 'snapshot', mutations }
      return concat(
        parts.commit([...parts.shelf.replace(collection, state, valueMacs), ...parts.writesOf(taken)]).pipe(ignoreElements()),
        defer(() => parts.tell(taken, true)).pipe(ignoreElements()),
        defer(() => {
          parts.tellComplete(collection, state.version, true)
          return of(true)
        }),
      )
    }),
  )
}
