import { filter, map, pipe, type OperatorFunction } from 'rxjs'

import type { MessageEvent } from '../message-event.ts'
import { textOf } from './text-of.ts'

/** A message event together with the text it carries. */
export interface TextMessage {
  readonly event: MessageEvent
  readonly text: string
}

/**
 * Keeps the messages that carry text (a caption counts), paired with it.
 *
 * @example
 * client.messages$.pipe(withText()).subscribe(({ text }) => console.log(text))
 */
export const withText = (): OperatorFunction<MessageEvent, TextMessage> =>
  pipe(
    map((event) => ({ event, text: textOf(event.message) })),
    filter((candidate): candidate is TextMessage => candidate.text !== undefined),
  )
