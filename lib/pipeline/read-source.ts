import type { AccountLink } from '../account/account.ts'
import type { MessageSource } from '../events/message-event.ts'
import { isBroadcast, isGroup, isNewsletter, sameUser, userOf, type Jid } from '../stanza/jid.ts'
import type { AttributeReader } from '../stanza/read-attributes.ts'

/** Whether an address is one of ours, on any device, under either number. */
export const isOwn = (link: Pick<AccountLink, 'id' | 'lid'>, jid: Jid): boolean => sameUser(jid, link.id) || sameUser(jid, link.lid)

/**
 * Who wrote in which chat, from the attributes of a `<message>` (protocol document 06, section 2).
 * What is missing or wrong ends up in the faults of the reader.
 */
export const readSource = (read: AttributeReader, link: Pick<AccountLink, 'id' | 'lid'>): MessageSource => {
  const from = read.jid('from')
  const mode = read.optionalText('addressing_mode')
  // Spread last: in front, every property added after it costs a microsecond.
  const shared: Pick<MessageSource, 'addressingMode'> = mode === 'lid' ? LID_MODE : mode === 'pn' ? PN_MODE : NO_MODE

  if (isGroup(from) || isBroadcast(from)) {
    const sender = read.jid('participant')
    const senderAlt = read.optionalJid('participant_pn') ?? read.optionalJid('participant_lid')
    const isList = isBroadcast(from) && from.user !== 'status'
    return {
      chat: from,
      sender,
      isFromMe: isOwn(link, sender),
      isGroup: true,
      ...shared,
      ...(senderAlt && { senderAlt }),
      ...(isList && { broadcastListOwner: sender }),
    }
  }
  if (isNewsletter(from))
    return { chat: from, sender: from, isFromMe: read.optionalText('is_sender') === 'true', isGroup: false, ...shared }

  if (isOwn(link, from)) {
    const recipient = read.optionalJid('recipient')
    const recipientAlt = read.optionalJid('peer_recipient_pn') ?? read.optionalJid('peer_recipient_lid')
    return {
      chat: userOf(recipient ?? from),
      sender: from,
      isFromMe: true,
      isGroup: false,
      ...shared,
      senderAlt: sameUser(from, link.id) ? link.lid : link.id,
      ...(recipient && { recipient: userOf(recipient) }),
      ...(recipientAlt && { recipientAlt: userOf(recipientAlt) }),
    }
  }
  const senderAlt = read.optionalJid('sender_pn') ?? read.optionalJid('sender_lid')
  return { chat: userOf(from), sender: from, isFromMe: false, isGroup: false, ...shared, ...(senderAlt && { senderAlt }) }
}

const NO_MODE = {}
const LID_MODE = { addressingMode: 'lid' } as const
const PN_MODE = { addressingMode: 'pn' } as const
