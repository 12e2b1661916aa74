import { defer, filter, finalize, mergeMap, take, throwError, timeout, type Observable, type ObservableInput } from 'rxjs'

import { PhoneSilent } from '../errors/history-error.ts'
import { OptionInvalid, requireObject } from '../errors/option-invalid.ts'
import type { LazyHistorySync } from '../events/history-events.ts'
import type { HistoryProgress } from '../history/watch-history.ts'
import { requestOperation, type Operation } from '../operation/operation.ts'
import { Message_PeerDataOperationRequestType as Request, Message_ProtocolMessage_Type as ProtocolType } from '../proto/enums.generated.ts'
import type { Message } from '../proto/types.generated.ts'
import { isGroup, toJid, type Jid } from '../stanza/jid.ts'
import type { HistoryKeeper } from './history-keeper.ts'
import type { Live } from './live.ts'
import { sendToPhone } from './send-to-phone.ts'

/** The message before which history is wanted. */
export interface HistoryAnchor {
  readonly id: string
  readonly fromMe: boolean
  readonly timestamp: Date
}

/** What is asked of the phone. */
export interface HistoryWish {
  readonly before: HistoryAnchor
  /** 1 to 500 messages; default 50. */
  readonly count?: number
  /** How long the phone may take; default 60 s. */
  readonly timeoutMs?: number
}

/** What the phone has of the past. */
export interface HistoryDoor {
  /** How far each kind of history is; what is known now first. */
  readonly progress$: Observable<readonly HistoryProgress[]>
  /**
   * Works through every piece of history before our phone is told that it arrived, one after the other; emits
   * those that are done. Pieces whose work did not complete, because it failed, was unsubscribed from or the
   * process ended, come again with the next connection. An error of the work ends the stream.
   *
   * @example
   * client.history.take((history) => history.stream().pipe(concatMap((part) => archive.insert('part', part)))).subscribe()
   */
  readonly take: (project: (history: LazyHistorySync) => ObservableInput<unknown>) => Observable<LazyHistorySync>
  /**
   * Asks our own phone for older messages of a chat. Errors with `PhoneSilent` when it does not answer in time,
   * with `NoDeviceReachable` when it has no keys to encrypt for.
   *
   * @example
   * const history = await client.history.request(chat, { before: { id: oldest.id, fromMe: false, timestamp: oldest.timestamp } })
   * history.stream().subscribe((part) => { if (part.kind === 'conversation') show(part.conversation) })
   */
  readonly request: (chat: Jid | string, wish: HistoryWish) => Operation<LazyHistorySync, LazyHistorySync>
}

const STANDARD_COUNT = 50
const MOST_COUNT = 500
const STANDARD_LIMIT_MS = 60_000

/** The request itself (protocol document 09, section 6); the time is in milliseconds, as two of three clients have it. */
export const historyRequest = (chat: Jid, { before, count = STANDARD_COUNT }: HistoryWish, accountLid?: Jid): Message => ({
  protocolMessage: {
    type: ProtocolType.PEER_DATA_OPERATION_REQUEST_MESSAGE,
    peerDataOperationRequestMessage: {
      peerDataOperationRequestType: Request.HISTORY_SYNC_ON_DEMAND,
      historySyncOnDemandRequest: {
        chatJid: chat.toString(),
        oldestMsgId: before.id,
        oldestMsgFromMe: before.fromMe,
        onDemandMsgCount: Math.min(MOST_COUNT, Math.max(1, Math.floor(count))),
        oldestMsgTimestampMs: before.timestamp.getTime(),
        ...(accountLid && { accountLid: accountLid.toString() }),
        supportInlineResponse: true,
      },
    },
  },
})

/** What a door needs. */
export interface HistoryDoorParts {
  readonly keeper: HistoryKeeper
  readonly onLive: <T>(what: string, use: (live: Live) => Observable<T>) => Observable<T>
}

/** The door of a client. */
export const createHistoryDoor = ({ keeper, onLive }: HistoryDoorParts): HistoryDoor => ({
  progress$: keeper.progress$,
  take: keeper.take,
  request: (chat, wish) => {
    const place = toJid(chat)
    checkWish(wish)
    return requestOperation(onLive('history.request', (live) => ask(keeper, live, place, wish)))
  },
})

const checkWish = (wish: HistoryWish): void => {
  requireObject('wish', wish, 'an object that says before which message')
  requireObject('wish.before', wish.before, 'an object with id, fromMe and timestamp')
  const { id, timestamp } = wish.before
  if (typeof id !== 'string' || !(timestamp instanceof Date)) throw new OptionInvalid('wish.before', 'the id of a message and its time', `${typeof id} and ${typeof timestamp}`)
}

const ask = (keeper: HistoryKeeper, live: Live, chat: Jid, wish: HistoryWish): Observable<LazyHistorySync> =>
  defer(() => {
    const { session } = live
    const limitMs = wish.timeoutMs ?? STANDARD_LIMIT_MS
    let stop = (): void => undefined
    return sendToPhone(live, historyRequest(chat, wish, isGroup(chat) ? undefined : session.directory.lidOf(chat)), 'high').pipe(
      // The request goes on being written while its answer is waited for.
      mergeMap((id) => {
        stop = keeper.await(id)
        return keeper.answers$.pipe(filter(({ peerDataRequestSessionId }) => peerDataRequestSessionId === id))
      }),
      take(1),
      timeout({ first: limitMs, scheduler: session.scheduler, with: () => throwError(() => new PhoneSilent(limitMs)) }),
      finalize(() => stop()),
    )
  })
