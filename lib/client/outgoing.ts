import { catchError, concat, defer, EMPTY, filter, finalize, merge, mergeMap, of, switchMap, takeWhile, tap, throwError, type MonoTypeOperatorFunction, type Observable } from 'rxjs'

import { MessageUnacknowledged } from '../errors/send-errors.ts'
import { RxwaError } from '../errors/rxwa-error.ts'
import type { ReceiptEvent } from '../events/receipt-event.ts'
import { Operation } from '../operation/operation.ts'
import { messageId } from '../pipeline/message-id.ts'
import { depart, openLive, type DepartParts } from './depart.ts'
import { withSecret, type Draft, type Prepared } from './encrypt-draft.ts'
import type { SendProgress, SentMessage } from './send-progress.ts'

/** What the send pipe needs of its client. */
export interface SendParts extends DepartParts {
  readonly receipts$: Observable<ReceiptEvent>
  /** Takes a message out of the outbox, so that it is not sent by a later connection. */
  readonly drop: (id: string) => void
}

/**
 * THE send pipe: wait for a connection, find the devices, encrypt for each of them, make the ratchets and
 * the finished stanza durable, write, wait for the server's acknowledgement. A loss on the way, even of the
 * process, resumes with the same bytes under the same id, so the server delivers once. A failure is the
 * last value, never an error. Unsubscribing takes the message back as far as it has not left.
 */
export const sendMessage = (parts: SendParts, draft: Draft): Operation<SendProgress, SentMessage> => {
  const failed = (id: string): MonoTypeOperatorFunction<SendProgress> =>
    catchError((error: unknown) => (error instanceof RxwaError ? of<SendProgress>({ kind: 'failed', id, error }) : throwError(() => error)))
  const progress$ = openLive(parts.live$).pipe(
    switchMap((live) => {
      const id = draft.id ?? messageId(live.session.link().id, parts.settings.scheduler.now())
      const prepared: Prepared = { ...draft, id, message: withSecret(draft.message) }
      return concat(of<SendProgress>({ kind: 'queued', id, chat: draft.chat }), deliver(parts, prepared)).pipe(failed(id))
    }),
    failed(draft.id ?? ''),
  )
  return new Operation(progress$, (last) => {
    if ('sent' in last) return { kind: 'result', result: last.sent }
    if (last.kind === 'failed') return { kind: 'failure', error: last.error }
    return { kind: 'failure', error: new MessageUnacknowledged(last.id, 0) }
  })
}

/** Receipts are watched from before the stanza leaves, because they may overtake its acknowledgement. */
const deliver = (parts: SendParts, draft: Prepared): Observable<SendProgress> =>
  defer(() => {
    let isOver = false
    return merge(watchReceipts(parts, draft), depart(parts, draft)).pipe(
      acceptedFirst(),
      takeWhile(({ kind }) => kind !== 'failed' && kind !== (draft.until ?? 'accepted'), true),
      tap(({ kind }) => {
        if (kind === 'failed') parts.drop(draft.id)
        if (kind === 'failed' || kind === 'accepted') isOver = true
      }),
      finalize(() => {
        // Somebody else may wait for the same message.
        if (!isOver && !parts.underWay.has(draft.id)) parts.drop(draft.id)
      }),
    )
  })

const watchReceipts = ({ receipts$, settings }: SendParts, draft: Prepared): Observable<SendProgress> => {
  const { until = 'accepted', id, chat, message } = draft
  if (until === 'accepted') return EMPTY
  return receipts$.pipe(
    filter(({ messageIds, source }) => messageIds.includes(id) && !source.isFromMe),
    mergeMap((receipt): readonly SendProgress[] => {
      const kind = stepOf(receipt.receiptType)
      const sent = { id, chat, timestamp: new Date(settings.scheduler.now()), message }
      return kind ? [{ kind, id, sent, receipt }] : []
    }),
  )
}

/** A receipt may overtake the server's acknowledgement; it is told after it all the same. */
const acceptedFirst = (): MonoTypeOperatorFunction<SendProgress> => (progress$) =>
  defer(() => {
    let isAccepted = false
    const early: SendProgress[] = []
    return progress$.pipe(
      mergeMap((progress): readonly SendProgress[] => {
        if (progress.kind === 'accepted') {
          isAccepted = true
          return [progress, ...early]
        }
        if (isAccepted || !('receipt' in progress)) return [progress]
        early.push(progress)
        return []
      }),
    )
  })

const stepOf = (receiptType: string): 'delivered' | 'read' | 'played' | undefined => {
  if (receiptType === 'delivered' || receiptType === 'inactive') return 'delivered'
  return receiptType === 'read' || receiptType === 'played' ? receiptType : undefined
}
