import type { Write } from '../store/store.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { childOf, type Stanza } from '../stanza/stanza.ts'
import type { LidDirectory } from './lid-directory.ts'

/**
 * Which attributes of notifications name one person twice, by type (protocol documents 05, section 8, and
 * 11). Learnt elsewhere, beside what else they say: senders and recipients of messages (`decrypt.ts`), members
 * of groups (`group-directory.ts`), device lists and identities (`follow-people.ts`), answers to questions
 * (`find-devices.ts`, `features/contacts.ts`), our own addresses (the account's link), and the mappings our
 * phone sends (`client/follow-mappings.ts`).
 */
const SOURCES: ReadonlyMap<string, ReadonlyArray<readonly [string, string]>> = new Map([
  ['w:gp2', [['participant', 'participant_pn']]],
  ['privacy_token', [['from', 'sender_lid']]],
])

/** A new number counts only when both LIDs are named (protocol document 11, section 9). */
const NUMBER_CHANGE: ReadonlyArray<readonly [string, string]> = [
  ['old', 'old_lid'],
  ['new', 'new_lid'],
]

const NOTHING: readonly Write[] = []

/** Takes note of the people a stanza names twice; returns what to store. */
export const learnFromAttributes = (stanza: Stanza, directory: Pick<LidDirectory, 'learn'>): readonly Write[] => {
  if (stanza.tag !== 'notification') return NOTHING
  const type = String(stanza.attrs['type'])
  const change = type === 'contacts' ? childOf(stanza, 'modify') : undefined
  if (change) return NUMBER_CHANGE.every(([, lid]) => change.attrs[lid] !== undefined) ? learnPairs(change, NUMBER_CHANGE, directory) : NOTHING
  const pairs = SOURCES.get(type)
  return pairs ? learnPairs(stanza, pairs, directory) : NOTHING
}

const learnPairs = (stanza: Stanza, pairs: ReadonlyArray<readonly [string, string]>, directory: Pick<LidDirectory, 'learn'>): readonly Write[] => {
  const read = attributesOf(stanza)
  return pairs.flatMap(([one, other]) => directory.learn(read.optionalJid(one), read.optionalJid(other)))
}
