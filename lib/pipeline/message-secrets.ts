import { last, map, of, tap, type Observable } from 'rxjs'

import type { AccountLink } from '../account/account.ts'
import { RecentMap } from '../collections/recent-map.ts'
import type { MessageInfo } from '../events/message-event.ts'
import type { Message } from '../proto/types.generated.ts'
import { fromAwaitable } from '../store/from-awaitable.ts'
import { scanPages } from '../store/scan-pages.ts'
import type { OpenStore, Write } from '../store/store.ts'
import { userOf, type Jid } from '../stanza/jid.ts'
import type { LidDirectory } from './lid-directory.ts'

/** The secret of a message, and when it was written. */
export interface KeptSecret {
  /** 32 bytes. */
  readonly secret: Uint8Array
  readonly atSeconds: number
}

/** Secrets of messages, kept for what is bound to them later: edits, votes, answers, reactions, replies of bots. */
export interface MessageSecrets {
  /** What to store of a message; nothing when it has no secret. Goes into the transaction of the message. */
  readonly keep: (info: Pick<MessageInfo, 'id' | 'timestamp' | 'source'>, message: Message) => readonly Write[]
  /** Takes secrets of old messages in that are not known yet; what to store of them. */
  readonly seed: (secrets: readonly OldSecret[]) => readonly Write[]
  /** The secret of a message of somebody in a chat, under either address of both; emits once. */
  readonly find: (chat: Jid, sender: Jid, id: string) => Observable<KeptSecret | undefined>
}

/** The secret of a message that was not received but is known from elsewhere. */
export interface OldSecret extends KeptSecret {
  readonly chat: Jid
  /** Anybody of our own devices for what we wrote. */
  readonly sender: Jid
  readonly id: string
  /** Of a poll or an event. */
  readonly isLasting: boolean
}

/** How long secrets are of use, in seconds. */
export const SECRET_LIFE_SECONDS = { lasting: 90 * 86_400, other: 30 * 86_400 } as const

/** What secrets need. */
export interface MessageSecretsParts {
  readonly directory: Pick<LidDirectory, 'canonical'>
  readonly link: () => Pick<AccountLink, 'lid'>
  readonly nowMs: () => number
}

const SECRET_BYTES = 32
const ROW_BYTES = SECRET_BYTES + 9

/** What is kept for how long, and how much of it (protocol document 05, section 5.1). */
const SHORT = { kind: 0, seconds: 30 * 86_400, most: 10_000 }
/** Polls and events are answered for longer; a busy chat must not push them out. */
const LONG = { kind: 1, seconds: 90 * 86_400, most: 10_000 }

/** The newest are in memory too, more than wait for one commit: somebody may vote before they are in the store. */
const AT_HAND = 512

/** Old rows are cleared away with every so many new ones, that many at most: looking for the oldest is not free. */
const CLEARED_EVERY = 64
const CLEARED_AT_ONCE = 128

/** The secrets as stored; emits once, what makes them usable. Rows that cannot be read are cleared away when their turn comes. */
export const loadMessageSecrets = (store: OpenStore): Observable<(parts: MessageSecretsParts) => MessageSecrets> => {
  const rows: { readonly key: string; readonly kind: number; readonly atSeconds: number }[] = []
  return scanPages(store, 'message_secrets').pipe(
    tap((page) => {
      for (const { key, value } of page) {
        const row = decode(value)
        rows.push({ key, kind: row?.kind ?? SHORT.kind, atSeconds: row?.atSeconds ?? 0 })
      }
    }),
    last(),
    map(() => {
      rows.sort((one, other) => one.atSeconds - other.atSeconds)
      const namesOf = (kind: number) => new Map(rows.filter((row) => row.kind === kind).map(({ key, atSeconds }) => [key, atSeconds]))
      return (parts: MessageSecretsParts) => createMessageSecrets(store, parts, namesOf(SHORT.kind), namesOf(LONG.kind))
    }),
  )
}

