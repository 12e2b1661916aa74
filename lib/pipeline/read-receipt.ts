import type { AccountLink } from '../account/account.ts'
import type { MessageSource } from '../events/message-event.ts'
import type { ReceiptEvent } from '../events/receipt-event.ts'
import { isGroup, isBroadcast, userOf, type Jid } from '../stanza/jid.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { childOf, childrenOf, type Stanza } from '../stanza/stanza.ts'
import { isOwn } from './read-source.ts'

/** What a `<receipt>` says (protocol document 06, section 10.2). */
export type ReceiptReading =
  | { readonly kind: 'receipts'; readonly events: readonly ReceiptEvent[] }
  /** Somebody asks for a message again, or it concerns a call: no event. */
  | { readonly kind: 'retry_request' | 'internal' }
  | { readonly kind: 'malformed'; readonly faults: readonly string[] }

/** Reads a receipt: one event per person it speaks of. */
export const readReceipt = (receipt: Stanza, link: Pick<AccountLink, 'id' | 'lid'>): ReceiptReading => {
  const read = attributesOf(receipt)
  const id = read.text('id')
  const from = read.jid('from')
  const stanzaType = read.optionalText('type')
  const timestamp = read.instant('t')
  const participant = read.optionalJid('participant')
  const recipient = read.optionalJid('recipient')
  if (read.faults.length > 0) return { kind: 'malformed', faults: read.faults }
  if (stanzaType === 'retry') return { kind: 'retry_request' }
  if (childOf(receipt, 'offer') ?? childOf(receipt, 'accept') ?? childOf(receipt, 'reject')) return { kind: 'internal' }

  const isGroupLike = isGroup(from) || isBroadcast(from)
  const offline = receipt.attrs['offline'] !== undefined
  const eventOf = (sender: Jid, messageIds: readonly string[], type: string | undefined, at: Date): ReceiptEvent => {
    const isFromMe = isOwn(link, sender)
    const source: MessageSource = {
      // Our other device tells which chat it read; without that the receipt stays as it came.
      chat: isGroupLike ? from : userOf(isFromMe && recipient ? recipient : from),
      sender,
      isFromMe,
      isGroup: isGroupLike,
      ...(recipient && { recipient }),
    }
    return { type: 'receipt', source, messageIds, timestamp: at, receiptType: receiptTypeOf(type, isFromMe), offline }
  }

  const users = childrenOf(receipt, 'participants')
  if (users.length > 0) {
    return {
      kind: 'receipts',
      events: users.flatMap((aggregate) => {
        const readAggregate = attributesOf(aggregate)
        const messageId = readAggregate.optionalText('message_id') ?? readAggregate.optionalText('key') ?? id
        return childrenOf(aggregate, 'user').flatMap((user) => {
          const readUser = attributesOf(user)
          const sender = readUser.jid('jid')
          if (readUser.faults.length > 0) return []
          const at = readUser.optionalInstant('t') ?? timestamp
          return [eventOf(sender, [messageId], readUser.optionalText('type') ?? stanzaType, at)]
        })
      }),
    }
  }
  const isRefused = childOf(receipt, 'error') !== undefined && stanzaType === undefined
  return {
    kind: 'receipts',
    events: [eventOf(participant ?? from, idsOf(receipt, id, stanzaType), isRefused ? 'sent' : stanzaType, timestamp)],
  }
}

/** Ids of the list first, the one of the stanza last; counters of a channel use the server's ids alone. */
const idsOf = (receipt: Stanza, id: string, type: string | undefined): readonly string[] => {
  const list = childOf(receipt, 'list')
  const attribute = type === 'view' ? 'server_id' : 'id'
  const items = list ? childrenOf(list, 'item').flatMap((item) => attributesOf(item).optionalText(attribute) ?? []) : []
  return type === 'view' ? items : [...items, id]
}

const receiptTypeOf = (type: string | undefined, isFromMe: boolean): string => {
  if (type === undefined) return 'delivered'
  return isFromMe && (type === 'read' || type === 'played') ? `${type}-self` : type
}
