import type { Observable } from 'rxjs'

import { mapped } from '../reactive/at-once.ts'
import type { Stanza } from '../stanza/stanza.ts'
import type { Followed, PeopleFollower } from './follow-people.ts'
import type { GroupDirectory } from './group-directory.ts'
import type { LidDirectory } from './lid-directory.ts'
import { learnFromAttributes } from './lid-sources.ts'
import type { Loan } from './loan.ts'

/** Who takes note of what stanzas other than messages teach. */
export interface Followers {
  readonly groups: Pick<GroupDirectory, 'follow'>
  readonly people: PeopleFollower
  readonly directory: Pick<LidDirectory, 'learn'>
}

/** Not a message: passed through, with what it taught. */
export type PlainStanza = Partial<Followed> & { readonly kind: 'plain'; readonly stanza: Stanza }

/** A stanza that is no message, with what it taught; emits once. */
export const followPlain = ({ groups, people, directory }: Followers, stanza: Stanza, track: (loan: Loan) => Loan): Observable<PlainStanza> => {
  const learnt = learnFromAttributes(stanza, directory)
  const followed$ = people.follow(stanza)
  if (followed$) return mapped(followed$, ({ loan, writes, ...followed }): PlainStanza => ({ kind: 'plain', stanza, ...followed, writes: [...learnt, ...writes], ...(loan && { loan: track(loan) }) }))
  return mapped(groups.follow(stanza), (writes): PlainStanza => (writes.length + learnt.length === 0 ? { kind: 'plain', stanza } : { kind: 'plain', stanza, writes: [...learnt, ...writes] }))
}
