import type { Message, Message_CommentMessage, Message_EventResponseMessage, Message_PollVoteMessage, Message_ReactionMessage } from '../proto/types.generated.ts'
import type { MessageInfo } from './message-event.ts'

/** Why an add-on could not be opened. */
export type AddonFault =
  /** We never saw the message it belongs to, or too long ago. */
  | 'no_message_secret'
  /** It was encrypted for another message or by somebody else, or was damaged. */
  | 'does_not_verify'
  /** Only the author of a message edits it. */
  | 'not_the_author'
  /** Messages can be edited for twenty minutes. */
  | 'too_late'

interface AddonOf<Kind extends string, Decrypted> {
  readonly type: 'message_addon'
  /** The message that carried it. */
  readonly info: MessageInfo
  readonly kind: Kind
  readonly targetMessageId: string
  /** Absent when it could not be opened, see `fault`. */
  readonly decrypted: Decrypted | undefined
  readonly fault?: AddonFault
}

/**
 * Something encrypted that belongs to an earlier message; follows the `message` it came in. Nothing is
 * decrypted unless somebody observes this event.
 */
export type MessageAddonEvent =
  | AddonOf<'reaction', Message_ReactionMessage>
  | AddonOf<'poll_vote', Message_PollVoteMessage>
  | AddonOf<'event_response', Message_EventResponseMessage>
  | AddonOf<'comment', Message_CommentMessage>
  | AddonOf<'message_edit' | 'event_edit' | 'poll_edit' | 'poll_add_option', Message>
