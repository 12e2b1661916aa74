import { defer, filter, merge, mergeMap, type MonoTypeOperatorFunction, type Observable } from 'rxjs'

import { RxwaError } from '../errors/rxwa-error.ts'
import { MessageUnacknowledged } from '../errors/send-errors.ts'
import type { ReceiptEvent } from '../events/receipt-event.ts'
import { Operation } from '../operation/operation.ts'
import { messageId } from '../pipeline/message-id.ts'
import { valueOf } from '../reactive/at-once.ts'
import type { Running } from '../reactive/one-run.ts'
import { Receiver } from '../reactive/receiver.ts'
import { depart, type DepartParts } from './depart.ts'
import { withSecret, type Draft, type Prepared } from './encrypt-draft.ts'
import { openLive } from './live-state.ts'
import type { Live } from './live.ts'
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
export const sendMessage = (parts: SendParts, draft: Draft): Operation<SendProgress, SentMessage> =>
  new Operation<SendProgress, SentMessage>(
    (run) => {
      let id = draft.id ?? ''
      const failed = (error: unknown): void => {
        if (!(error instanceof RxwaError)) run.error(error)
        else {
          run.next({ kind: 'failed', id, error })
          run.complete()
        }
      }
      const send = (live: Live): void => {
        try {
          id = draft.id ?? messageId(live.session.link().id, parts.settings.scheduler.now())
          const { chat, stanzaType, until, audience } = draft
          deliver(parts, { chat, stanzaType, id, message: withSecret(draft.message), until, audience }, run, failed)
        } catch (error) {
          failed(error)
        }
      }
      const live$ = openLive(parts)
      const there = valueOf(live$)
      if (there) send(there.value)
      else run.add(live$.subscribe({ next: send, error: failed }))
    },
    (last) => {
      if ('sent' in last) return { kind: 'result', result: last.sent }
      if (last.kind === 'failed') return { kind: 'failure', error: last.error }
      return { kind: 'failure', error: new MessageUnacknowledged(last.id, 0) }
    },
  )

/** Goes on until the goal is reached; who leaves before that takes the message back as far as it has not left. */
const deliver = (parts: SendParts, draft: Prepared, run: Running<SendProgress>, failed: (error: unknown) => void): void => {
  const { id, chat, until: goal = 'accepted' } = draft
  let isOver = false
  run.next({ kind: 'queued', id, chat })
  if (run.closed) return
  run.add(
    (goal === 'accepted' ? depart(parts, draft) : departAndWatch(parts, draft)).subscribe(
      new Receiver(
        (progress) => {
          const { kind } = progress
          if (kind === 'failed') parts.drop(id)
          if (kind === 'failed' || kind === 'accepted') isOver = true
          run.next(progress)
          if (kind === 'failed' || kind === goal) run.complete()
        },
        failed,
        () => run.complete(),
      ),
    ),
  )
  // Somebody else may wait for the same message.
  run.add(() => {
    if (!isOver && !parts.underWay.has(id)) parts.drop(id)
  })
}

/** Receipts are watched from before the stanza leaves, because they may overtake its acknowledgement. */
const departAndWatch = (parts: SendParts, draft: Prepared): Observable<SendProgress> =>
  merge(watchReceipts(parts, draft), defer(() => depart(parts, draft))).pipe(acceptedFirst())

const watchReceipts = ({ receipts$, settings }: SendParts, draft: Prepared): Observable<SendProgress> => {
  const { id, chat, message } = draft
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
