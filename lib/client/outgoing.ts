import {
  catchError,
  concat,
  concatMap,
  defer,
  EMPTY,
  filter,
  map,
  merge,
  mergeMap,
  of,
  retry,
  switchMap,
  take,
  takeWhile,
  throwError,
  timeout,
  timer,
  type MonoTypeOperatorFunction,
  type Observable,
} from 'rxjs'

import { randomBytes } from '#crypto'
import { ConnectionLost } from '../errors/connection-errors.ts'
import { MessageRefused, MessageUnacknowledged } from '../errors/send-errors.ts'
import { RxwaError } from '../errors/rxwa-error.ts'
import type { ReceiptEvent } from '../events/receipt-event.ts'
import type { WaEvent } from '../events/wa-event.ts'
import { Operation } from '../operation/operation.ts'
import { messageId } from '../pipeline/message-id.ts'
import type { Message } from '../proto/types.generated.ts'
import { sameUser, userOf, type Jid } from '../stanza/jid.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { stanza, type Stanza } from '../stanza/stanza.ts'
import { encryptForDevices, requireSome, type Copy, type Encrypted, type EncryptedCopy } from './encrypt-for-devices.ts'
import { findDevices } from './find-devices.ts'
import type { LiveState } from './live-state.ts'
import type { Live } from './live.ts'
import type { Settings } from './options.ts'
import type { SendGoal, SendProgress, SentMessage } from './send-progress.ts'

/** What the send pipe needs of its client. */
export interface SendParts {
  /** The connection in use, as it changes; sends wait while there is none and fail when it ended for good. */
  readonly live$: Observable<LiveState>
  readonly receipts$: Observable<ReceiptEvent>
  readonly emit: (event: WaEvent) => void
  readonly settings: Settings
}

/** What is sent, to whom. */
export interface Draft {
  readonly chat: Jid
  readonly message: Message
  /** `text`, `media`, `reaction` … (protocol document 05, section 4.1). */
  readonly stanzaType: string
  readonly id?: string
  readonly until?: SendGoal
}

/** How often a message is written before it counts as lost; always the same bytes under the same id. */
const ATTEMPTS = 3

/** Pause before the second attempt; the third waits twice as long. */
const ATTEMPT_PAUSE_MS = 750

/**
 * THE send pipe: wait for a connection, find the devices, encrypt for each of them, make the ratchets
 * durable, write, wait for the server's acknowledgement. A loss on the way resumes with the same bytes
 * under the same id, so the server delivers once. A failure is the last value, never an error.
 */
export const sendMessage = (parts: SendParts, draft: Draft): Operation<SendProgress, SentMessage> => {
  const progress$ = defer(() => {
    const queuedId = draft.id ?? ''
    return openLive(parts).pipe(
      take(1),
      switchMap((live) => {
        const id = draft.id ?? messageId(live.session.link().id, parts.settings.scheduler.now())
        const prepared = { ...draft, id, message: withSecret(draft.message) }
        return concat(of<SendProgress>({ kind: 'queued', id, chat: draft.chat }), deliver(parts, prepared)).pipe(
          catchError((error: unknown) =>
            error instanceof RxwaError ? of<SendProgress>({ kind: 'failed', id, error }) : throwError(() => error),
          ),
        )
      }),
      catchError((error: unknown) =>
        error instanceof RxwaError ? of<SendProgress>({ kind: 'failed', id: queuedId, error }) : throwError(() => error),
      ),
    )
  })
  return new Operation(progress$, (last) => {
    if ('sent' in last) return { kind: 'result', result: last.sent }
    if (last.kind === 'failed') return { kind: 'failure', error: last.error }
    return { kind: 'failure', error: new MessageUnacknowledged(last.id, 0) }
  })
}

type Prepared = Draft & { readonly id: string }

/** Later edits, votes and reactions are bound to this secret (protocol document 05, section 5.1). */
const withSecret = (message: Message): Message =>
  message.messageContextInfo?.messageSecret
    ? message
    : { ...message, messageContextInfo: { ...message.messageContextInfo, messageSecret: randomBytes(32) } }

const openLive = ({ live$ }: Pick<SendParts, 'live$'>): Observable<Live> =>
  live$.pipe(
    mergeMap((state) => {
      if (state.kind === 'ended') return throwError(() => state.error)
      return state.kind === 'open' ? of(state.live) : EMPTY
    }),
  )

/** Errors of a connection that comes back; the step is taken again on the next one. */
const onNextConnection = <T>(parts: SendParts, step: (live: Live) => Observable<T>): Observable<T> =>
  defer(() => openLive(parts).pipe(take(1), switchMap(step))).pipe(
    retry({ delay: (error: unknown) => (error instanceof ConnectionLost ? of(true) : throwError(() => error)) }),
  )

