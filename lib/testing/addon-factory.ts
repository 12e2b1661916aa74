import type { MessageAddonEvent } from '../events/message-addon-event.ts'
import { messageEvent, type MessageParts } from './event-factories.ts'

/**
 * Something that belongs to an earlier message, for tests of pipelines.
 *
 * @param targetMessageId the id of the earlier message
 * @example
 * cold('a|', { a: messageAddonEvent('3EB0AA', { kind: 'poll_vote', decrypted: { selectedOptions: [hash] } }) })
 */
export const messageAddonEvent = <Addon extends Pick<MessageAddonEvent, 'kind' | 'decrypted' | 'fault'>>(
  targetMessageId: string,
  addon: Addon,
  parts: MessageParts = {},
): MessageAddonEvent & Addon =>
  // The parts belong together as their type says.
  ({ type: 'message_addon', info: messageEvent(parts).info, targetMessageId, ...addon }) as unknown as MessageAddonEvent & Addon
