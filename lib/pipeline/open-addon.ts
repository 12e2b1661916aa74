import { map, of, type Observable } from 'rxjs'

import type { AccountLink } from '../account/account.ts'
import { ProtoMalformed } from '../errors/proto-error.ts'
import type { AddonFault, MessageAddonEvent } from '../events/message-addon-event.ts'
import type { MessageEvent, MessageInfo } from '../events/message-event.ts'
import type { ProtoCodec } from '../proto/codec.ts'
import { Message_SecretEncryptedMessage_SecretEncType as SecretType } from '../proto/enums.generated.ts'
import type { Message, Message_CommentMessage, Message_EventResponseMessage, Message_PollVoteMessage, Message_ReactionMessage, MessageKey } from '../proto/types.generated.ts'
import { openWithSecret, type SecretUse } from '../signal/message-secret.ts'
import { isLid, isPhoneNumber, parseJid, sameUser, userOf, type Jid } from '../stanza/jid.ts'
import type { LidDirectory } from './lid-directory.ts'
import type { MessageSecrets } from './message-secrets.ts'

/** Reads what is inside of add-ons. */
export interface AddonCodecs {
  readonly message: ProtoCodec<Message>
  readonly reaction: ProtoCodec<Message_ReactionMessage>
  readonly pollVote: ProtoCodec<Message_PollVoteMessage>
  readonly eventResponse: ProtoCodec<Message_EventResponseMessage>
  readonly comment: ProtoCodec<Message_CommentMessage>
}

/** What opening an add-on needs. */
export interface OpenAddonParts {
  readonly codecs: AddonCodecs
  readonly secrets: Pick<MessageSecrets, 'find'>
  readonly directory: Pick<LidDirectory, 'canonical' | 'alternate'>
  readonly link: () => Pick<AccountLink, 'id' | 'lid'>
}

type Kind = MessageAddonEvent['kind']

interface Addon {
  readonly kind: Kind
  readonly use: SecretUse
  readonly target: MessageKey
  readonly iv: Uint8Array
  readonly payload: Uint8Array
}

const NO_BYTES = new Uint8Array(0)

/** The add-on in a message, if there is one (protocol document 06, section 11). */
export const addonIn = (message: Message): Addon | undefined => {
  const { pollUpdateMessage, encEventResponseMessage, encReactionMessage, encCommentMessage, secretEncryptedMessage } = message
  const addon = (kind: Kind, use: SecretUse, target: MessageKey = {}, { encIv = NO_BYTES, encPayload = NO_BYTES }: { readonly encIv?: Uint8Array; readonly encPayload?: Uint8Array }): Addon => ({ kind, use, target, iv: encIv, payload: encPayload })
  if (pollUpdateMessage?.vote) return addon('poll_vote', 'Poll Vote', pollUpdateMessage.pollCreationMessageKey, pollUpdateMessage.vote)
  if (encEventResponseMessage) return addon('event_response', 'Event Response', encEventResponseMessage.eventCreationMessageKey, encEventResponseMessage)
  if (encReactionMessage) return addon('reaction', 'Enc Reaction', encReactionMessage.targetMessageKey, encReactionMessage)
  if (encCommentMessage) return addon('comment', 'Enc Comment', encCommentMessage.targetMessageKey, encCommentMessage)
  if (!secretEncryptedMessage) return undefined
  const { targetMessageKey, secretEncType } = secretEncryptedMessage
  switch (secretEncType) {
    case SecretType.EVENT_EDIT:
      return addon('event_edit', 'Event Edit', targetMessageKey, secretEncryptedMessage)
    case SecretType.MESSAGE_EDIT:
      return addon('message_edit', 'Message Edit', targetMessageKey, secretEncryptedMessage)
    case SecretType.POLL_EDIT:
      return addon('poll_edit', 'Poll Edit', targetMessageKey, secretEncryptedMessage)
    case SecretType.POLL_ADD_OPTION:
      return addon('poll_add_option', 'Poll Add Option', targetMessageKey, secretEncryptedMessage)
    default:
      return undefined
  }
}

/** A message may be edited for this long. */
const EDIT_LIMIT_SECONDS = 1_200

