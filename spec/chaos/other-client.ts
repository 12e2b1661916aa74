import { take, type Subscription } from 'rxjs'

import { createClient, textOf, type Client, type ConnectionState, type Explanation, type Jid } from '../../lib/index.ts'
import { memoryStore } from '../../lib/store/memory/index.ts'
import type { Phone, Simulator, VirtualClock } from '../../lib/testing/index.ts'

/** A client of ours that is linked to somebody else and whose process never dies. */
export interface OtherClient {
  /** Reached as this while it is linked; undefined before. */
  readonly device: () => number | undefined
  /** Its link ended. */
  readonly isGone: () => boolean
  /** What its connection is doing, while it is awake. */
  readonly state: () => ConnectionState['kind'] | undefined
  /** Texts by id, as often as each was told. */
  readonly told: Map<string, string[]>
  readonly explained: Map<string, Explanation>
  readonly accepted: Set<string>
  readonly send: (chat: Jid, text: string, id: string) => void
  readonly sleep: () => void
  readonly wake: () => void
  readonly stop: () => void
}

/** Links a new client to a phone. */
export const createOtherClient = (clock: VirtualClock, simulator: Simulator, owner: Phone, problem: (what: string) => void): OtherClient => {
  const told = new Map<string, string[]>()
  const explained = new Map<string, Explanation>()
  const accepted = new Set<string>()
  let isGone = false
  let state: ConnectionState['kind'] = 'closed'
  let device: number | undefined
  let connection: Subscription | undefined
  const client: Client = createClient({ store: memoryStore(), dial: simulator.dial, trustedRoot: simulator.trustedRoot, prekeyCount: 20, scheduler: clock.scheduler, random: () => 0.5, backoff: { limitMs: 2_000 } })
  client.messages$.subscribe(({ info, message }) => told.set(info.id, [...(told.get(info.id) ?? []), textOf(message) ?? '']))
  client.explanations$.subscribe((chain) => explained.set(chain.id, chain))
  client.connected$.subscribe(() => (device = client.me()?.id.device ?? device))
  client.pairingQrCodes$.pipe(take(1)).subscribe(({ code }) => void owner.scan(code).catch((error: unknown) => problem(String(error))))
  client.connectionState$.subscribe(({ kind }) => (state = kind))
  const sends = new Set<Subscription>()
  const wake = (): void => {
    connection ??= client.connection$.subscribe({
      error: (error: { readonly code?: unknown }) => {
        isGone = true
        if (error.code !== 'logged_out') problem(`the connection of the other client ended with ${String(error)}`)
      },
    })
  }
  const sleep = (): void => {
    connection?.unsubscribe()
    connection = undefined
  }
  wake()
  return {
    device: () => device,
    isGone: () => isGone,
    state: () => (connection ? state : undefined),
    told,
    explained,
    accepted,
    send: (chat, text, id) => {
      const sending = client.send(chat, { text }, { id }).subscribe(({ kind }) => {
        if (kind === 'accepted') accepted.add(id)
      })
      sends.add(sending)
    },
    sleep,
    wake,
    stop: () => {
      for (const sending of sends) sending.unsubscribe()
      sleep()
    },
  }
}
