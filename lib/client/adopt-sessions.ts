import { concatMap, map, of, type Observable } from 'rxjs'

import { addressOf } from '../pipeline/session-pool.ts'
import { atOnce, followedBy } from '../reactive/at-once.ts'
import type { Jid } from '../stanza/jid.ts'
import type { Live } from './live.ts'

/**
 * Which of these devices have no session, under the addresses given. One that has a session under its phone
 * number, from before its LID was known, keeps it: session and identity move to the LID (protocol documents
 * 04, section 8, and 05, section 8). Looks at phone numbers only where the LID has no session.
 *
 * @param addresses of the devices in the same order, under their LIDs where those are known
 */
export const withoutSession = ({ session }: Pick<Live, 'session'>, devices: readonly Jid[], addresses: readonly string[]): Observable<readonly string[]> =>
  followedBy(session.pool.withoutSession(addresses), (missing) => (missing.length === 0 ? atOnce(missing) : adoptSessions({ session }, devices, addresses, missing)))

const adoptSessions = (
  { session: { pool, directory, commit } }: Pick<Live, 'session'>,
  devices: readonly Jid[],
  addresses: readonly string[],
  missing: readonly string[],
): Observable<readonly string[]> => {
  const lacking = new Set(missing)
  const moves = devices.flatMap((device, index) => {
    const to = addresses[index]!
    const alternate = lacking.has(to) ? directory.alternate(directory.canonical(device)) : undefined
    return alternate ? [{ from: addressOf(alternate), to }] : []
  })
  if (moves.length === 0) return atOnce(missing)
  return pool.withoutSession(moves.map(({ from }) => from)).pipe(
    concatMap((nowhere) => {
      const possible = moves.filter(({ from }) => !nowhere.includes(from))
      if (possible.length === 0) return of(missing)
      return pool.borrow(possible.flatMap(({ from, to }) => [from, to])).pipe(
        concatMap((loan) => {
          for (const { from, to } of possible) {
            const [old, own] = [loan.peer(from), loan.peer(to)]
            // Somebody may have been faster.
            if (!old.session || own.session) continue
            loan.put(to, { session: old.session, identity: own.identity ?? old.identity })
            loan.put(from, { session: undefined, identity: undefined })
          }
          const moved = new Set(possible.filter(({ to }) => loan.peer(to).session).map(({ to }) => to))
          const durable$ = commit(loan.writes())
          loan.keep()
          return durable$.pipe(map(() => missing.filter((address) => !moved.has(address))))
        }),
      )
    }),
  )
}