const createMessageSecrets = (
  store: OpenStore,
  { directory, link, nowMs }: MessageSecretsParts,
  /** Oldest first. */
  short: Map<string, number>,
  long: Map<string, number>,
): MessageSecrets => {
  const atHand = new RecentMap<string, KeptSecret>(AT_HAND)
  const nameOf = (chat: Jid, sender: Jid, id: string): string => `${directory.canonical(userOf(chat))}|${directory.canonical(userOf(sender))}|${id}`

  let sinceCleared = CLEARED_EVERY

  const clear = (names: Map<string, number>, { most, seconds }: typeof SHORT, writes: Write[]): void => {
    const since = nowMs() / 1000 - seconds
    for (const [name, atSeconds] of names) {
      if (writes.length >= CLEARED_AT_ONCE || (names.size <= most && atSeconds >= since)) return
      names.delete(name)
      atHand.delete(name)
      writes.push({ table: 'message_secrets', key: name, value: undefined })
    }
  }

  return {
    keep: ({ id, timestamp, source }, message) => {
      const secret = message.messageContextInfo?.messageSecret
      if (secret?.length !== SECRET_BYTES) return NOTHING
      const name = nameOf(source.chat, source.isFromMe ? link().lid : source.sender, id)
      const atSeconds = Math.floor(timestamp.getTime() / 1000)
      const [names, rule] = isLasting(message) ? [long, LONG] : [short, SHORT]
      names.delete(name)
      names.set(name, atSeconds)
      // A copy: the secret is a view of the frame it came in.
      atHand.set(name, { secret: secret.slice(), atSeconds })
      const writes: Write[] = [{ table: 'message_secrets', key: name, value: encode(rule.kind, atSeconds, secret) }]
      sinceCleared += 1
      if (sinceCleared >= CLEARED_EVERY) {
        sinceCleared = 0
        clear(short, SHORT, writes)
        clear(long, LONG, writes)
      }
      return writes
    },
    seed: (secrets) => {
      const writes: Write[] = []
      for (const { chat, sender, id, secret, atSeconds, isLasting: lasts } of secrets) {
        const [names, rule] = lasts ? [long, LONG] : [short, SHORT]
        const name = nameOf(chat, sender, id)
        if (secret.length !== SECRET_BYTES || names.has(name)) continue
        names.set(name, atSeconds)
        writes.push({ table: 'message_secrets', key: name, value: encode(rule.kind, atSeconds, secret) })
      }
      if (writes.length === 0) return NOTHING
      // The oldest go first, so old ones must not stand behind those of today.
      for (const [names, rule] of [[short, SHORT], [long, LONG]] as const) {
        const sorted = [...names].sort(([, one], [, other]) => one - other)
        names.clear()
        for (const [name, atSeconds] of sorted) names.set(name, atSeconds)
        for (const [name] of sorted.slice(0, Math.max(0, sorted.length - rule.most))) {
          names.delete(name)
          writes.push({ table: 'message_secrets', key: name, value: undefined })
        }
      }
      return writes
    },
    find: (chat, sender, id) => {
      const name = nameOf(chat, sender, id)
      const kept = atHand.get(name)
      if (kept) return of(kept)
      if (!short.has(name) && !long.has(name)) return of(undefined)
      return fromAwaitable(() => store.read('message_secrets', name)).pipe(map((row) => row && decode(row)))
    },
  }
}

const NOTHING: readonly Write[] = []

const isLasting = ({ pollCreationMessage, pollCreationMessageV2, pollCreationMessageV3, pollCreationMessageV5, pollCreationMessageV6, eventMessage }: Message): boolean =>
  (pollCreationMessage ?? pollCreationMessageV2 ?? pollCreationMessageV3 ?? pollCreationMessageV5 ?? pollCreationMessageV6 ?? eventMessage) !== undefined

/** The kind, the time of the message, the secret. */
const encode = (kind: number, atSeconds: number, secret: Uint8Array): Uint8Array => {
  const row = new Uint8Array(ROW_BYTES)
  row[0] = kind
  new DataView(row.buffer).setFloat64(1, atSeconds)
  row.set(secret, 9)
  return row
}

const decode = (row: Uint8Array): (KeptSecret & { readonly kind: number }) | undefined => {
  if (row.length !== ROW_BYTES || (row[0] !== SHORT.kind && row[0] !== LONG.kind)) return undefined
  return { kind: row[0], atSeconds: new DataView(row.buffer, row.byteOffset).getFloat64(1), secret: row.slice(9) }
}
