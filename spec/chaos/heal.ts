import { loaded } from './loaded.ts'
import type { Stage } from './stage.ts'
import { sendTo, write } from './take-step.ts'

/** Turns of mending before whatever is missing counts as lost. */
const ROUNDS = 4

/** Time of one turn: the longest wait for an answer, and a backlog whose end mark is missing. */
const ROUND_MS = 70_000

/** Ends all faults, brings everybody back, and gives everything the time it needs. */
export const heal = async (stage: Stage): Promise<void> => {
  const { simulator, app, clock, actors, ana, ben, cleo, groups } = stage
  const bringBack = (): void => {
    simulator.faults.clear()
    for (const { phone } of actors) phone.goOnline()
    stage.other?.wake()
    app.stop()
    app.start()
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    bringBack()
    await loaded(app)
    await clock.advance(ROUND_MS)
    if (round >= 1 && isQuiet(stage)) break
  }
  // Whatever was held back by a lock that nobody gave back shows now.
  write(stage, ben, (text) => ben.phone.send(ana.phone, text), ben.phone.lid)
  write(stage, cleo, (text) => cleo.phone.send(ana.phone, text), cleo.phone.lid)
  for (const { phone } of [ben, cleo]) sendTo(stage, phone.lid)
  for (const { jid } of groups) {
    sendTo(stage, jid)
    write(stage, ben, (text) => ben.phone.sendToGroup(jid, text), jid)
  }
  await clock.advance(ROUND_MS)
}

const isQuiet = ({ app, written, simulator, device, outgoing }: Stage): boolean => {
  const told = new Set(app.told.map(({ id }) => id))
  return simulator.waitingFor(device) === 0 && written.every(({ id }) => told.has(id)) && [...outgoing.keys()].every((id) => app.accepted.has(id))
}
