import { createSimulator, createVirtualClock } from '../../lib/testing/index.ts'
import { seededRandom } from '../fuzz/random.ts'
import { hearApart, hearHere, realClock, type HearerParts } from './hearers.ts'
import { createOtherClient, type OtherClient } from './other-client.ts'

/** How much is said, by whom. */
export interface ManyMessages {
  readonly messages: number
  readonly people: number
  /** Devices of each, the phone among them. */
  readonly devicesEach: number
  readonly seed: number
  /** The client has a process of its own, and time is real; default false. */
  readonly isApart?: boolean
  /** Told the bytes in use after each tenth, with `isApart` those of the client alone. */
  readonly measured?: (heapBytes: number) => void
}

/** What became of them. */
export interface ManyMessagesResult {
  readonly problems: readonly string[]
  /** Messages that could not be read at first. */
  readonly mended: number
}

/** One in so many comes behind the next one, and one in so many comes twice. */
const REORDERED = 50
const DUPLICATED = 100

/** Messages on their way at the same time, in real time. */
const AHEAD = 100

/** Time between two messages, and for all that is left in the end. */
const PAUSE_MS = 20
const SETTLE_MS = 130_000

/**
 * Many people write to one client from all their devices, some messages out of order, some twice, and in the
 * middle the server begins to call half of the people by their LIDs.
 */
export const hearManyMessages = async ({ messages, people, devicesEach, seed, measured, isApart = false }: ManyMessages): Promise<ManyMessagesResult> => {
  const { below, oneIn } = seededRandom(seed)
  const clock = isApart ? realClock() : createVirtualClock()
  const simulator = createSimulator({ scheduler: clock.scheduler })
  const problems: string[] = []
  const owner = simulator.phone({ name: 'Owner' })
  const parts: HearerParts = { clock, simulator, owner, problem: (what) => problems.push(what) }
  const hearer = isApart ? await hearApart(parts) : hearHere(parts)
  const { told } = hearer
  const untilReal = async (isDone: () => boolean): Promise<void> => {
    for (let turn = 0; !isDone() && turn < 5_000; turn += 1) await clock.advance(10)
  }
  await untilReal(hearer.isConnected)

  // By their numbers at first; from the middle on half of them write from where the server tells LIDs.
  simulator.hideLids(true)
  const phones = Array.from({ length: people }, (_, index) => simulator.phone({ name: `Person ${index}` }))
  const companions: OtherClient[][] = []
  for (const phone of phones) {
    const mine: OtherClient[] = []
    for (let device = 1; device < devicesEach; device += 1) {
      const other = createOtherClient(clock, simulator, phone, (what) => problems.push(what))
      await untilReal(() => other.device() !== undefined)
      mine.push(other)
    }
    companions.push(mine)
  }
  const device = `${owner.phoneNumber.user}:1@s.whatsapp.net`
  simulator.faults.add([
    { on: { device, direction: 'out', tag: 'message', where: () => oneIn(REORDERED) }, do: { kind: 'reorder', behind: 1 } },
    { on: { device, direction: 'out', tag: 'message', where: () => oneIn(DUPLICATED) }, do: { kind: 'duplicate' } },
  ])

  for (let number = 0; number < messages; number += 1) {
    const person = below(people)
    // The even ones move in the middle.
    if (number >= messages / 2) simulator.hideLids(person % 2 === 1)
    const from = below(devicesEach)
    const text = `text ${number}`
    if (from === 0) phones[person]!.send(owner, text)
    else companions[person]![from - 1]!.send(owner.phoneNumber, text, `MANY${number}`)
    // In real time it is written as fast as it is read.
    if (!isApart) await clock.advance(PAUSE_MS)
    else if (number % AHEAD === AHEAD - 1) await untilReal(() => told.size > number - 2 * AHEAD)
    if (measured && (number + 1) % Math.ceil(messages / 10) === 0) measured(await hearer.heapBytes())
  }
  simulator.faults.clear()
  hearer.reconnect()
  if (isApart) await untilReal(() => told.size >= messages && simulator.waitingFor(device) === 0)
  else await clock.advance(SETTLE_MS)

  const missing = Array.from({ length: messages }, (_, number) => `text ${number}`).filter((text) => !told.has(text))
  if (missing.length > 0) problems.push(`${missing.length} were never told, first "${missing[0]}"`)
  const twice = [...told].filter(([, times]) => times > 1)
  if (twice.length > 0) problems.push(`${twice.length} were told twice, first "${twice[0]![0]}"`)
  if (simulator.waitingFor(device) > 0) problems.push(`${simulator.waitingFor(device)} stanzas were not acknowledged`)
  if (simulator.reusedMessageKeys().length > 0) problems.push('message keys were used twice')
  for (const mine of companions) for (const other of mine) other.stop()
  hearer.stop()
  if (clock.pendingTimers() > 0) problems.push(`${clock.pendingTimers()} timers are set`)
  return { problems, mended: hearer.unreadable() }
}
