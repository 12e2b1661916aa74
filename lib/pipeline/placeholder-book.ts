import type { AccountLink } from '../account/account.ts'
import type { MessageInfo } from '../events/message-event.ts'
import { isNewsletter, userOf, type Jid } from '../stanza/jid.ts'
import type { Stanza } from '../stanza/stanza.ts'
import type { LidDirectory } from './lid-directory.ts'

/** A message we have no content of and may ask our own phone for (protocol document 06, section 7). */
export interface PlaceholderWish {
  readonly info: MessageInfo
  /** The message as it came, ciphertexts left out: who wrote it, where and when. */
  readonly stanza: Stanza
  /** False: its sender was asked already, the phone is asked only if nothing comes of that. */
  readonly isUrgent: boolean
  /** Written once the phone was asked; the server would repeat the stanza otherwise. */
  readonly acknowledgement?: Stanza
}

/** A wish that is waited on. */
export interface OpenWish extends PlaceholderWish {
  readonly key: string
  readonly dueAtMs: number
}

/** What was asked of the phone and what is to be; one book per open store. */
export interface PlaceholderBook {
  /** Whether the phone may be asked for this: not for what is old, nor twice a day, nor for too much at once. */
  readonly canAsk: (info: MessageInfo) => boolean
  /** Takes a wish on; undefined when it is waited on or was asked for already. */
  readonly want: (wish: PlaceholderWish) => OpenWish | undefined
  /** Wishes the phone was not asked for yet, oldest first. */
  readonly waiting: () => readonly OpenWish[]
  readonly isWaiting: (wish: OpenWish) => boolean
  /** The phone was asked for these under this id. */
  readonly asked: (requestId: string, wishes: readonly OpenWish[]) => void
  /** The request did not leave: the phone is still to be asked. */
  readonly takeBack: (requestId: string) => void
  /** A message arrived after all: the phone need not be asked for it. */
  readonly arrived: (info: MessageInfo) => void
  /** What an answer is about, taken out of the book. */
  readonly take: (chat: Jid, sender: Jid, id: string) => OpenWish | undefined
  /** The wish at this place of a request, taken out of the book if it is still open. */
  readonly takeAt: (requestId: string, index: number) => OpenWish | undefined
  /** Nobody answered in time: what of it is still open. */
  readonly expire: (requestId: string) => readonly OpenWish[]
  /** Nothing is wished for and nothing was asked. */
  readonly isIdle: () => boolean
}

/** What the book needs. */
export interface PlaceholderBookParts {
  readonly directory: Pick<LidDirectory, 'canonical'>
  readonly link: () => Pick<AccountLink, 'lid'>
  readonly nowMs: () => number
}

/** The phone keeps messages for longer than it hands them out (A/B property placeholder_message_resend_maximum_days_limit). */
const LONGEST_AGE_MS = 14 * 86_400_000

/** One request per message in this time. */
const ASK_PAUSE_MS = 86_400_000

/** The sender gets this long to send a message again before the phone is asked. */
const SENDER_FIRST_MS = 3_000

/** The phone has this long to answer. */
export const ANSWER_LIMIT_MS = 120_000

/** Messages that are waited for at one time. */
const MOST_OPEN = 256

/** Messages that are remembered as asked for; the oldest is forgotten first. */
const REMEMBERED = 2_000

/** An empty book. */
export const createPlaceholderBook = ({ directory, link, nowMs }: PlaceholderBookParts): PlaceholderBook => {
  const waiting = new Map<string, OpenWish>()
  const open = new Map<string, OpenWish>()
  const requests = new Map<string, { readonly wishes: readonly OpenWish[]; readonly atMs: number }>()
  const askedAtMs = new Map<string, number>()

  const keyOf = (chat: Jid, sender: Jid, id: string): string => `${directory.canonical(userOf(chat))}|${directory.canonical(userOf(sender))}|${id}`
  const keyOfInfo = ({ source, id }: MessageInfo): string => keyOf(source.chat, source.isFromMe ? link().lid : source.sender, id)

  const wasAsked = (key: string): boolean => {
    const atMs = askedAtMs.get(key)
    return atMs !== undefined && nowMs() - atMs < ASK_PAUSE_MS
  }

  const expire = (requestId: string): readonly OpenWish[] => {
    const left = (requests.get(requestId)?.wishes ?? []).filter((wish) => open.get(wish.key) === wish)
    requests.delete(requestId)
    for (const { key } of left) open.delete(key)
    return left
  }

  /** The time of a request runs out unnoticed when its connection is lost. */
  const expireOld = (): void => {
    for (const [id, { atMs }] of requests) if (nowMs() - atMs >= ANSWER_LIMIT_MS) expire(id)
  }

  const hasRoom = (): boolean => {
    if (waiting.size + open.size >= MOST_OPEN) expireOld()
    return waiting.size + open.size < MOST_OPEN
  }

  return {
    canAsk: (info) =>
      info.category !== 'peer' &&
      !isNewsletter(info.source.chat) &&
      nowMs() - info.timestamp.getTime() <= LONGEST_AGE_MS &&
      !wasAsked(keyOfInfo(info)) &&
      hasRoom(),
    want: (wish) => {
      const key = keyOfInfo(wish.info)
      const known = waiting.get(key)
      if (wasAsked(key) || (known && (known.isUrgent || !wish.isUrgent))) return undefined
      const opened: OpenWish = { ...wish, key, dueAtMs: nowMs() + (wish.isUrgent ? 0 : SENDER_FIRST_MS) }
      waiting.set(key, opened)
      return opened
    },
    waiting: () => [...waiting.values()],
    isWaiting: (wish) => waiting.get(wish.key) === wish,
    asked: (requestId, wishes) => {
      expireOld()
      requests.set(requestId, { wishes, atMs: nowMs() })
      for (const wish of wishes) {
        waiting.delete(wish.key)
        open.set(wish.key, wish)
        askedAtMs.delete(wish.key)
        askedAtMs.set(wish.key, nowMs())
        if (askedAtMs.size > REMEMBERED) askedAtMs.delete(askedAtMs.keys().next().value!)
      }
    },
    takeBack: (requestId) => {
      for (const wish of expire(requestId)) {
        askedAtMs.delete(wish.key)
        waiting.set(wish.key, wish)
      }
    },
    arrived: (info) => {
      const key = keyOfInfo(info)
      waiting.delete(key)
      open.delete(key)
    },
    take: (chat, sender, id) => {
      const key = keyOf(chat, sender, id)
      const wish = open.get(key) ?? waiting.get(key)
      open.delete(key)
      waiting.delete(key)
      return wish
    },
    takeAt: (requestId, index) => {
      const wish = requests.get(requestId)?.wishes[index]
      if (!wish || open.get(wish.key) !== wish) return undefined
      open.delete(wish.key)
      return wish
    },
    expire,
    isIdle: () => waiting.size === 0 && open.size === 0,
  }
}
