import { filter, map, pipe, type OperatorFunction } from 'rxjs'

import { OptionInvalid } from '../../errors/option-invalid.ts'
import type { MessageEvent } from '../message-event.ts'
import { textOf } from './text-of.ts'
import type { TextMessage } from './with-text.ts'

/** A text message with what a pattern found in it. */
export interface MatchedMessage extends TextMessage {
  /** As `RegExp.exec` gives it: the whole match, then its groups. */
  readonly match: RegExpExecArray
}

/**
 * Keeps the messages whose text matches, paired with the match.
 *
 * @param pattern its flags `g` and `y` are left out: a pattern keeps no place between messages
 * @example
 * client.messages$.pipe(matching(/^order (\d+)$/i)).subscribe(({ match }) => console.log(match[1]))
 */
export const matching = (pattern: RegExp): OperatorFunction<MessageEvent, MatchedMessage> => {
  if (!(pattern instanceof RegExp)) throw new OptionInvalid('pattern', 'a regular expression', typeof pattern)
  const stateless = new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ''))
  return pipe(
    map((event) => {
      const text = textOf(event.message)
      const match = text === undefined ? null : stateless.exec(text)
      return text !== undefined && match ? { event, text, match } : undefined
    }),
    filter((matched) => matched !== undefined),
  )
}
