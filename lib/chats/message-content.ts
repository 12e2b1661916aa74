import { contentOf } from '../events/operators/content-of.ts'
import type { ContextInfo, Message, Message_PollCreationMessage, Message_ProtocolMessage } from '../proto/types.generated.ts'

/** What accompanies a message, or belongs to another one, and is none that a chat shows. */
const NO_MESSAGE: ReadonlySet<string> = new Set([
  'messageContextInfo',
  'senderKeyDistributionMessage',
  'fastRatchetKeySenderKeyDistributionMessage',
  'protocolMessage',
  'reactionMessage',
  'encReactionMessage',
  'pollUpdateMessage',
  'pollAddOptionMessage',
  'encEventResponseMessage',
  'encCommentMessage',
  'secretEncryptedMessage',
  'keepInChatMessage',
  'pinInChatMessage',
  'scheduledCallEditMessage',
  'stickerSyncRmrMessage',
  'messageHistoryBundle',
  'messageHistoryNotice',
  'groupRootKeyShare',
  'rootSecretDistributeMessage',
])

/** Wrappers nest; honest ones two or three deep. */
const MOST_WRAPPERS = 8

/** What a message tells of another one or of its chat, within whatever wrapper. */
export const protocolIn = (message: Message): Message_ProtocolMessage | undefined => {
  let content: Message | undefined = message
  for (let depth = 0; content && depth < MOST_WRAPPERS; depth += 1) {
    if (content.protocolMessage) return content.protocolMessage
    content = content.deviceSentMessage?.message ?? content.ephemeralMessage?.message ?? content.editedMessage?.message
  }
  return undefined
}

/** The field of `Message` that a chat shows; undefined when there is none. */
export const kindOf = (message: Message): string | undefined => {
  if (protocolIn(message)) return undefined
  const content = contentOf(message)
  return Object.keys(content).find((field) => !NO_MESSAGE.has(field) && content[field as keyof Message] !== undefined)
}

/** The poll in the content of a message. */
export const pollIn = ({ pollCreationMessage, pollCreationMessageV2, pollCreationMessageV3, pollCreationMessageV5, pollCreationMessageV6 }: Message): Message_PollCreationMessage | undefined =>
  pollCreationMessage ?? pollCreationMessageV2 ?? pollCreationMessageV3 ?? pollCreationMessageV5 ?? pollCreationMessageV6

/** Addresses a message mentions. */
export const mentionsIn = (message: Message): readonly string[] => {
  const content = contentOf(message)
  const fields: readonly unknown[] = Object.values(content)
  return fields.flatMap((field) => contextOf(field)?.mentionedJid ?? [])
}

/** What a message says beside its content: nearly every kind has it under the same name. */
const contextOf = (field: unknown): ContextInfo | undefined =>
  typeof field === 'object' && field !== null && 'contextInfo' in field ? (field as { readonly contextInfo?: ContextInfo }).contextInfo : undefined
