import { catchError, defer, map, of, type Observable } from 'rxjs'

import { sha256 } from '#crypto'
import { concat, toHex, utf8 } from '../bytes/bytes.ts'
import { DownloadFailed } from '../errors/download-error.ts'
import { HistoryRejected } from '../errors/history-error.ts'
import { NotConnected, ReplyMalformed, RequestTimedOut, ServerRefused } from '../errors/request-errors.ts'
import type { HistoryFailureReason } from '../events/history-events.ts'
import { Message_HistorySyncType as SyncType } from '../proto/enums.generated.ts'
import type { Message_HistorySyncNotification } from '../proto/types.generated.ts'
import type { Live } from './live.ts'

/** The zlib stream of a piece of history, or why there is none. */
export type HistoryContent = { readonly kind: 'content'; readonly zlib: Uint8Array; readonly name: string } | { readonly kind: 'failed'; readonly failure: HistoryFailure }

/** Why a piece of history is missing. */
export interface HistoryFailure {
  readonly reason: HistoryFailureReason
  readonly error: Error
}

/** Longest encrypted file taken; it is held whole until its MAC is known to be right. */
const MOST_FILE_BYTES = 64 * 1024 * 1024
const KEY_BYTES = 32

/** Kinds that have content (protocol document 09, section 2). */
const WITH_CONTENT: readonly number[] = [
  SyncType.INITIAL_BOOTSTRAP,
  SyncType.INITIAL_STATUS_V3,
  SyncType.FULL,
  SyncType.RECENT,
  SyncType.PUSH_NAME,
  SyncType.NON_BLOCKING_DATA,
  SyncType.ON_DEMAND,
]

/** Whether there is anything to take in. */
export const hasContent = ({ syncType = 0 }: Message_HistorySyncNotification): boolean => WITH_CONTENT.includes(syncType)

/** Fetches the content of a piece, which may be in the notification itself; its file is checked whole. Emits once. */
export const historyContent = ({ media }: Pick<Live, 'media'>, notification: Message_HistorySyncNotification): Observable<HistoryContent> =>
  defer(() => {
    const { initialHistBootstrapInlinePayload: inline, directPath, mediaKey, fileSha256, fileEncSha256, fileLength } = notification
    if (inline) return of(contentOf(notification, inline))
    if (directPath === undefined || mediaKey?.length !== KEY_BYTES) return of(failed('malformed', new HistoryRejected('no_content')))
    return media
      .download({
        kind: 'history',
        directPath,
        mediaKey,
        mostBytes: MOST_FILE_BYTES,
        ...(fileSha256 && { fileSha256 }),
        ...(fileEncSha256 && { fileEncSha256 }),
        ...(fileLength !== undefined && { fileLength: Number(fileLength) }),
      })
      .pipe(
        map((zlib) => contentOf(notification, zlib)),
        catchError((error: unknown) => {
          if (error instanceof DownloadFailed) return of(failed(error.fault, error))
          if (error instanceof RequestTimedOut || error instanceof ServerRefused || error instanceof ReplyMalformed || error instanceof NotConnected) return of(failed('hosts_unreachable', error))
          throw error
        }),
      )
  })

const failed = (reason: HistoryFailureReason, error: Error): HistoryContent => ({ kind: 'failed', failure: { reason, error } })

/** The same content under another request is another answer. */
const contentOf = ({ syncType = 0, peerDataRequestSessionId = '' }: Message_HistorySyncNotification, zlib: Uint8Array): HistoryContent => ({
  kind: 'content',
  zlib,
  name: toHex(sha256(concat(utf8(`${syncType}|${peerDataRequestSessionId}|`), sha256(zlib)))),
})
