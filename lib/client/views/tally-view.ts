import { filter, map, scan, startWith, type Observable } from 'rxjs'

import { toHex } from '../../bytes/bytes.ts'
import { inChat } from '../../events/operators/in-chat.ts'
import type { MessageAddonEvent } from '../../events/message-addon-event.ts'
import { isLid, userOf, type Jid } from '../../stanza/jid.ts'

/** Names a poll. */
export interface PollKey {
  readonly chat: Jid | string
  /** Of the message that created it. */
  readonly id: string
}

/** How a poll stands. */
export interface PollTally {
  /** Votes by the hash of the option in hexadecimal; options without votes are not in it. */
  readonly votes: ReadonlyMap<string, number>
  /** People who voted for something. */
  readonly voters: number
}

/** Most people counted, and most options of one vote. */
const MOST_VOTERS = 20_000
const MOST_OPTIONS = 100

interface Ballot {
  readonly at: number
  readonly options: ReadonlySet<string>
}

type Vote = MessageAddonEvent & { readonly kind: 'poll_vote' }

/** The votes seen while somebody looks; the latest of each voter counts, by the time it was written. */
export const tallyView = (messageAddons$: Observable<MessageAddonEvent>, { chat, id }: { readonly chat: Jid; readonly id: string }): Observable<PollTally> =>
  messageAddons$.pipe(
    filter((addon): addon is Vote => addon.kind === 'poll_vote' && addon.targetMessageId === id && addon.decrypted !== undefined),
    inChat<Vote>(chat),
    scan((ballots: ReadonlyMap<string, Ballot>, vote) => {
      const voter = voterOf(vote)
      const known = ballots.get(voter)
      const at = vote.info.timestamp.getTime()
      if ((known && known.at > at) || (!known && ballots.size >= MOST_VOTERS)) return ballots
      return new Map(ballots).set(voter, { at, options: new Set((vote.decrypted?.selectedOptions ?? []).slice(0, MOST_OPTIONS).map(toHex)) })
    }, new Map<string, Ballot>()),
    map(count),
    startWith(count(new Map())),
  )

/** One person under both addresses. */
const voterOf = ({ info }: Vote): string => {
  const { sender, senderAlt } = info.source
  return userOf(!isLid(sender) && senderAlt && isLid(senderAlt) ? senderAlt : sender).toString()
}

const count = (ballots: ReadonlyMap<string, Ballot>): PollTally => {
  const votes = new Map<string, number>()
  let voters = 0
  for (const { options } of ballots.values()) {
    if (options.size > 0) voters += 1
    for (const option of options) votes.set(option, (votes.get(option) ?? 0) + 1)
  }
  return { votes, voters }
}
