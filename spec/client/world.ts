import { afterEach, expect } from '@jest/globals'
import { filter, firstValueFrom, take, type Subscription } from 'rxjs'

import { createClient, textOf, type Client, type ClientOptions, type Stanza, type WaEvent } from '../../lib/index.ts'
import { memoryStore } from '../../lib/store/memory/index.ts'
import { createSimulator, createVirtualClock, type Phone, type Simulator, type SimulatorOptions, type VirtualClock } from '../../lib/testing/index.ts'
import { createCanary } from './canary.ts'
import { countingDial } from './counting-dial.ts'

export { countingDial } from './counting-dial.ts'

/** A client, its server and two people, all in one virtual time. */
export interface TestWorld {
  readonly clock: VirtualClock
  readonly simulator: Simulator
  readonly ana: Phone
  readonly ben: Phone
  readonly client: Client
  readonly events: WaEvent[]
  /** What `connection$` ended with. */
  readonly ended: () => unknown
  /** Subscribes to the connection; the phone scans the first code. */
  readonly connect: () => Promise<void>
  readonly hangUp: () => void
  readonly openSockets: () => number
  /** Stanzas of the client, as the server got them. */
  readonly sent: Stanza[]
  readonly device: string
}

const canary = createCanary()
afterEach(() => expect(canary.leaks()).toEqual([]))

const simulators = new Map<Simulator, readonly string[]>()

// Whatever a spec is about: our client says nothing that no published client would.
afterEach(() => {
  const all = [...simulators]
  simulators.clear()
  for (const [simulator, allowed] of all)
    expect(simulator.violations().filter(({ path }) => !allowed.includes(path)).map(({ path, rule, message }) => `${path} (${rule}): ${message}`)).toEqual([])
})

/** Checks after the test that clients sent nothing that no published client would, but for these paths. */
export const expectOnlyViolations = (simulator: Simulator, ...paths: readonly string[]): void => void simulators.set(simulator, paths)

/** Builds a world; nothing is connected yet. */
export const createTestWorld = (options: Partial<ClientOptions> = {}, simulatorOptions: SimulatorOptions = {}): TestWorld => {
  const clock = createVirtualClock()
  const simulator = createSimulator({ scheduler: clock.scheduler, ...simulatorOptions })
  simulators.set(simulator, [])
  const ana = simulator.phone({ name: 'Ana' })
  const ben = simulator.phone({ name: 'Ben' })
  const { dial, open } = countingDial(simulator.dial)
  const client = createClient({
    store: memoryStore(),
    dial,
    fetch: simulator.fetch,
    trustedRoot: simulator.trustedRoot,
    prekeyCount: 10,
    freezeEvents: true,
    scheduler: clock.scheduler,
    random: () => 0.5,
    logger: canary.logger,
    ...options,
  })
  client.messages$.subscribe(({ message }) => canary.text(textOf(message)))
  const events: WaEvent[] = []
  client.events$.subscribe((event) => {
    events.push(event)
    if ('error' in event) canary.error(event.error)
    if ('cause' in event) canary.error(event.cause)
  })
  const sent: Stanza[] = []
  simulator.traffic$.pipe(filter(({ direction }) => direction === 'in')).subscribe(({ stanza }) => sent.push(stanza))
  client.pairingQrCodes$.pipe(take(1)).subscribe(({ code }) => void ana.scan(code).catch(() => undefined))
  let ended: unknown
  let subscription: Subscription | undefined
  return {
    clock,
    simulator,
    ana,
    ben,
    client,
    events,
    sent,
    device: `${ana.phoneNumber.user}:1@s.whatsapp.net`,
    ended: () => ended,
    connect: async () => {
      const connected = firstValueFrom(client.connected$)
      ended = undefined
      subscription = client.connection$.subscribe({
        error: (error: unknown) => {
          ended = error
          canary.error(error)
        },
      })
      await clock.advance(5)
      await connected
    },
    hangUp: () => subscription?.unsubscribe(),
    openSockets: open,
  }
}

/** The kinds the connection went through. */
export const statesOf = (events: readonly WaEvent[]): readonly string[] =>
  events.flatMap((event) => (event.type === 'connection_state' ? [event.state.kind] : []))
