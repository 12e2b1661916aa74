import { defer, finalize, map, type Observable, type OperatorFunction } from 'rxjs'

import type { AccountLink } from '../account/account.ts'
import type { MessageInfo } from '../events/message-event.ts'
import type { Write } from '../store/store.ts'
import { isGroup, isNewsletter, sameJid, userOf, type Jid } from '../stanza/jid.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { childrenOf, type Stanza } from '../stanza/stanza.ts'
import { atOnce, followedBy, mapped, valueOf } from '../reactive/at-once.ts'
import { concatMapBy } from '../reactive/concat-map-by.ts'
import { PassingList } from '../collections/passing-list.ts'
import type { LidDirectory } from './lid-directory.ts'
import { followPlain, type Followers, type PlainStanza } from './follow-plain.ts'
import { joinLoans, NO_LOAN, type Loan } from './loan.ts'
import type { GroupOpening } from './open-from-group.ts'
import { openEnc, type EncKeys, type EncResult, type Opening } from './open-enc.ts'
import { openPost } from './open-post.ts'
import { readMessageInfo } from './read-message-info.ts'
import type { SenderKeyPool } from './sender-key-pool.ts'
import { addressOf, type SessionPool } from './session-pool.ts'

/** A stanza after the decrypting stage. */
export type OpenedStanza =
  | PlainStanza
  | { readonly kind: 'malformed'; readonly stanza: Stanza; readonly faults: readonly string[] }
  | {
      readonly kind: 'message'
      readonly stanza: Stanza
      readonly info: MessageInfo
      readonly results: readonly EncResult[]
      /** What the stanza taught about addresses. */
      readonly writes: readonly Write[]
      /** The keys that moved; kept by whoever commits. */
      readonly loan: Loan
    }

/** What the stage needs. */
export interface DecryptParts extends EncKeys, Followers {
  readonly link: () => AccountLink
  readonly pool: SessionPool
  readonly senderKeys: SenderKeyPool
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
      const loans = new PassingList<Loan>()
      return stanza$.pipe(
        map((stanza) => ({ stanza, lane: parts.laneOf(stanza) })),
        concatMapBy(
          ({ lane }) => lane,
          ({ stanza }) => (stanza.tag === 'message' ? openMessage(parts, stanza, loans) : followPlain(parts, stanza, (loan) => tracked(loan, loans))),
        ),
        finalize(() => {
          for (let loan = loans.shift(); loan; loan = loans.shift()) loan.release()
        }),
      )
    })

const openMessage = (parts: DecryptParts, stanza: Stanza, loans: PassingList<Loan>): Observable<OpenedStanza> => {
  const link = parts.link()
  const reading = readMessageInfo(stanza, link)
  if (reading.kind === 'malformed') return atOnce({ kind: 'malformed', stanza, faults: reading.faults })
  const { info } = reading
  const { source } = info
  if (isNewsletter(source.chat)) return atOnce({ kind: 'message', stanza, info, results: openPost(stanza, parts.messageCodec), writes: [], loan: NO_LOAN })
  const writes = [
    ...parts.directory.learn(source.sender, source.senderAlt),
    ...(source.recipient ? parts.directory.learn(source.recipient, source.recipientAlt) : []),
  ]
  const encs = encsFor(stanza, link)
  // A message of a group alone moves no ratchet.
  const addresses = encs.every(isSenderKeyMessage) ? [] : addressesOf(source.sender, parts.directory)
  return followedBy(parts.pool.borrow(addresses), (sessions) => {
    const held = tracked(sessions, loans)
    return followedBy(borrowGroup(parts, source, loans), (group) =>
      mapped(openAll(encs, { info, sessions, addresses, isOwnDevice: source.isFromMe, group }, parts), (results): OpenedStanza => ({
        kind: 'message',
        stanza,
        info,
        results,
        writes,
        loan: group ? joinLoans(held, group.held) : held,
      })),
    )
  })
}

const isSenderKeyMessage = (enc: Stanza): boolean => attributesOf(enc).optionalText('type') === 'skmsg'

/** The sender keys of the sender, after its ratchets: everybody takes them in this order. */
const borrowGroup = (
  parts: DecryptParts,
  { chat, sender: jid, isGroup: isMany }: MessageInfo['source'],
  loans: PassingList<Loan>,
): Observable<(GroupOpening & { readonly held: Loan }) | undefined> => {
  if (!isMany) return NO_GROUP
  const sender = parts.directory.canonical(jid)
  const alternate = parts.directory.alternate(sender)
  return mapped(parts.senderKeys.borrow(chat, alternate ? [sender, alternate] : [sender]), (loan) => ({
    chat,
    sender,
    alternate,
    loan,
    held: tracked(loan, loans),
  }))
}

const NO_GROUP = atOnce(undefined)

/** A pairwise message that failed is asked for again, and what it was sent with comes again with it (protocol document 06, section 3). */
const openAll = (encs: readonly Stanza[], opening: Opening, parts: DecryptParts): Observable<readonly EncResult[]> => {
  const results: EncResult[] = []
  let hasFailed = false
  const take = (result: EncResult): void => {
    if (result.kind === 'undecryptable' && PAIRWISE.includes(result.encType)) hasFailed = true
    results.push(result)
  }
  const openRest = (first: number): Observable<readonly EncResult[]> => {
    for (let index = first; index < encs.length; index += 1) {
      if (hasFailed && isSenderKeyMessage(encs[index]!)) continue
      const result$ = openEnc(encs[index]!, index, opening, parts)
      const there = valueOf(result$)
      if (there) take(there.value)
      else
        return followedBy(result$, (result) => {
          take(result)
          return openRest(index + 1)
        })
    }
    return atOnce(results)
  }
  return openRest(0)
}

const PAIRWISE = ['pkmsg', 'msg']

/** Remembers a loan until it ends, so that teardown can give it back. */
const tracked = (loan: Loan, loans: PassingList<Loan>): Loan => {
  const wrapped: Loan = {
    writes: () => loan.writes(),
    keep: () => {
      ended()
      loan.keep()
    },
    release: () => {
      ended()
      loan.release()
    },
  }
  const ended = loans.add(wrapped)
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
