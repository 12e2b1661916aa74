/**
 * Messages per second against the simulator, each client in a process of its own, the server in this one:
 * `npm run bench -- conversation`. Received messages are encrypted before the clock starts, because they
 * wait in the backlog; sends are counted when the server has accepted them, 50 in flight. Everything
 * is measured in rounds, the first of which only warms up; the median counts. `PEOPLE`, `MESSAGES` and `ROUNDS` say
 * how many, `ONLY=rxwa,zapo` runs some of the clients, `PHASES=folder` profiles ours phase by phase.
 */
import type { Row } from './harness.ts'
import { raceClients, type Talk } from './contestants.ts'
import type { Peers } from './peers.ts'

const PEOPLE = Number(process.env.PEOPLE ?? 600)
const MESSAGES = Number(process.env.MESSAGES ?? 5_000)
const ROUNDS = Number(process.env.ROUNDS ?? 5)

const converse = async ({ simulator, owner, backlog, burst }: Talk): Promise<void> => {
  const meet = () => Array.from({ length: PEOPLE }, (_, index) => simulator.phone({ name: `Person ${index}` }))
  const [friend] = meet()
  for (let round = 0; round <= ROUNDS; round += 1) {
    const item = (name: string): string | undefined => (round === 0 ? undefined : name)
    const writers = meet()
    await backlog(item('received, first contact'), PEOPLE, () => writers.forEach((person) => person.send(owner, 'hello')))
    await burst(item('sent, first contact'), meet().map(({ lid }) => lid.toString()), 1)
    await backlog(item('received, established'), MESSAGES, () => {
      for (let index = 0; index < MESSAGES; index += 1) friend!.send(owner, `text ${index}`)
    })
    await burst(item('sent, established'), [friend!.lid.toString()], MESSAGES)
  }
}

/** Runs the conversation with every client that is installed. */
export const run = (peers: Peers): Promise<readonly Row[]> => raceClients(peers, converse)
