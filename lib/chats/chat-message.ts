import { sha256 } from '#crypto'
import { toHex, utf8 } from '../bytes/bytes.ts'
import { contentOf } from '../events/operators/content-of.ts'
import { WebMessageInfo_Status as Status, WebMessageInfo_StubType as StubType } from '../proto/enums.generated.ts'
import type { Message, MessageKey, WebMessageInfo_StubType } from '../proto/types.generated.ts'
import { parseJid, type Jid } from '../stanza/jid.ts'
import { jidIn } from './book.ts'
import { pollIn } from './message-content.ts'
import type { ReceiptRecord } from './records.ts'
import type { PlacedMessage } from './shelf.ts'

/** One message of a chat, with what was done to it since. */
export interface ChatMessage {
  readonly id: string
  readonly fromMe: boolean
  /** Who wrote it, in chats of many; absent for messages of ours. */
  readonly sender?: Jid
  /** As the sender called themselves. */
  readonly pushName?: string
  readonly at: Date
  /** Its content as it is now; absent when it cannot be read, was taken back, or is a note such as of a change of the group. */
  readonly message?: Message
  /** `notice`: see `noticeType`. */
  readonly kind: 'message' | 'unreadable' | 'revoked' | 'notice'
  /** `WebMessageInfo_StubType` of a notice in the phone's history. */
  readonly noticeType?: WebMessageInfo_StubType
  readonly editedAt?: Date
  readonly isStarred: boolean
  /** Ids of labels. */
  readonly labels: readonly string[]
  /** How far a message of ours has come; in groups, with at least one person. Absent for messages of others. */
  readonly status?: 'failed' | 'pending' | 'sent' | 'delivered' | 'read' | 'played'
  /** One for each person; of messages of ours. */
  readonly receipts: readonly MessageReceipt[]
  readonly reactions: readonly MessageReaction[]
  /** Of a poll: how it stands. */
  readonly poll?: readonly PollOption[]
  /** Where it lies: for the next page, see {@link PageOptions}. */
  readonly place: string
}

/** What one person did with a message of ours. */
export interface MessageReceipt {
  readonly person: Jid
  readonly deliveredAt?: Date
  readonly readAt?: Date
  readonly playedAt?: Date
}

/** A reaction to a message. */
export interface MessageReaction {
  readonly text: string
  readonly fromMe: boolean
  /** Who reacted, in chats of many; absent for us. */
  readonly sender?: Jid
  readonly at: Date
}

/** One option of a poll. */
export interface PollOption {
  readonly name: string
  /** Who chose it, in chats of many; us as `me`, the other one of a direct chat as `them`. */
  readonly voters: ReadonlyArray<Jid | 'me' | 'them'>
}

const STATUS: ReadonlyMap<number, NonNullable<ChatMessage['status']>> = new Map([
  [Status.ERROR, 'failed'],
  [Status.PENDING, 'pending'],
  [Status.SERVER_ACK, 'sent'],
  [Status.DELIVERY_ACK, 'delivered'],
  [Status.READ, 'read'],
  [Status.PLAYED, 'played'],
])

/** A message as a user sees it. */
export const chatMessageOf = (placed: PlacedMessage, receipts: readonly ReceiptRecord[]): ChatMessage => {
  const { place, info, editedAtMs } = placed
  const { key = {}, message, messageTimestamp, messageStubType, pushName, starred, status, labels = [], reactions = [] } = info
  const fromMe = key.fromMe === true
  const sender = fromMe ? undefined : personIn(key, info.participant)
  const kind = kindOfStored(message, messageStubType)
  const poll = message && pollOf(placed)
  const reached = fromMe ? STATUS.get(status ?? Status.PENDING) : undefined
  return {
    id: key.id ?? '',
    fromMe,
    at: new Date(Number(messageTimestamp ?? 0) * 1000),
    kind,
    isStarred: starred === true,
    labels,
    receipts: receipts.flatMap(receiptOf),
    reactions: reactions.map(({ key: by = {}, text = '', senderTimestampMs }) => {
      const reactor = by.fromMe === true ? undefined : personIn(by)
      return { text, fromMe: by.fromMe === true, at: new Date(Number(senderTimestampMs ?? 0)), ...(reactor && { sender: reactor }) }
    }),
    place,
    ...(sender && { sender }),
    ...(pushName !== undefined && { pushName }),
    ...(message && { message }),
    ...(kind === 'notice' && messageStubType !== undefined && { noticeType: messageStubType }),
    ...(editedAtMs > 0 && { editedAt: new Date(editedAtMs) }),
    ...(reached !== undefined && { status: reached }),
    ...(poll && { poll }),
  }
}

const kindOfStored = (message: Message | undefined, stub: WebMessageInfo_StubType | undefined): ChatMessage['kind'] => {
  if (stub === StubType.REVOKE) return 'revoked'
  if (message) return 'message'
  return stub === undefined || stub === StubType.CIPHERTEXT ? 'unreadable' : 'notice'
}

const personIn = ({ participant }: MessageKey, other?: string): Jid | undefined => jidIn(participant ?? other)

const receiptOf = ({ person, deliveredAtMs, readAtMs, playedAtMs }: ReceiptRecord): readonly MessageReceipt[] => {
  const jid = parseJid(person)
  if (!jid) return []
  return [
    {
      person: jid,
      ...(deliveredAtMs !== undefined && { deliveredAt: new Date(deliveredAtMs) }),
      ...(readAtMs !== undefined && { readAt: new Date(readAtMs) }),
      ...(playedAtMs !== undefined && { playedAt: new Date(playedAtMs) }),
    },
  ]
}

/** Votes name options by the hash of their name (protocol document 06, section 11). */
const pollOf = ({ info: { message = {}, pollUpdates = [] } }: PlacedMessage): readonly PollOption[] | undefined =>
  pollIn(contentOf(message))?.options?.map(({ optionName = '' }) => {
    const hash = toHex(sha256(utf8(optionName)))
    const voters = pollUpdates.flatMap(({ vote, pollUpdateMessageKey: by = {} }) => {
      if (!vote?.selectedOptions?.some((option) => toHex(option) === hash)) return []
      return [by.fromMe === true ? ('me' as const) : (personIn(by) ?? ('them' as const))]
    })
    return { name: optionName, voters }
  })
