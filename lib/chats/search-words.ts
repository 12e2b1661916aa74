import { contentOf } from '../events/operators/content-of.ts'
import { textOf } from '../events/operators/text-of.ts'
import type { Message } from '../proto/types.generated.ts'
import { chatPrefix } from './places.ts'
import { pollIn } from './message-content.ts'

/** Characters of scripts that write no spaces between words: each is a word, several a phrase. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/gu

/** Most of a text that can be found. */
const MOST_CHARACTERS = 65_536
/** Most words of one search. */
const MOST_WORDS = 32

const spaced = (text: string): string => text.replace(UNSPACED, (character) => ` ${character} `)

/** Words as they are compared: without accents and capitals. */
const wordsOf = (text: string): readonly string[] =>
  spaced(text)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')

/** The word that stands for a chat in what its messages are found by. */
export const chatWord = (chat: number): string => `inchat${chatPrefix(chat)}`

/** What a message is found by: the word of its chat, then its own, between single spaces; undefined when it has no text. */
export const searchText = (chat: number, message: Message | undefined): string | undefined => {
  const text = message && plainText(message)
  return text === undefined ? undefined : [chatWord(chat), ...wordsOf(text.slice(0, MOST_CHARACTERS))].join(' ')
}

/** All a person can read of a message. */
export const plainText = (message: Message): string | undefined => {
  const content = contentOf(message)
  const poll = pollIn(content)
  const parts = [
    textOf(message),
    content.documentMessage?.fileName,
    content.contactMessage?.displayName,
    content.locationMessage?.name,
    content.eventMessage?.name,
    poll && [poll.name, ...(poll.options ?? []).map(({ optionName }) => optionName)].join(' '),
  ].filter((part) => part !== undefined && part !== '')
  return parts.length === 0 ? undefined : parts.join('\n')
}

/**
 * What a text must hold: phrases of words, each of which may go on after its last word. What is written without
 * spaces, as Chinese is, becomes one phrase.
 */
export const phrasesOf = (query: string): readonly string[] =>
  query
    .split(/\s+/)
    .map((part) => wordsOf(part).join(' '))
    .filter((phrase) => phrase !== '')
    .slice(0, MOST_WORDS)

/** Whether a text holds all phrases, as a store that searches would decide. */
export const holds = (text: string, phrases: readonly string[]): boolean => {
  const line = ` ${wordsOf(text.slice(0, MOST_CHARACTERS)).join(' ')}`
  return phrases.every((phrase) => line.includes(` ${phrase}`))
}