/** Opens the add-on of a message with the secret of the message it belongs to. Emits once. */
export const openAddon = (parts: OpenAddonParts, { info }: MessageEvent, addon: Addon): Observable<MessageAddonEvent> => {
  const { kind, target } = addon
  const targetMessageId = target.id ?? ''
  const author = authorOf(target, info, parts)
  const tell = (decrypted: unknown, fault?: AddonFault): MessageAddonEvent =>
    // What a kind decrypts to is decided by the codec chosen for it.
    ({ type: 'message_addon', info, kind, targetMessageId, decrypted, ...(fault !== undefined && { fault }) }) as MessageAddonEvent
  if (!author || targetMessageId === '') return of(tell(undefined, 'no_message_secret'))
  return parts.secrets.find(info.source.chat, author, targetMessageId).pipe(
    map((kept) => {
      if (!kept) return tell(undefined, 'no_message_secret')
      if (kind === 'message_edit' && !isSamePerson(author, info.source.sender, parts)) return tell(undefined, 'not_the_author')
      const payload = firstThatOpens(parts, kept.secret, addon, author, info)
      const decrypted = payload && decodeAs(kind, payload, parts.codecs)
      if (!decrypted) return tell(undefined, 'does_not_verify')
      return isTooLate(kind, decrypted, kept.atSeconds) ? tell(undefined, 'too_late') : tell(decrypted)
    }),
  )
}

/** Who wrote the message an add-on belongs to; its key is written from the viewpoint of who wrote the add-on. */
const authorOf = ({ fromMe, participant }: MessageKey, { source }: MessageInfo, { link }: OpenAddonParts): Jid | undefined => {
  if (fromMe) return userOf(source.sender)
  if (source.isGroup) return participant === undefined ? undefined : parseJid(participant)
  return source.isFromMe ? source.chat : link().lid
}

const isSamePerson = (one: Jid, other: Jid, { directory, link }: OpenAddonParts): boolean => {
  const own = (jid: Jid): boolean => sameUser(jid, link().id) || sameUser(jid, link().lid)
  return sameUser(directory.canonical(one), directory.canonical(other)) || (own(one) && own(other))
}

/** Both under their LIDs, both under their numbers, then as they came; never one of each (protocol document 06, section 11). */
const firstThatOpens = ({ directory }: OpenAddonParts, secret: Uint8Array, { use, target, iv, payload }: Addon, author: Jid, { source }: MessageInfo): Uint8Array | undefined => {
  const [parent, modifier] = [userOf(author), userOf(source.sender)]
  const formsOf = (jid: Jid): readonly Jid[] => {
    const other = directory.alternate(jid)
    return other ? [jid, userOf(other)] : [jid]
  }
  const pairs = [isLid, isPhoneNumber].flatMap((isForm) => {
    const [one, other] = [formsOf(parent).find(isForm), formsOf(modifier).find(isForm)]
    return one && other ? [[one, other] as const] : []
  })
  for (const [parentSender, by] of [...pairs, [parent, modifier] as const]) {
    const opened = openWithSecret(secret, { use, parentId: target.id ?? '', parentSender: parentSender.toString(), modifier: by.toString() }, iv, payload)
    if (opened) return opened
  }
  return undefined
}

const decodeAs = (kind: Kind, payload: Uint8Array, { message, reaction, pollVote, eventResponse, comment }: AddonCodecs): unknown => {
  const codecs: Readonly<Record<Kind, ProtoCodec<unknown>>> = {
    reaction,
    poll_vote: pollVote,
    event_response: eventResponse,
    comment,
    message_edit: message,
    event_edit: message,
    poll_edit: message,
    poll_add_option: message,
  } as Readonly<Record<Kind, ProtoCodec<unknown>>>
  try {
    return codecs[kind].decode(payload)
  } catch (error) {
    if (error instanceof ProtoMalformed) return undefined
    throw error
  }
}

const isTooLate = (kind: Kind, decrypted: unknown, parentSeconds: number): boolean => {
  if (kind !== 'message_edit') return false
  const editedMs = Number((decrypted as Message).protocolMessage?.timestampMs ?? 0)
  return editedMs / 1000 >= parentSeconds + EDIT_LIMIT_SECONDS
}
