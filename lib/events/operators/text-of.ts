import type { Message } from '../../proto/types.generated.ts'

/**
 * The text a person typed: of a plain or extended text message, or the caption of an image, video or
 * document; looks through the wrappers of disappearing, view-once and edited messages. Undefined when
 * there is none.
 *
 * @example
 * client.messages$.subscribe(({ message }) => console.log(textOf(message)))
 */
export const textOf = (message: Message): string | undefined => {
  const content = unwrap(message)
  return (
    content.conversation ??
    content.extendedTextMessage?.text ??
    content.imageMessage?.caption ??
    content.videoMessage?.caption ??
    content.documentMessage?.caption
  )
}

/** Wrappers nest; honest ones two or three deep. */
const MAX_WRAPPERS = 8

/** The innermost content of a message (protocol document 05, section 4). */
const unwrap = (message: Message): Message => {
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
