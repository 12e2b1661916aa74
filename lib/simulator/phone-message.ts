import type { Message } from '../proto/content.generated.ts'
import type { Jid } from '../stanza/jid.ts'

/** A message as a simulated phone sees it. */
export interface PhoneMessage {
  readonly id: string
  /** The group, or the person it came from or, for what we wrote on another device, went to. */
  readonly chat: Jid
  /** The device that wrote it, by its LID. */
  readonly sender: Jid
  readonly isFromMe: boolean
  /** Text of a plain or extended text message. */
  readonly text: string | undefined
  readonly message: Message
}

/** What there is to read in a message. */
export const readableText = (message: Message): string | undefined => message.conversation ?? message.extendedTextMessage?.text
