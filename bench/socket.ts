/**
 * From the bytes of a socket to a subscriber: decrypting, decoding, committing to a store in memory, telling and
 * answering. The bytes are made before the clock starts and held back until then, and so are the answers.
 */
import { BehaviorSubject, filter, firstValueFrom, map, Observable, take } from 'rxjs'

import type { Dial } from '../lib/connection/socket.ts'
import { createClient, type Client, type WaEvent } from '../lib/index.ts'
import { memoryStore } from '../lib/store/memory/index.ts'
import { aPush, createSimulator, linkClient, type Phone, type Simulator } from '../lib/testing/index.ts'
import { stanza } from '../lib/stanza/stanza.ts'
import type { Row } from './harness.ts'

const EVENTS = 2_000
const ROUNDS = 5

interface Gate {
  readonly dial: Dial
  readonly shut: () => void
  /** Lets what was held back pass, and gives how long that took. */
  readonly open: () => number
}

/** A line that can be held up in both directions. */
const createGate = (dial: Dial): Gate => {
  let held: (() => void)[] | undefined
  const answers: (() => void)[] = []
  return {
    dial: (url) =>
      dial(url).pipe(
        map((socket) => ({
          bytes$: new Observable<Uint8Array>((subscriber) =>
            socket.bytes$.subscribe({
              next: (bytes) => {
                if (held) held.push(() => subscriber.next(bytes))
                else subscriber.next(bytes)
              },
              error: (error: unknown) => subscriber.error(error),
              complete: () => subscriber.complete(),
            }),
          ),
          send: (bytes: Uint8Array) => {
            if (held) answers.push(() => socket.send(bytes))
            else socket.send(bytes)
          },
        })),
      ),
    shut: () => {
      held = []
    },
    open: () => {
      const arriving = held ?? []
      const startedAt = performance.now()
      for (const pass of arriving) pass()
      const elapsedMs = performance.now() - startedAt
      held = undefined
      for (const pass of answers.splice(0)) pass()
      return elapsedMs
    },
  }
}

interface World {
  readonly simulator: Simulator
  readonly owner: Phone
  readonly ben: Phone
  readonly client: Client
  readonly gate: Gate
}

const BEGINNINGS: Readonly<Record<string, { readonly type: WaEvent['type']; readonly say: (world: World, index: number) => void }>> = {
  'a message': { type: 'message', say: ({ ben, owner }, index) => void ben.send(owner.lid, `text ${index}`) },
  'a receipt': { type: 'receipt', say: ({ simulator, owner, ben }, index) => simulator.push(owner.lid, stanza('receipt', { id: `3EB0${index}`, from: ben.lid, t: 1_767_225_600 })) },
  'a presence': { type: 'presence', say: ({ simulator, owner, ben }) => simulator.push(owner.lid, aPush.presence({ of: ben.lid })) },
  'a picture notification': { type: 'picture_update', say: ({ simulator, owner, ben }, index) => simulator.push(owner.lid, aPush.picture_update({ of: ben.lid, id: String(index) })) },
  'a group notification': { type: 'group_update', say: ({ simulator, owner }) => simulator.push(owner.lid, aPush.group_update()) },
}

/** How many of each a second get from the socket to one subscriber. */
export const run = async (): Promise<readonly Row[]> => {
  const simulator = createSimulator()
  const [owner, ben] = [simulator.phone({ name: 'Owner' }), simulator.phone({ name: 'Ben' })]
  const gate = createGate(simulator.dial)
  const client = createClient({ store: memoryStore(), dial: gate.dial, trustedRoot: simulator.trustedRoot })
  const open = new BehaviorSubject(false)
  client.connectionState$.pipe(map(({ kind }) => kind === 'open')).subscribe(open)
  const connection = await linkClient(client, owner)
  await firstValueFrom(open.pipe(filter((isOpen) => isOpen), take(1)))
  // Answered once, a conversation is established.
  ben.send(owner.lid, 'hello')
  await client.send(ben.lid, { text: 'hello' })
  const world = { simulator, owner, ben, client, gate }
  const rows: Row[] = []
  // What is said twice is told once.
  let said = 0
  for (const [name, { type, say }] of Object.entries(BEGINNINGS)) {
    const speeds: number[] = []
    for (let round = 0; round <= ROUNDS; round += 1) {
      let got = 0
      const listening = client.events$.pipe(filter((event) => event.type === type)).subscribe(() => (got += 1))
      gate.shut()
      for (let index = 0; index < EVENTS; index += 1) say(world, (said += 1))
      const elapsedMs = gate.open()
      listening.unsubscribe()
      if (got !== EVENTS) throw new Error(`${name}: ${got} of ${EVENTS} were told`)
      // The first round warms up.
      if (round > 0) speeds.push((EVENTS * 1000) / elapsedMs)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    const opsPerSecond = speeds.sort((one, other) => one - other)[speeds.length >> 1]!
    rows.push({ item: `from the socket: ${name}`, library: 'rxwa', opsPerSecond, note: `${(1e6 / opsPerSecond).toFixed(0)} µs` })
  }
  connection.unsubscribe()
  return rows
}
