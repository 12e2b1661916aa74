import { OptionInvalid, requireObject } from '../errors/option-invalid.ts'
import type { Operation } from '../operation/operation.ts'
import type { ChangeAppState } from './app-state-change.ts'

/** A text that is there at a keystroke. */
export interface QuickReply {
  /** What is typed to have it, 1 to 25 characters. */
  readonly shortcut: string
  /** 1 to 65,536 characters. */
  readonly message: string
  readonly keywords?: readonly string[]
}

/** Quick replies, of business accounts. */
export interface QuickReplies {
  /** Makes a quick reply, or changes one. @param id of your own, 1 to 128 characters */
  readonly save: (id: string, reply: QuickReply) => Operation<void, void>
  readonly delete: (id: string) => Operation<void, void>
}

/** Quick replies of an account (protocol document 08, section 8). */
export const createQuickReplies = (change: ChangeAppState): QuickReplies => ({
  save: (id, reply) => {
    requireObject('reply', reply, 'an object with shortcut and message')
    const { shortcut, message, keywords = [] } = reply
    within('reply.shortcut', shortcut, 25)
    within('reply.message', message, 65_536)
    return change([{ index: ['quick_reply', within('id', id, 128)], value: { quickReplyAction: { shortcut, message, keywords, count: 0, deleted: false } } }])
  },
  // It is emptied, not removed.
  delete: (id) => change([{ index: ['quick_reply', within('id', id, 128)], value: { quickReplyAction: { shortcut: '', message: '', keywords: [], count: 0, deleted: true } } }]),
})

const within = (name: string, text: string, most: number): string => {
  if (typeof text !== 'string' || text.length === 0 || text.length > most) throw new OptionInvalid(name, `a text of 1 to ${most} characters`, typeof text)
  return text
}
