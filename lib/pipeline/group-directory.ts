import type { Observable } from 'rxjs'

import { StanzaCodecError } from '../errors/stanza-codec-error.ts'
import type { AddressingMode, GroupMembers } from '../requests/group-requests.ts'
import { atOnce, mapped } from '../reactive/at-once.ts'
import { answerOf } from '../store/from-awaitable.ts'
import type { Quarantine } from '../store/quarantine.ts'
import type { OpenStore, Write } from '../store/store.ts'
import { decodeStanza } from '../stanza/decode.ts'
import { encodeStanza } from '../stanza/encode.ts'
import { sameUser, type Jid } from '../stanza/jid.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { childrenOf, stanza, type Stanza } from '../stanza/stanza.ts'
import type { LidDirectory } from './lid-directory.ts'
import { readGroupNews, type GroupNews } from './read-group-news.ts'

/** Who gets what is written to a group; the same object as long as nothing changed. */
export interface Group {
  readonly addressingMode: AddressingMode
  /** Without devices, in the form of the group. */
  readonly members: readonly Jid[]
}

/** Who is in which group, as far as the server told us. */
export interface GroupDirectory {
  /** Undefined for a group that has to be asked for. Emits once. */
  readonly known: (group: Jid) => Observable<Group | undefined>
  /** What is known now, if it was looked up before. */
  readonly present: (group: Jid) => Group | undefined
  /** Takes note of an answer of the server; returns what to store. */
  readonly learn: (description: GroupMembers) => readonly Write[]
  /** What is known of these groups may be wrong; returns what to delete. */
  readonly forget: (groups: readonly Jid[]) => readonly Write[]
  /** Takes note of what a notification says about membership; emits once, what to store with its acknowledgement. */
  readonly follow: (notification: Stanza) => Observable<readonly Write[]>
}

/** What a directory needs. */
export interface GroupDirectoryParts {
  readonly store: OpenStore
  readonly quarantine: Quarantine
  readonly directory: Pick<LidDirectory, 'learn'>
}

const NOTHING: readonly Write[] = []
const NOTHING_NEW = atOnce(NOTHING)

/** A directory over an open store; table `groups`, one row per group. */
export const createGroupDirectory = ({ store, quarantine, directory }: GroupDirectoryParts): GroupDirectory => {
  const entries = new Map<string, Group>()

  const known = (group: Jid): Observable<Group | undefined> => {
    const key = group.toString()
    const entry = entries.get(key)
    if (entry) return atOnce(entry)
    return mapped(answerOf(store.read('groups', key)), (row) => {
      // Somebody may have been faster while the store was read.
      const present = entries.get(key)
      if (present || !row) return present
      const decoded = decodeGroup(row)
      if (decoded) entries.set(key, decoded)
      else quarantine.put('groups', key, row)
      return decoded
    })
  }

  const keep = (group: Jid, entry: Group): Write => {
    entries.set(group.toString(), entry)
    return { table: 'groups', key: group.toString(), value: encodeGroup(entry) }
  }

  const learn = ({ group, addressingMode, members }: GroupMembers): readonly Write[] => [
    ...members.flatMap(({ jid, alternate }) => directory.learn(jid, alternate)),
    keep(group, { addressingMode, members: members.map(({ jid }) => jid) }),
  ]

  const forget = (groups: readonly Jid[]): readonly Write[] =>
    groups.map((group): Write => {
      entries.delete(group.toString())
      return { table: 'groups', key: group.toString(), value: undefined }
    })

  const apply = (news: GroupNews): readonly Write[] => {
    switch (news.kind) {
      case 'described':
        return learn(news.description)
      case 'outdated':
        return forget(news.groups)
      case 'known_as':
        return news.members.flatMap(({ jid, alternate }) => directory.learn(jid, alternate))
      case 'joined':
      case 'left': {
        const pairs = news.members.flatMap(({ jid, alternate }) => directory.learn(jid, alternate))
        const entry = entries.get(news.group.toString())
        // An unknown list stays unknown.
        if (!entry) return pairs
        const named = news.members.flatMap(({ jid, alternate }) => (alternate ? [jid, alternate] : [jid]))
        const others = entry.members.filter((member) => !named.some((jid) => sameUser(jid, member)))
        const members = news.kind === 'left' ? others : [...others, ...news.members.map(({ jid }) => jid)]
        return [...pairs, keep(news.group, { ...entry, members })]
      }
    }
  }

  return {
    known,
    present: (group) => entries.get(group.toString()),
    learn,
    forget,
    follow: (notification) => {
      const reading = readGroupNews(notification)
      if (!reading || (reading.news.length === 0 && reading.mode === undefined)) return NOTHING_NEW
      const { group, mode, news } = reading
      return mapped(known(group), (entry) => {
        const moved = entry && mode !== undefined && entry.addressingMode !== mode ? forget([group]) : NOTHING
        return [...moved, ...news.flatMap(apply)]
      })
    },
  }
}

const encodeGroup = ({ addressingMode, members }: Group): Uint8Array =>
  encodeStanza(stanza('group', { addressing_mode: addressingMode }, members.map((jid) => stanza('participant', { jid }))))

/** Undefined for a damaged row: the server is asked again. */
const decodeGroup = (row: Uint8Array): Group | undefined => {
  try {
    const kept = decodeStanza(row)
    const addressingMode = attributesOf(kept).optionalText('addressing_mode')
    if (addressingMode !== 'lid' && addressingMode !== 'pn') return undefined
    return { addressingMode, members: childrenOf(kept, 'participant').flatMap((member) => attributesOf(member).optionalJid('jid') ?? []) }
  } catch (error) {
    if (error instanceof StanzaCodecError) return undefined
    throw error
  }
}
