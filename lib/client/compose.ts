import { OptionInvalid, requireObject } from '../errors/option-invalid.ts'
import { checkMessage } from '../events/check-message.ts'
import type { MessageEvent } from '../events/message-event.ts'
import type { ContextInfo } from '../proto/types.generated.ts'
import { isBroadcast, isGroup, isLid, isPhoneNumber, isStatus, toJid, userOf, type Jid } from '../stanza/jid.ts'
import { stanza, type Stanza } from '../stanza/stanza.ts'
import { checkAudience, type StatusAudience } from './audience.ts'
import type { Draft } from './encrypt-draft.ts'
import type { SendGoal } from './send-progress.ts'

/** What can be sent. */
export interface TextContent {
  /** 1 to 65,536 characters. */
  readonly text: string
}

/** How a message is sent. */
export interface SendOptions {
  /** Goes on after the server took it, until the first receipt of this kind; default `accepted`. */
  readonly until?: SendGoal
  /** An id of your own; sending twice under one id delivers once. */
  readonly id?: string
  /** Who may read a status post or is on a broadcast list; needed for those, and for nothing else. */
  readonly audience?: StatusAudience
}

const GOALS: readonly SendGoal[] = ['accepted', 'delivered', 'read', 'played']
const LONGEST_TEXT = 65_536

/**
 * A text for a person, a group, a broadcast list or the feed of status posts.
 *
 * @throws JidInvalid, OptionInvalid
 */
export const draftText = (chat: Jid | string, content: TextContent, options?: SendOptions): Draft => {
  const to = chatOf(chat)
  const text = checkText(content)
  // A post of text is an extended text; nothing shows a plain one as a status.
  return { chat: to, message: isStatus(to) ? { extendedTextMessage: { text } } : { conversation: text }, stanzaType: 'text', ...checkOptions(options), ...checkAudience(to, options?.audience) }
}

/** An answer in the chat of a message, quoting it. @throws OptionInvalid */
export const draftReply = (event: MessageEvent, content: TextContent, options?: SendOptions): Draft => ({
  chat: chatOf(checkMessage(event).info.source.chat),
  message: { extendedTextMessage: { text: checkText(content), contextInfo: quoteOf(event) } },
  stanzaType: 'text',
  ...checkOptions(options),
})

const checkText = (content: TextContent): string => {
  const { text } = content ?? {}
  const isFine = typeof text === 'string' && text.length > 0 && text.length <= LONGEST_TEXT
  if (!isFine) throw new OptionInvalid('content.text', `a text of 1 to ${LONGEST_TEXT} characters`, typeof text === 'string' ? `${text.length} characters` : typeof text)
  return text
}

const checkOptions = (options: SendOptions = {}): Pick<Draft, 'until' | 'id'> => {
  requireObject('options', options, 'an object')
  const { until, id } = options
  if (until !== undefined && !GOALS.includes(until)) throw new OptionInvalid('options.until', `one of ${GOALS.join(', ')}`, typeof until)
  if (id !== undefined && (typeof id !== 'string' || id.length === 0 || id.length > 128))
    throw new OptionInvalid('options.id', 'a text of 1 to 128 characters', typeof id)
  return { ...(until !== undefined && { until }), ...(id !== undefined && { id }) }
}

/** Where can be written to so far; a device counts as its user. */
const chatOf = (chat: Jid | string): Jid => {
  const jid = toJid(chat)
  if (isGroup(jid) || isBroadcast(jid)) return jid
  if (!isLid(jid) && !isPhoneNumber(jid)) throw new OptionInvalid('chat', 'the address of a person, a group, a broadcast list or the status feed', `an address on ${jid.server}`)
  return userOf(jid)
}

const quoteOf = ({ message, info }: MessageEvent): ContextInfo => ({
  stanzaId: info.id,
  participant: userOf(info.source.sender).toString(),
  quotedMessage: message,
})

/** Most ids in one receipt (protocol document 06, section 10.1). */
const IDS_PER_RECEIPT = 256

/** Receipts that say that messages were read: one per chat and sender, more when there are many. */
export const readReceipts = (events: readonly MessageEvent[], nowMs: number): readonly Stanza[] => {
  const groups = new Map<string, MessageEvent[]>()
  for (const event of events) {
    const { chat, sender, isGroup } = event.info.source
    const key = isGroup ? `${chat}|${sender}` : chat.toString()
    groups.set(key, [...(groups.get(key) ?? []), event])
  }
  return [...groups.values()].flatMap((group) => {
    const receipts: Stanza[] = []
    for (let start = 0; start < group.length; start += IDS_PER_RECEIPT)
      receipts.push(readReceipt(group.slice(start, start + IDS_PER_RECEIPT), nowMs))
    return receipts
  })
}

const readReceipt = (events: readonly MessageEvent[], nowMs: number): Stanza => {
  const [first, ...others] = events
  const { id, source } = first!.info
  return stanza(
    'receipt',
    {
      id,
      to: source.chat,
      type: 'read',
      t: Math.floor(nowMs / 1000),
      participant: source.isGroup ? source.sender : undefined,
    },
    others.length === 0 ? undefined : [stanza('list', {}, others.map(({ info }) => stanza('item', { id: info.id })))],
  )
}
