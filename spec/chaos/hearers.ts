import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { asyncScheduler, take } from 'rxjs'

import { toHex } from '../../lib/bytes/bytes.ts'
import { createClient, textOf } from '../../lib/index.ts'
import { memoryStore } from '../../lib/store/memory/index.ts'
import type { Phone, Simulator, VirtualClock } from '../../lib/testing/index.ts'

/** The client that is written to. */
export interface Hearer {
  readonly isConnected: () => boolean
  /** Texts that were told, as often as they were. */
  readonly told: ReadonlyMap<string, number>
  /** Messages that could not be read at first. */
  readonly unreadable: () => number
  readonly reconnect: () => void
  /** Bytes in use after collecting the garbage. */
  readonly heapBytes: () => Promise<number>
  readonly stop: () => void
}

/** What hearing needs. */
export interface HearerParts {
  readonly clock: VirtualClock
  readonly simulator: Simulator
  readonly owner: Phone
  readonly problem: (what: string) => void
}

const counting = (): { readonly told: Map<string, number>; readonly hear: (text: string) => void } => {
  const told = new Map<string, number>()
  return { told, hear: (text) => void told.set(text, (told.get(text) ?? 0) + 1) }
}

/** In this process, in virtual time: what it uses is what all of us use. */
export const hearHere = ({ clock, simulator, owner, problem }: HearerParts): Hearer => {
  const { told, hear } = counting()
  let unreadable = 0
  const client = createClient({ store: memoryStore(), dial: simulator.dial, trustedRoot: simulator.trustedRoot, scheduler: clock.scheduler, random: () => 0.5 })
  client.pairingQrCodes$.pipe(take(1)).subscribe(({ code }) => void owner.scan(code))
  client.undecryptableMessages$.subscribe(() => (unreadable += 1))
  client.messages$.subscribe(({ message }) => hear(textOf(message) ?? ''))
  const connection = client.connection$.subscribe({ error: (error: unknown) => problem(String(error)) })
  return {
    isConnected: () => client.me() !== undefined,
    told,
    unreadable: () => unreadable,
    reconnect: client.reconnect,
    heapBytes: () => {
      globalThis.gc?.()
      return Promise.resolve(process.memoryUsage().heapUsed)
    },
    stop: () => connection.unsubscribe(),
  }
}

type Told =
  | { readonly kind: 'qr'; readonly code: string }
  | { readonly kind: 'connected' }
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'told'; readonly text: string }
  | { readonly kind: 'heap'; readonly bytes: number }
  | { readonly kind: 'ended'; readonly error: string }

/** In a process of its own, over a port: what it uses is what a client uses. */
export const hearApart = async ({ simulator, owner, problem }: HearerParts): Promise<Hearer> => {
  const { told, hear } = counting()
  let [isConnected, unreadable] = [false, 0]
  const listening = await simulator.listen()
  const child = fork(fileURLToPath(new URL('lone-client.ts', import.meta.url)), { execArgv: ['--no-warnings', '--conditions=rxwa-source', '--import', 'tsx'] })
  let giveHeap: ((bytes: number) => void) | undefined
  child.on('message', (event: Told) => {
    if (event.kind === 'qr') void owner.scan(event.code)
    else if (event.kind === 'connected') isConnected = true
    else if (event.kind === 'unreadable') unreadable += 1
    else if (event.kind === 'told') hear(event.text)
    else if (event.kind === 'heap') giveHeap?.(event.bytes)
    else problem(event.error)
  })
  child.send({ kind: 'start', url: listening.url, rootPublicKey: toHex(simulator.trustedRoot.publicKey) })
  return {
    isConnected: () => isConnected,
    told,
    unreadable: () => unreadable,
    reconnect: () => void child.send({ kind: 'reconnect' }),
    heapBytes: () =>
      new Promise((resolve) => {
        giveHeap = resolve
        child.send({ kind: 'heap' })
      }),
    stop: () => {
      child.kill()
      void listening.close()
    },
  }
}

/** The real time, with the face of a virtual one. */
export const realClock = (): VirtualClock => ({
  scheduler: asyncScheduler,
  advance: (durationMs) => new Promise((resolve) => setTimeout(resolve, durationMs)),
  pendingTimers: () => 0,
})
