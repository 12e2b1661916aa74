/**
 * Groups against the simulator, each client in a process of its own, the server in this one: `npm run bench -- groups`.
 * The first message of a group gives everybody our key, the ones after it do not; how long the event loop of the
 * client was held up is noted. `MEMBERS` and `MESSAGES` say how many.
 */
import type { Row } from './harness.ts'
import { raceClients, type Talk } from './contestants.ts'
import type { Peers } from './peers.ts'

const MEMBERS = Number(process.env.MEMBERS ?? 500)
const MESSAGES = Number(process.env.MESSAGES ?? 500)
/** The largest group there is, with two devices each. */
const LARGEST = 1_024

const converse = async ({ simulator, owner, backlog, burst }: Talk): Promise<void> => {
  const ben = simulator.phone({ name: 'Ben' })
  const groupOf = (members: number, devicesEach: number): string => simulator.group({ phones: [ben, owner], bystanders: members - 2, devicesEach }).jid.toString()
  // Sends are measured when nobody has been met before.
  const fresh = Array.from({ length: 3 }, () => groupOf(MEMBERS, 1))
  await burst(`sent, first, group of ${MEMBERS}`, fresh, 1)
  await burst(`sent, warm, group of ${MEMBERS}`, fresh.slice(0, 1), MESSAGES)
  const heard = simulator.group({ phones: [ben, owner], bystanders: MEMBERS - 2 }).jid
  await backlog(`received, group of ${MEMBERS}`, MESSAGES, () => {
    for (let index = 0; index < MESSAGES; index += 1) ben.sendToGroup(heard, `text ${index}`)
  })
  const largest = groupOf(LARGEST, 2)
  await burst(`sent, first, group of ${LARGEST} × 2`, [largest], 1)
  await burst(`sent, warm, group of ${LARGEST} × 2`, [largest], Math.ceil(MESSAGES / 5))
}

/** Runs them with every client that is installed. */
export const run = (peers: Peers): Promise<readonly Row[]> => raceClients(peers, converse)
