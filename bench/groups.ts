/**
 * Groups against the simulator, each client in a process of its own, the server in this one: `npm run bench -- groups`.
 * The first message of a group gives everybody our key, the ones after it do not; how long the event loop of the
 * client was held up is noted. Measured in rounds, the first of which only warms up. `MEMBERS`, `MESSAGES` and
 * `ROUNDS` say how many.
 */
import type { Row } from './harness.ts'
import { raceClients, type Talk } from './contestants.ts'
import type { Peers } from './peers.ts'

const MEMBERS = Number(process.env.MEMBERS ?? 500)
const MESSAGES = Number(process.env.MESSAGES ?? 1_500)
const ROUNDS = Number(process.env.ROUNDS ?? 5)
/** The largest group there is, with two devices each. */
const LARGEST = 1_024

const converse = async ({ simulator, owner, backlog, burst }: Talk): Promise<void> => {
  const ben = simulator.phone({ name: 'Ben' })
  const groupOf = (members: number, devicesEach: number): string => simulator.group({ phones: [ben, owner], bystanders: members - 2, devicesEach }).jid.toString()
  for (let round = 0; round <= ROUNDS; round += 1) {
    const item = (name: string): string | undefined => (round === 0 ? undefined : `${name}, group of ${MEMBERS}`)
    // Nobody of it was ever met before.
    const fresh = groupOf(MEMBERS, 1)
    await burst(item('sent, first'), [fresh], 1)
    await burst(item('sent, warm'), [fresh], MESSAGES)
    const heard = simulator.group({ phones: [ben, owner], bystanders: MEMBERS - 2 }).jid
    // The key comes before the clock starts: a client that opens a backlog all at once would look for it too early.
    await backlog(undefined, 1, () => ben.sendToGroup(heard, 'hello'))
    await backlog(item('received'), MESSAGES, () => {
      for (let index = 0; index < MESSAGES; index += 1) ben.sendToGroup(heard, `text ${index}`)
    })
  }
  const largest = groupOf(LARGEST, 2)
  await burst(`sent, first, group of ${LARGEST} × 2`, [largest], 1)
  await burst(`sent, warm, group of ${LARGEST} × 2`, [largest], Math.ceil(MESSAGES / 5))
}

/** Runs them with every client that is installed. */
export const run = (peers: Peers): Promise<readonly Row[]> => raceClients(peers, converse)
