import { concatMap, defer, finalize, from, map, of, toArray, type Observable, type OperatorFunction } from 'rxjs'

import type { AccountLink } from '../account/account.ts'
import type { MessageInfo } from '../events/message-event.ts'
import type { Write } from '../store/store.ts'
import { isGroup, sameJid, userOf, type Jid } from '../stanza/jid.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { childrenOf, type Stanza } from '../stanza/stanza.ts'
import { concatMapBy } from './concat-map-by.ts'
import type { LidDirectory } from './lid-directory.ts'
import { openEnc, type EncKeys, type EncResult } from './open-enc.ts'
import { readMessageInfo } from './read-message-info.ts'
import { addressOf, type Loan, type SessionPool } from './session-pool.ts'

/** A stanza after the decrypting stage. */
export type OpenedStanza =
  /** Not a message: passed through. */
  | { readonly kind: 'plain'; readonly stanza: Stanza }
  | { readonly kind: 'malformed'; readonly stanza: Stanza; readonly faults: readonly string[] }
  | {
      readonly kind: 'message'
      readonly stanza: Stanza
      readonly info: MessageInfo
      readonly results: readonly EncResult[]
      /** What the stanza taught about addresses. */
      readonly writes: readonly Write[]
      /** The ratchets that moved; kept by whoever commits. */
      readonly loan: Loan
    }

/** What the stage needs. */
export interface DecryptParts extends EncKeys {
  readonly link: () => AccountLink
  readonly pool: SessionPool
  readonly directory: LidDirectory
  /** Names the lane a stanza waits in; stanzas of one lane keep their order. */
  readonly laneOf: (stanza: Stanza) => string
}

/**
 * Opens the `enc` children of each message; other stanzas pass through unchanged.
 *
 * Order: one stanza at a time per lane, lanes side by side; the `enc` children of a stanza in wire
 * order. One ratchet is never advanced by two at once: its loan is held until the message is committed.
 * Failure: an `enc` that cannot be opened is a result. The stream errors only when the store does.
 * Held: loans of stanzas that were not committed are given back on teardown.
 */
export const decrypt =
  (parts: DecryptParts): OperatorFunction<Stanza, OpenedStanza> =>
  (stanza$) =>
    defer(() => {
      const loans = new Set<Loan>()
      return stanza$.pipe(
        map((stanza) => ({ stanza, lane: parts.laneOf(stanza) })),
        concatMapBy(
          ({ lane }) => lane,
          ({ stanza }) => (stanza.tag === 'message' ? openMessage(parts, stanza, loans) : of<OpenedStanza>({ kind: 'plain', stanza })),
        ),
        finalize(() => {
          for (const loan of loans) loan.release()
        }),
      )
    })

const openMessage = (parts: DecryptParts, stanza: Stanza, loans: Set<Loan>): Observable<OpenedStanza> => {
  const link = parts.link()
  const reading = readMessageInfo(stanza, link)
  if (reading.kind === 'malformed') return of({ kind: 'malformed', stanza, faults: reading.faults })
  const { info } = reading
  const { source } = info
  const writes = [
    ...parts.directory.learn(source.sender, source.senderAlt),
    ...(source.recipient ? parts.directory.learn(source.recipient, source.recipientAlt) : []),
  ]
  const addresses = addressesOf(source.sender, parts.directory)
  return parts.pool.borrow(addresses).pipe(
    concatMap((borrowed) => {
      const loan = tracked(borrowed, loans)
      return from(encsFor(stanza, link)).pipe(
        concatMap((enc, index) => openEnc(enc, index, loan, addresses, source.isFromMe, parts)),
        toArray(),
        map((results): OpenedStanza => ({ kind: 'message', stanza, info, results, writes, loan })),
      )
    }),
  )
}

/** Remembers a loan until it ends, so that teardown can give it back. */
const tracked = (loan: Loan, loans: Set<Loan>): Loan => {
  const ended = (): void => void loans.delete(wrapped)
  const wrapped: Loan = {
    ...loan,
    keep: () => {
      ended()
      loan.keep()
    },
    release: () => {
      ended()
      loan.release()
    },
  }
  loans.add(wrapped)
  return wrapped
}

/** The LID first, then the phone number where a session may still be. */
const addressesOf = (sender: Jid, directory: LidDirectory): readonly string[] => {
  const canonical = directory.canonical(sender)
  const other = directory.alternate(canonical)
  return other ? [addressOf(canonical), addressOf(other)] : [addressOf(canonical)]
}

/** Order of opening: pairwise messages carry what group messages need (protocol document 06, section 3). */
const encOrder = (enc: Stanza): number => {
  const type = attributesOf(enc).optionalText('type')
  return type === 'skmsg' ? 1 : type === 'msmsg' ? 2 : 0
}

/** The `enc` children for this device: direct ones, then those under `participants` addressed to us. */
const encsFor = (stanza: Stanza, link: AccountLink): readonly Stanza[] => {
  const direct = childrenOf(stanza, 'enc')
  const addressed = childrenOf(stanza, 'participants')
    .flatMap((participants) => childrenOf(participants, 'to'))
    .filter((to) => {
      const jid = attributesOf(to).optionalJid('jid')
      return jid !== undefined && (sameJid(jid, link.id) || sameJid(jid, link.lid))
    })
    .flatMap((to) => childrenOf(to, 'enc'))
  const all = addressed.length === 0 ? direct : [...direct, ...addressed]
  return all.length < 2 ? all : [...all].sort((one, other) => encOrder(one) - encOrder(other))
}

/** The lane of a stanza: its chat; a direct chat is one lane under both of its addresses. */
export const chatLaneOf =
  (directory: LidDirectory) =>
  (stanza: Stanza): string => {
    const read = attributesOf(stanza)
    const from = read.optionalJid('from')
    if (!from) return ''
    const chat = isGroup(from) ? from : userOf(directory.canonical(read.optionalJid('recipient') ?? from))
    return chat.toString()
  }
