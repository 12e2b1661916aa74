import type { Message } from '../../proto/types.generated.ts'
import { contentOf } from './content-of.ts'

/**
 * The text a person typed: of a plain or extended text message, or the caption of an image, video or
 * document; looks through the wrappers of disappearing, view-once and edited messages. Undefined when
 * there is none.
 *
 * @example
 * client.messages$.subscribe(({ message }) => console.log(textOf(message)))
 */
export const textOf = (message: Message): string | undefined => {
  const content = contentOf(message)
  return (
    content.conversation ??
    content.extendedTextMessage?.text ??
    content.imageMessage?.caption ??
    content.videoMessage?.caption ??
    content.documentMessage?.caption
  )
}
