import { sameUser, type Explanation, type Jid } from '../../lib/index.ts'
import type { OpenStore, Table } from '../../lib/store/store.ts'
import type { Outgoing, Stage, Written } from './stage.ts'

/** What became of a run. */
export interface Verdict {
  /** What was promised and not held; empty when all is well. */
  readonly problems: readonly string[]
  /** Messages that could not be read at first, and were after all. */
  readonly mended: number
  /** Messages that were not read, and why it is known. */
  readonly explained: readonly string[]
}

/** Checks a healed stage, then takes it down and looks for what is left. */
export const findProblems = async (stage: Stage): Promise<Verdict> => {
  const { simulator, app, other, device } = stage
  const problems = [...stage.problems, ...app.problems]
  const explained: string[] = []

  const reused = simulator.reusedMessageKeys()
  if (reused.length > 0) problems.push(`message keys were used twice: ${reused.length}`)
  for (const message of [...stage.written, ...acceptedOf(stage)]) checkTold(stage, message, problems, explained)
  for (const message of stage.outgoing.values()) checkRead(stage, message, problems, explained)
  checkOrder(stage, problems)
  if (other) for (const [id, texts] of other.told) if (texts.length > 1) problems.push(`the other client told ${id} ${texts.length} times`)
  for (const { path, rule, message } of simulator.violations()) problems.push(`a client said what none would: ${path} (${rule}): ${message}`)
  if (simulator.waitingFor(device) > 0) problems.push(`${simulator.waitingFor(device)} stanzas were not acknowledged`)

  app.stop()
  other?.stop()
  await stage.clock.advance(0)
  await checkLeftovers(stage, problems)
  const told = new Set(app.told.map(({ id }) => id))
  const mended = [...app.explained.values()].filter((chains) => chains.some(({ direction, id, outcome }) => outcome === 'mended' || (direction === 'in' && told.has(id)))).length
  return { problems, mended, explained }
}

/** What of the other client's was taken, and is owed to us therefore. */
const acceptedOf = ({ fromOther, other }: Stage): readonly Written[] => [...fromOther.values()].filter(({ id }) => other?.accepted.has(id))

const chainsOf = ({ app }: Stage, id: string, direction: Explanation['direction']): readonly Explanation[] => (app.explained.get(id) ?? []).filter((chain) => chain.direction === direction)

const show = (chains: readonly Explanation[]): string => chains.map(({ outcome, steps }) => `${outcome}: ${steps.map((step) => [step.kind, 'reason' in step && step.reason, 'fault' in step && step.fault, 'because' in step && step.because, 'how' in step && step.how, 'outcome' in step && step.outcome, 'count' in step && step.count, 'code' in step && step.code].filter((part) => part !== false && part !== undefined).join(' ')).join(', ')}`).join('; ')

const checkTold = (stage: Stage, { id, text, sender }: Written, problems: string[], explained: string[]): void => {
  const keys = new Set(stage.app.told.filter((told) => told.text === text).map(({ key }) => key))
  if (keys.size === 1) return
  const chains = chainsOf(stage, id, 'in')
  if (keys.size > 1) problems.push(`"${text}" was told under ${keys.size} keys (${show(chains)})`)
  else if (chains.length === 0) problems.push(`"${text}" of ${sender} was never told, and nobody knows why`)
  else explained.push(`"${text}" was not told: ${show(chains)}`)
}

const checkRead = (stage: Stage, { id, text, readers }: Outgoing, problems: string[], explained: string[]): void => {
  if (!stage.app.accepted.has(id)) {
    problems.push(`"${text}" was never accepted (${show(chainsOf(stage, id, 'out'))})`)
    return
  }
  for (const { name, read, phone } of stage.actors) {
    if (!readers.includes(name) || read.get(id) === text) continue
    const chains = chainsOf(stage, id, 'out').filter(({ steps }) => steps.some((step) => !('device' in step) || isOf(step.device, phone)))
    if (chains.length === 0) problems.push(`"${text}" was not read by ${name}, and nobody knows why`)
    else explained.push(`"${text}" was not read by ${name}: ${show(chains)}`)
  }
}

const isOf = (device: Jid, { lid, phoneNumber }: { readonly lid: Jid; readonly phoneNumber: Jid }): boolean => sameUser(device, lid) || sameUser(device, phoneNumber)

const groupBy = <T>(items: Iterable<T>, keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> => {
  const groups = new Map<string, T[]>()
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item])
  return groups
}

/** What nobody held up keeps its order per chat and sender. */
const checkOrder = ({ app, written, bent, actors, outgoing, ana }: Stage, problems: string[]): void => {
  const isStraight = (id: string): boolean => !bent.has(id) && !app.explained.has(id)
  const firsts = [...new Set(app.told.map(({ id }) => id))]
  const place = new Map(firsts.map((id, index) => [id, index]))
  const check = (what: string, ids: readonly string[], places: ReadonlyMap<string, number>): void => {
    const known = ids.filter((id) => isStraight(id) && places.has(id))
    const wrong = known.find((id, index) => index > 0 && places.get(id)! < places.get(known[index - 1]!)!)
    if (wrong !== undefined) problems.push(`${what}: ${wrong} came before what was written before it`)
  }
  for (const [lane, messages] of groupBy(written, ({ chat, sender }) => `${sender} in ${chat}`)) check(`told, of ${lane}`, messages.map(({ id }) => id), place)
  for (const { name, read } of actors.filter((actor) => actor !== ana)) {
    const places = new Map([...read.keys()].map((id, index) => [id, index]))
    for (const [chat, messages] of groupBy(outgoing.values(), ({ chat }) => chat.toString())) check(`read by ${name}, in ${chat}`, messages.map(({ id }) => id), places)
  }
}

/** Tables that are empty when all is done. */
const EMPTY_TABLES: readonly Table[] = ['inbox', 'outbox', 'quarantine']

const checkLeftovers = async ({ clock, app, simulator, disk }: Stage, problems: string[]): Promise<void> => {
  if (app.openSockets() > 0) problems.push(`${app.openSockets()} sockets are open`)
  if (simulator.connections() > 0) problems.push(`the server has ${simulator.connections()} connections`)
  if (clock.pendingTimers() > 0) problems.push(`${clock.pendingTimers()} timers are set`)
  const rows: OpenStore = await disk.open()
  for (const table of EMPTY_TABLES) {
    const left = await rows.scan(table, undefined, 100)
    if (left.length > 0) problems.push(`${left.length} rows were left in ${table}: ${left.map(({ key }) => key).join(', ')}`)
  }
  await rows.close()
}
