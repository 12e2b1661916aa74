import { concat, concatMap, defer, EMPTY, type Observable } from 'rxjs'

import type { MessageAddonEvent } from '../events/message-addon-event.ts'
import type { MessageEvent, MessageInfo, MessageSentEvent, UndecryptableMessageEvent } from '../events/message-event.ts'
import { contentOf } from '../events/operators/content-of.ts'
import { Message_ProtocolMessage_Type as ProtocolType, WebMessageInfo_Status as Status, WebMessageInfo_StubType as StubType } from '../proto/enums.generated.ts'
import type { MessageKey, WebMessageInfo, WebMessageInfo_Status } from '../proto/types.generated.ts'
import { isBroadcast, isGroup, userOf } from '../stanza/jid.ts'
import { edit, react, revoke, vote, type Deed } from './change-message.ts'
import { keepMessage } from './keep-message.ts'
import { kindOf, protocolIn } from './message-content.ts'
import { actorOf, learn, type ViewState } from './view-state.ts'

/** Revoked by an admin of the group (`edit` of a message). */
const BY_ADMIN = '8'

/** Opens what a message has encrypted for an earlier one. */
export type OpenAddon = (event: MessageEvent) => Observable<MessageAddonEvent | undefined>

/** A message that arrived: shown in its chat, or done to the message it speaks of. */
export const projectMessage = (state: ViewState, event: MessageEvent, openAddon: OpenAddon, status: WebMessageInfo_Status = Status.SERVER_ACK): Observable<never> => {
  const { info, message } = event
  // What our devices tell each other is nobody's message.
  if (info.category === 'peer') return EMPTY
  return concat(
    learnFrom(state, info),
    defer(() => {
      const { source, pushName, verifiedName } = info
      if (!source.isFromMe && !source.isGroup && verifiedName?.name !== undefined) state.book.changePerson(source.sender, { businessName: verifiedName.name })
      if (!source.isFromMe && pushName !== undefined) state.book.changePerson(source.sender, { pushName })
      return kindOf(message) === undefined ? projectDeed(state, event, openAddon) : show(state, info, { message }, status)
    }),
  )
}

const learnFrom = (state: ViewState, { source }: MessageInfo): Observable<never> => {
  const { chat, sender, senderAlt, recipientAlt, isFromMe, isGroup } = source
  return concat(learn(state, userOf(sender), senderAlt && userOf(senderAlt)), isFromMe && !isGroup ? learn(state, chat, recipientAlt) : EMPTY)
}

const show = (state: ViewState, info: MessageInfo, content: Pick<WebMessageInfo, 'message' | 'messageStubType'>, status: WebMessageInfo_Status): Observable<never> => {
  const { source, pushName, ephemeralExpiration, serverId } = info
  const { number, isArchived } = state.book.openChat(source.chat)
  if (isArchived && !source.isFromMe && state.book.unarchives()) state.book.changeChat(number, { isArchived: false })
  const stored: WebMessageInfo = {
    ...content,
    key: keyOf(info),
    messageTimestamp: secondsOf(info),
    ...(source.isFromMe && { status }),
    ...(pushName !== undefined && { pushName }),
    ...(ephemeralExpiration !== undefined && ephemeralExpiration > 0 && { ephemeralDuration: ephemeralExpiration }),
    ...(serverId !== undefined && { newsletterServerId: serverId }),
  }
  return keepMessage(state, { chat: number, info: stored, author: authorOf(state, info), isPast: false })
}

const secondsOf = ({ timestamp }: MessageInfo): number => Math.floor(timestamp.getTime() / 1000)

const authorOf = (state: ViewState, { source: { isFromMe, isGroup, sender } }: MessageInfo) => actorOf(state, isFromMe, isGroup ? sender : undefined)

const keyOf = ({ id, source: { chat, sender, isFromMe, isGroup } }: MessageInfo): MessageKey => ({
  remoteJid: chat.toString(),
  fromMe: isFromMe,
  id,
  ...(isGroup && { participant: userOf(sender).toString() }),
})

/** What is no message of its own but changes one, or the chat. */
const projectDeed = (state: ViewState, event: MessageEvent, openAddon: OpenAddon): Observable<never> => {
  const { info, message } = event
  const chat = state.book.findChat(info.source.chat)
  if (!chat) return EMPTY
  const deed = (target: MessageKey): Deed => ({ chat: chat.number, target, actor: authorOf(state, info), by: keyOf(info), atMs: info.timestamp.getTime() })
  const protocol = protocolIn(message)
  const reaction = contentOf(message).reactionMessage
  if (reaction?.key) return react(state, deed(reaction.key), reaction.text ?? '', Number(reaction.senderTimestampMs ?? info.timestamp.getTime()))
  if (protocol?.key && protocol.type === ProtocolType.REVOKE) return revoke(state, deed(protocol.key), info.edit === BY_ADMIN && info.source.isGroup)
  if (protocol?.key && protocol.type === ProtocolType.MESSAGE_EDIT && protocol.editedMessage) return edit(state, deed(protocol.key), protocol.editedMessage)
  if (protocol?.type === ProtocolType.EPHEMERAL_SETTING) {
    state.book.changeChat(chat.number, { ephemeralSeconds: protocol.ephemeralExpiration ?? 0 })
    return EMPTY
  }
  return openAddon(event).pipe(concatMap((addon) => (addon ? projectAddon(state, addon, deed) : EMPTY)))
}

const projectAddon = (state: ViewState, addon: MessageAddonEvent, deed: (target: MessageKey) => Deed): Observable<never> => {
  const target: MessageKey = { id: addon.targetMessageId }
  if (addon.decrypted === undefined) return EMPTY
  switch (addon.kind) {
    case 'reaction':
      return react(state, deed(target), addon.decrypted.text ?? '', Number(addon.decrypted.senderTimestampMs ?? addon.info.timestamp.getTime()))
    case 'poll_vote':
      return vote(state, deed(target), addon.decrypted, addon.info.timestamp.getTime())
    case 'message_edit':
    case 'event_edit':
    case 'poll_edit':
      return edit(state, deed(target), addon.decrypted.protocolMessage?.editedMessage ?? addon.decrypted)
    default:
      return EMPTY
  }
}

/** A message that cannot be read (yet) has its place in the chat, unless nothing of it is to be shown. */
export const projectUnreadable = (state: ViewState, { info, decryptFailMode }: UndecryptableMessageEvent): Observable<never> =>
  decryptFailMode === 'hide' || info.category === 'peer' ? EMPTY : concat(learnFrom(state, info), defer(() => show(state, info, { messageStubType: StubType.CIPHERTEXT }, Status.SERVER_ACK)))

/** A message of ours that is about to leave, or has left. */
export const projectSent = (state: ViewState, { to, id, message }: Omit<MessageSentEvent, 'type'>, atMs: number, openAddon: OpenAddon, status: WebMessageInfo_Status = Status.PENDING): Observable<never> => {
  const own = state.me()
  if (id === undefined || !own) return EMPTY
  const info: MessageInfo = {
    source: { chat: userOf(to), sender: own.lid, isFromMe: true, isGroup: isGroup(to) || isBroadcast(to) },
    id,
    timestamp: new Date(atMs),
    multicast: false,
    metaInfo: {},
    isOffline: false,
  }
  const event: MessageEvent = { type: 'message', message, info, origin: 'live', redelivered: false }
  return projectMessage(state, event, openAddon, status)
}
