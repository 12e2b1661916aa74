import { catchError, concatMap, defer, EMPTY, filter, from, ignoreElements, merge, of, take, throwError, timeout, type Observable } from 'rxjs'

import type { CollectionName } from '../../app-state/collection.ts'
import { AppStateRejected } from '../../errors/app-state-error.ts'
import { RequestTimedOut, ServerRefused } from '../../errors/request-errors.ts'
import { NoDeviceReachable } from '../../errors/send-errors.ts'
import { Message_ProtocolMessage_Type as ProtocolType } from '../../proto/enums.generated.ts'
import type { Message } from '../../proto/types.generated.ts'
import { sameJid, userOf } from '../../stanza/jid.ts'
import { listDevices } from '../find-devices.ts'
import type { Live } from '../live.ts'
import { sendToOwnDevice } from '../send-to-phone.ts'

/** Time for a device of ours to send a key (protocol document 08, section 2). */
const KEY_LIMIT_MS = 10_000

/**
 * Asks all other devices of ours for keys of the app state and waits until one sent them. Emits once; errors
 * with `missing_key` when they do not come in time.
 */
export const awaitKeys = (live: Live, collection: CollectionName, keyIds: readonly Uint8Array[]): Observable<unknown> =>
  defer(() => {
    const { appStateKeys, scheduler } = live.session
    const areHere = (): boolean => keyIds.every((keyId) => appStateKeys.find(keyId))
    if (areHere()) return of(undefined)
    return merge(appStateKeys.shared$.pipe(filter(areHere)), askForKeys(live, keyIds)).pipe(
      take(1),
      timeout({ first: KEY_LIMIT_MS, scheduler, with: () => throwError(() => new AppStateRejected(collection, 'missing_key')) }),
    )
  })

const askForKeys = (live: Live, keyIds: readonly Uint8Array[]): Observable<never> => {
  const { id } = live.session.link()
  const request: Message = {
    protocolMessage: { type: ProtocolType.APP_STATE_SYNC_KEY_REQUEST, appStateSyncKeyRequest: { keyIds: keyIds.map((keyId) => ({ keyId })) } },
  }
  return listDevices(live, [userOf(id)]).pipe(
    // Without the list there still is the phone.
    catchError((error: unknown) => (isHarmless(error) ? of([[userOf(id)]]) : throwError(() => error))),
    concatMap(([devices = []]) => from(devices.filter((device) => !sameJid(device, id)))),
    concatMap((device) =>
      sendToOwnDevice(live, device, request, 'high').pipe(
        // Another device may have it.
        catchError((error: unknown) => (isHarmless(error) ? EMPTY : throwError(() => error))),
      ),
    ),
    ignoreElements(),
  )
}

const isHarmless = (error: unknown): boolean => error instanceof NoDeviceReachable || error instanceof ServerRefused || error instanceof RequestTimedOut
