import { OptionInvalid } from '../errors/option-invalid.ts'
import type { MessageEvent } from './message-event.ts'

/** What callers without types hand in may be anything. @throws OptionInvalid */
export const checkMessage = (event: MessageEvent): MessageEvent => {
  const { id, source } = (event as Partial<MessageEvent> | undefined)?.info ?? {}
  if (id === undefined || source === undefined) throw new OptionInvalid('event', 'a message event', event === null ? 'null' : typeof event)
  return event
}