const deliver = (parts: SendParts, draft: Prepared): Observable<SendProgress> =>
  onNextConnection(parts, (live) => encryptDraft(live, draft)).pipe(
    concatMap(({ encrypted, outgoing }) =>
      concat(
        of<SendProgress>({ kind: 'encrypted', id: draft.id, devices: encrypted.copies.length, skipped: encrypted.skipped }),
        defer(() => {
          parts.emit({ type: 'message_sent', to: draft.chat, id: draft.id, message: draft.message })
          return merge(watchReceipts(parts, draft), transmit(parts, draft, outgoing))
        }).pipe(
          acceptedFirst(),
          takeWhile((progress) => progress.kind !== (draft.until ?? 'accepted'), true),
        ),
      ),
    ),
  )

/** Receipts are watched from before the stanza leaves, because they may overtake its acknowledgement. */
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

/** Writes the finished stanza and waits for its acknowledgement, several times and over reconnects. */
const transmit = (parts: SendParts, draft: Prepared, outgoing: Stanza): Observable<SendProgress> => {
  const { id, chat, message } = draft
  const { sendLimitMs, scheduler } = parts.settings
  const attempt$ = onNextConnection(parts, (live) =>
    merge(
      live.awaitAck(id).pipe(
        timeout({ first: sendLimitMs, scheduler, with: () => throwError(() => new MessageUnacknowledged(id, ATTEMPTS)) }),
        // A hash in the acknowledgement says that devices were missed: the next message asks for the lists again.
        concatMap((ack) => (ack.attrs['phash'] === undefined ? of(ack) : forgetBoth(live, chat).pipe(map(() => ack)))),
        map((ack) => readAck(ack, { id, chat, message }, scheduler.now())),
      ),
      concat(live.write(outgoing), of<SendProgress>({ kind: 'sent', id })),
    ),
  )
  return attempt$.pipe(
    retry({
      count: ATTEMPTS - 1,
      delay: (error: unknown, count) =>
        error instanceof MessageUnacknowledged ? timer(ATTEMPT_PAUSE_MS * count, scheduler) : throwError(() => error),
    }),
  )
}

const forgetBoth = ({ session }: Live, chat: Jid): Observable<void> =>
  session.forgetDevices(chat).pipe(concatMap(() => session.forgetDevices(userOf(session.link().id))))

const readAck = (ack: Stanza, { id, chat, message }: Omit<SentMessage, 'timestamp'>, nowMs: number): SendProgress => {
  const read = attributesOf(ack)
  const error = read.optionalText('error')
  if (error !== undefined) throw new MessageRefused(id, error)
  return { kind: 'accepted', id, sent: { id, chat, timestamp: read.optionalInstant('t') ?? new Date(nowMs), message } }
}

interface EncryptedDraft {
  readonly encrypted: Encrypted
  readonly outgoing: Stanza
}

const encryptDraft = (live: Live, draft: Prepared): Observable<EncryptedDraft> =>
  findDevices(live, draft.chat).pipe(
    concatMap(({ to, peerPn, devices, ownDevices }) => {
      const { messageCodec } = live.session
      const payload = messageCodec.encode(draft.message)
      const { messageContextInfo, ...content } = draft.message
      const ownPayload = messageCodec.encode({
        ...(messageContextInfo && { messageContextInfo }),
        deviceSentMessage: { destinationJid: to.toString(), message: content },
      })
      const copies: readonly Copy[] = [
        ...devices.map((device) => ({ device, payload })),
        ...ownDevices.map((device) => ({ device, payload: ownPayload })),
      ]
      return encryptForDevices(live, copies).pipe(
        concatMap((encrypted) => {
          // Own devices may fail; the recipient's must not all do.
          const reached = encrypted.copies.filter(({ device }) => sameUser(device, to))
          return requireSome({ ...encrypted, copies: devices.length === 0 ? encrypted.copies : reached }, devices.length).pipe(
            map(() => ({ encrypted, outgoing: messageStanza(live, draft, to, peerPn, encrypted.copies) })),
          )
        }),
      )
    }),
  )

const messageStanza = (
  live: Live,
  { id, stanzaType }: Prepared,
  to: Jid,
  peerPn: Jid | undefined,
  copies: readonly EncryptedCopy[],
): Stanza => {
  const { signedIdentity } = live.session.link()
  const isFirst = copies.some(({ type }) => type === 'pkmsg')
  return stanza('message', { to, id, type: stanzaType, peer_recipient_pn: peerPn }, [
    stanza(
      'participants',
      {},
      copies.map(({ device, type, ciphertext }) => stanza('to', { jid: device }, [stanza('enc', { v: '2', type }, ciphertext)])),
    ),
    isFirst ? stanza('device-identity', {}, signedIdentity) : undefined,
  ])
}
