import { filter } from 'rxjs'

import { sameUser, type Jid, type Stanza } from '../../lib/index.ts'
import { memoryStore } from '../../lib/store/memory/index.ts'
import type { Store } from '../../lib/store/store.ts'
import { createSimulator, createVirtualClock, type Phone, type SimulatedGroup, type Simulator, type VirtualClock } from '../../lib/testing/index.ts'
import { createApplication, type Application } from './application.ts'
import { loaded } from './loaded.ts'
import type { OtherClient } from './other-client.ts'

/** A message that is owed to our application. */
export interface Written {
  readonly id: string
  readonly text: string
  readonly chat: Jid
  /** Who wrote it, and on which device. */
  readonly sender: string
}

/** A message of our application and who has to read it. */
export interface Outgoing {
  readonly id: string
  readonly text: string
  readonly chat: Jid
  /** Names of the people it was delivered to. */
  readers: readonly string[]
}

/** Somebody with a phone. */
export interface Actor {
  readonly name: string
  readonly phone: Phone
  /** Texts by id, in the order they were first read. */
  readonly read: Map<string, string>
}

/** Everybody and everything of one run. */
export interface Stage {
  readonly clock: VirtualClock
  readonly simulator: Simulator
  readonly disk: Store
  readonly ana: Actor
  readonly ben: Actor
  readonly cleo: Actor
  readonly actors: readonly Actor[]
  readonly groups: readonly SimulatedGroup[]
  readonly app: Application
  /** Our device. */
  readonly device: string
  other: OtherClient | undefined
  readonly written: Written[]
  readonly outgoing: Map<string, Outgoing>
  /** Ids of messages that were held up or lost on the line, so that their order is free. */
  readonly bent: Set<string>
  /** The server spoils the next message it passes on. */
  isNextSpoiled: boolean
  /** Ids of what the other client wants to have sent. */
  readonly fromOther: Map<string, Written>
  readonly problems: string[]
  numbers: number
}

/** Time in which everybody is where they belong. */
const BEGIN_MS = 3_000

/** Three people, two groups and our device, linked and connected. */
export const createStage = async (seed: number): Promise<Stage> => {
  const clock = createVirtualClock()
  const simulator = createSimulator({ scheduler: clock.scheduler })
  const isBeforeLids = seed % 2 === 1
  if (isBeforeLids) simulator.hideLids(true)
  const problems: string[] = []
  const actorOf = (name: string): Actor => {
    const phone = simulator.phone({ name })
    phone.behave({ asksAgain: true })
    const read = new Map<string, string>()
    phone.messages$.subscribe(({ id, text }) => {
      if (text === undefined) return
      if (read.has(id) && read.get(id) !== text) problems.push(`${name} read two texts under one id`)
      if (!read.has(id)) read.set(id, text)
    })
    return { name, phone, read }
  }
  const [ana, ben, cleo] = [actorOf('Ana'), actorOf('Ben'), actorOf('Cleo')]
  const disk = memoryStore()
  const app = createApplication({ clock, simulator, disk, owner: ana.phone })
  app.start()
  await loaded(app)
  await clock.advance(BEGIN_MS)
  const phones = [ben.phone, ana.phone, cleo.phone]
  const groups = [
    simulator.group({ phones, subject: 'One', addressingMode: isBeforeLids ? 'pn' : 'lid' }),
    simulator.group({ phones, subject: 'Two', addressingMode: 'pn' }),
  ]
  const device = `${ana.phone.phoneNumber.user}:1@s.whatsapp.net`
  const stage: Stage = { clock, simulator, disk, ana, ben, cleo, actors: [ana, ben, cleo], groups, app, device, other: undefined, written: [], outgoing: new Map(), bent: new Set(), isNextSpoiled: false, fromOther: new Map(), problems, numbers: 0 }
  watchDeliveries(stage)
  return stage
}

/** Notes who gets what our application sends, at the moment the server takes it. */
const watchDeliveries = (stage: Stage): void => {
  const { simulator, outgoing, groups, device, ana } = stage
  simulator.traffic$
    .pipe(filter(({ direction, stanza, device: from }) => direction === 'in' && stanza.tag === 'message' && from?.toString() === device))
    .subscribe(({ stanza }) => {
      const sent = outgoing.get(String((stanza as Stanza).attrs['id']))
      if (!sent || sent.readers.length > 0) return
      const group = groups.find(({ jid }) => sameUser(jid, sent.chat))
      const people = group ? stage.actors.filter(({ phone }) => group.members().some(({ lid }) => sameUser(lid, phone.lid))) : stage.actors.filter(({ phone }) => sameUser(phone.lid, sent.chat) || sameUser(phone.phoneNumber, sent.chat))
      sent.readers = [...new Set([ana.name, ...people.map(({ name }) => name)])]
    })
}
