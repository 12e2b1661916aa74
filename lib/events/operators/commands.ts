import { filter, map, pipe, type OperatorFunction } from 'rxjs'

import type { MessageEvent } from '../message-event.ts'
import { textOf } from './text-of.ts'
import type { TextMessage } from './with-text.ts'

/** A message that asks a bot for something. */
export interface Command extends TextMessage {
  /** What comes right after the prefix, in lower case. */
  readonly name: string
  /** The words after the name. */
  readonly words: readonly string[]
  /** Everything after the name as it was written, without the space around it. */
  readonly rest: string
}

/**
 * Keeps the messages that begin with a prefix and a word, taken apart.
 *
 * @param prefix default `/`
 * @example
 * client.messages$.pipe(fromOthers(), commands('!')).subscribe(({ name, words }) => console.log(name, words))
 */
export const commands = (prefix = '/'): OperatorFunction<MessageEvent, Command> =>
  pipe(
    map((event): Command | undefined => {
      const text = textOf(event.message)
      if (text === undefined || !text.startsWith(prefix)) return undefined
      const body = text.slice(prefix.length)
      const [word] = body.split(/\s/, 1)
      if (!word) return undefined
      const rest = body.slice(word.length).trim()
      return { event, text, name: word.toLowerCase(), rest, words: rest === '' ? [] : rest.split(/\s+/) }
    }),
    filter((command) => command !== undefined),
  )
