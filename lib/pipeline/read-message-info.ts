import type { AccountLink } from '../account/account.ts'
import type { MessageBotInfo, MessageInfo, MessageMetaInfo } from '../events/message-event.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { isBroadcast, isStatus } from '../stanza/jid.ts'
import { bytesOf, childOf, childrenOf, type Stanza } from '../stanza/stanza.ts'
import { readSource } from './read-source.ts'

/** Everything about a `<message>` but its content, or all that is wrong with it (protocol document 06, section 1). */
export type MessageInfoReading =
  | { readonly kind: 'info'; readonly info: MessageInfo }
  | { readonly kind: 'malformed'; readonly faults: readonly string[] }

/** Reads the attributes and the descriptive children of a `<message>`. */
export const readMessageInfo = (message: Stanza, link: Pick<AccountLink, 'id' | 'lid'>): MessageInfoReading => {
  const read = attributesOf(message)
  const source = readSource(read, link)
  const id = read.text('id')
  if (id === '') read.faults.push('message: id is empty')
  const timestamp = read.instant('t')
  const type = read.optionalText('type')
  const pushName = read.optionalText('notify')
  const category = read.optionalText('category')
  const edit = read.optionalText('edit')
  const serverId = read.optionalInteger('server_id')
  const verifiedLevel = read.optionalText('verified_level')
  const verifiedNameSerial = read.optionalInteger('verified_name')
  const serverTimestamp = read.optionalText('sts')
  const peerRecipientPn = read.optionalJid('peer_recipient_pn')
  if (read.faults.length > 0) return { kind: 'malformed', faults: read.faults }

  const enc = childOf(message, 'enc')
  const mediaType = enc && attributesOf(enc).optionalText('mediatype')
  const botInfo = readBot(childOf(message, 'bot'))
  const info: MessageInfo = {
    source,
    id,
    timestamp,
    multicast: message.attrs['multicast'] !== undefined,
    metaInfo: readMeta(message),
    isOffline: message.attrs['offline'] !== undefined,
    ...(type !== undefined && { type }),
    ...(pushName !== undefined && { pushName }),
    ...(category !== undefined && { category }),
    ...(edit !== undefined && { edit }),
    ...(mediaType !== undefined && { mediaType }),
    ...(botInfo && { botInfo }),
    ...(peerRecipientPn && { peerRecipientPn }),
    ...(verifiedLevel !== undefined && { verifiedLevel }),
    ...(verifiedNameSerial !== undefined && { verifiedNameSerial }),
    ...(serverId !== undefined && serverId >= 99 && serverId <= 2_147_476_647 && { serverId }),
    ...(serverTimestamp !== undefined && /^\d{1,20}$/.test(serverTimestamp) && { serverTimestampUs: BigInt(serverTimestamp) }),
    ...(isStatus(source.chat) && { isStatus: true }),
    ...(isBroadcast(source.chat) && readAudience(message)),
  }
  return { kind: 'info', info }
}

/** Readers named in one stanza; more are not looked at. */
const MOST_READERS = 5_000

/** Readers by name alone, without a copy for them (protocol document 05, section 5.3). */
const readAudience = (message: Stanza): Pick<MessageInfo, 'bclParticipants'> => {
  const readers = childrenOf(message, 'participants')
    .flatMap((participants) => childrenOf(participants, 'to'))
    .slice(0, MOST_READERS)
    .flatMap((to) => (childOf(to, 'enc') ? [] : (attributesOf(to).optionalJid('jid') ?? [])))
  return readers.length > 0 ? { bclParticipants: readers } : {}
}

const readBot = (bot: Stanza | undefined): MessageBotInfo | undefined => {
  if (!bot) return undefined
  const read = attributesOf(bot)
  const editType = read.optionalText('edit')
  const editTargetId = read.optionalText('edit_target_id')
  const sentAtMs = read.optionalInteger('sender_timestamp_ms')
  const sentAt = sentAtMs === undefined ? undefined : new Date(sentAtMs)
  return {
    ...(isEditType(editType) && { editType }),
    ...(editTargetId !== undefined && { editTargetId }),
    ...(sentAt !== undefined && !Number.isNaN(sentAt.getTime()) && { editSenderTimestamp: sentAt }),
  }
}

const isEditType = (text: string | undefined): text is NonNullable<MessageBotInfo['editType']> =>
  text === 'first' || text === 'inner' || text === 'last' || text === 'full'

const NO_META: MessageMetaInfo = {}

const readMeta = (message: Stanza): MessageMetaInfo => {
  const metas = childrenOf(message, 'meta')
  const reporting = childOf(message, 'reporting')
  if (metas.length === 0 && !reporting) return NO_META
  let meta: MessageMetaInfo = reporting ? readReporting(reporting) : NO_META
  // Several `meta` are tolerated, one carrying everything is usual (protocol document 05, section 4.5).
  for (const child of metas) meta = { ...meta, ...readOneMeta(child) }
  return meta
}

const readOneMeta = (child: Stanza): MessageMetaInfo => {
  const read = attributesOf(child)
  const targetId = read.optionalText('target_id')
  const targetSender = read.optionalJid('target_sender_jid')
  const targetChat = read.optionalJid('target_chat_jid')
  const threadMessageId = read.optionalText('thread_msg_id')
  const threadMessageSender = read.optionalJid('thread_msg_sender_jid')
  const pollType = read.optionalText('polltype')
  const eventType = read.optionalText('event_type')
  const contentType = read.optionalText('content_type')
  const appdata = read.optionalText('appdata')
  const origin = read.optionalText('origin')
  return {
    ...(targetId !== undefined && { targetId }),
    ...(targetSender && { targetSender }),
    ...(targetChat && { targetChat }),
    ...(threadMessageId !== undefined && { threadMessageId }),
    ...(threadMessageSender && { threadMessageSender }),
    ...(pollType !== undefined && { pollType }),
    ...(eventType !== undefined && { eventType }),
    ...(contentType !== undefined && { contentType }),
    ...(appdata !== undefined && { appdata }),
    ...(origin !== undefined && { origin }),
  }
}

const readReporting = (reporting: Stanza): MessageMetaInfo => {
  const token = childOf(reporting, 'reporting_token')
  const reportingTag = bytesOf(childOf(reporting, 'reporting_tag'))
  const reportingToken = bytesOf(token)
  const reportingTokenVersion = token && attributesOf(token).optionalInteger('v')
  return {
    ...(reportingTag && { reportingTag }),
    ...(reportingToken && { reportingToken }),
    ...(reportingTokenVersion !== undefined && { reportingTokenVersion }),
  }
}
