/**
 * Messages per second against the simulator, each client in a process of its own, the server in this one:
 * `npm run bench -- conversation`. Received messages are encrypted before the clock starts, because they
 * wait in the backlog; sends are counted when the server has accepted them, 50 in flight. `PEOPLE` and `MESSAGES`
 * say how many, `ONLY=rxwa` runs one client, `PHASES=folder` profiles ours phase by phase.
 */
import type { Row } from './harness.ts'
import { raceClients, type Talk } from './contestants.ts'
import type { Peers } from './peers.ts'

const PEOPLE = Number(process.env.PEOPLE ?? 300)
const MESSAGES = Number(process.env.MESSAGES ?? 3_000)

const converse = async ({ simulator, owner, backlog, burst }: Talk): Promise<void> => {
  const people = Array.from({ length: PEOPLE }, (_, index) => simulator.phone({ name: `Person ${index}` }))
  await backlog('received, first contact', PEOPLE, () => people.forEach((person) => person.send(owner, 'hello')))
  await burst('sent, first contact', people.map(({ lid }) => lid.toString()), 1)
  const first = people[0]!
  await backlog('received, established', MESSAGES, () => {
    for (let index = 0; index < MESSAGES; index += 1) first.send(owner, `text ${index}`)
  })
  await burst('sent, established', [first.lid.toString()], MESSAGES)
}

/** Runs the conversation with every client that is installed. */
export const run = (peers: Peers): Promise<readonly Row[]> => raceClients(peers, converse)
