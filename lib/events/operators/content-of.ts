import type { Message } from '../../proto/types.generated.ts'

/** Wrappers nest; honest ones two or three deep. */
const MAX_WRAPPERS = 8

/**
 * The innermost content of a message (protocol document 05, section 4): without the wrappers of disappearing,
 * view-once, captioned and edited messages, and of copies for our own devices.
 *
 * @example
 * client.messages$.subscribe(({ message }) => console.log(contentOf(message).imageMessage?.mimetype))
 */
export const contentOf = (message: Message): Message => {
  let content = message
  for (let depth = 0; depth < MAX_WRAPPERS; depth += 1) {
    const inner =
      content.deviceSentMessage?.message ??
      content.ephemeralMessage?.message ??
      content.viewOnceMessage?.message ??
      content.viewOnceMessageV2?.message ??
      content.viewOnceMessageV2Extension?.message ??
      content.documentWithCaptionMessage?.message ??
      content.editedMessage?.message?.protocolMessage?.editedMessage ??
      content.protocolMessage?.editedMessage
    if (!inner) return content
    content = inner
  }
  return content
}
