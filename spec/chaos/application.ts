import { Subscription, take } from 'rxjs'

import { createClient, textOf, type Client, type ConnectionState, type Explanation, type Jid } from '../../lib/index.ts'
import type { Store } from '../../lib/store/store.ts'
import type { Phone, Simulator, VirtualClock } from '../../lib/testing/index.ts'
import { countingDial } from '../client/counting-dial.ts'
import { mortal } from '../client/mortal-dial.ts'
import { mortalStore, type CommitEnd } from './mortal-store.ts'

/** A message our application wants sent. */
export interface Wanted {
  readonly id: string
  readonly chat: Jid
  readonly text: string
}

/** What a message was when it reached the application. */
export interface Told {
  readonly id: string
  readonly text: string
  /** The durable key. */
  readonly key: string
}

/** What survives the processes of the application, because its user knows it. */
export interface Application {
  readonly wanted: Map<string, Wanted>
  readonly accepted: Set<string>
  /** What the durable consumer was told, in order, a message as often as it came. */
  readonly told: Told[]
  /** The longest explanation of every message that went wrong, of all processes. */
  readonly explained: Map<string, Explanation[]>
  /** Whatever must not happen. */
  readonly problems: string[]
  readonly isUp: () => boolean
  /** A process is there but its connection ended, as the store failed. */
  readonly isBroken: () => boolean
  /** What the connection of the process is doing, if there is one. */
  readonly state: () => ConnectionState['kind'] | undefined
  readonly start: () => void
  readonly stop: () => void
  readonly kill: () => void
  readonly planCommit: (end: CommitEnd, after: number) => void
  readonly send: (wanted: Wanted) => void
  readonly openSockets: () => number
}

/** What the application needs. */
export interface ApplicationParts {
  readonly clock: VirtualClock
  readonly simulator: Simulator
  /** Outlives the processes. */
  readonly disk: Store
  readonly owner: Phone
}

/** An application without a process yet. It archives what it is told and sends what it does not know to be accepted. */
export const createApplication = ({ clock, simulator, disk, owner }: ApplicationParts): Application => {
  const wanted = new Map<string, Wanted>()
  const accepted = new Set<string>()
  const told: Told[] = []
  const explained = new Map<string, Explanation[]>()
  const problems: string[] = []
  const counted = countingDial(simulator.dial)
  let current: Process | undefined

  interface Process {
    readonly client: Client
    readonly all: Subscription
    readonly store: ReturnType<typeof mortalStore>
    readonly network: ReturnType<typeof mortal>
    isBroken: boolean
    state: ConnectionState['kind']
  }

  /** Its memory is gone; ending its subscriptions only takes its timers out of the world. */
  const bury = (dead: Process): void => {
    dead.network.die()
    dead.store.die()
    if (current === dead) current = undefined
    dead.all.unsubscribe()
  }

  const submit = (process: Process, { id, chat, text }: Wanted): void => {
    process.all.add(
      process.client.send(chat, { text }, { id }).subscribe((progress) => {
        if (progress.kind === 'accepted') accepted.add(id)
      }),
    )
  }

  const start = (): void => {
    const network = mortal(counted.dial)
    const store = mortalStore(disk, () => bury(process))
    const client = createClient({
      store,
      dial: network.dial,
      trustedRoot: simulator.trustedRoot,
      prekeyCount: 20,
      scheduler: clock.scheduler,
      random: () => 0.5,
      backoff: { limitMs: 2_000 },
      freezeEvents: true,
    })
    const all = new Subscription()
    const process: Process = { client, all, store, network, isBroken: false, state: 'closed' }
    current = process
    all.add(client.connectionState$.subscribe(({ kind }) => (process.state = kind)))
    const mine = new Map<string, number>()
    all.add(
      client.explanations$.subscribe((chain) => {
        const chains = explained.get(chain.id) ?? []
        explained.set(chain.id, chains)
        const place = mine.get(chain.id) ?? chains.length
        mine.set(chain.id, place)
        chains[place] = chain
      }),
    )
    all.add(
      client.durable('archive', ['message']).subscribe({
        next: ({ event, key, ack }) => {
          told.push({ id: event.info.id, text: textOf(event.message) ?? '', key })
          ack()
        },
        error: (error: unknown) => problems.push(`the durable consumer ended with ${String(error)}`),
      }),
    )
    all.add(client.pairingQrCodes$.pipe(take(1)).subscribe(({ code }) => void owner.scan(code).catch((error: unknown) => problems.push(String(error)))))
    all.add(
      client.connection$.subscribe({
        error: (error: { readonly code?: unknown }) => {
          process.isBroken = true
          if (error.code !== 'store_failed') problems.push(`the connection ended with ${String(error)}`)
        },
      }),
    )
    for (const message of wanted.values()) if (!accepted.has(message.id)) submit(process, message)
  }

  return {
    wanted,
    accepted,
    told,
    explained,
    problems,
    isUp: () => current !== undefined,
    isBroken: () => current?.isBroken === true,
    state: () => current?.state,
    start,
    stop: () => {
      current?.all.unsubscribe()
      current = undefined
    },
    kill: () => {
      if (current) bury(current)
    },
    planCommit: (end, after) => current?.store.plan(end, after),
    send: (message) => {
      wanted.set(message.id, message)
      if (current && !current.isBroken) submit(current, message)
    },
    openSockets: counted.open,
  }
}
