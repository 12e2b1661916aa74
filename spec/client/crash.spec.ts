import { describe, expect, it } from '@jest/globals'
import { take } from 'rxjs'

import { createClient, textOf, type ClientOptions, type Jid } from '../../lib/index.ts'
import { memoryStore } from '../../lib/store/memory/index.ts'
import type { Store } from '../../lib/store/store.ts'
import { createSimulator, createVirtualClock, type Phone, type Simulator, type VirtualClock } from '../../lib/testing/index.ts'
import { crashAt, type End } from './crash-store.ts'
import { mortal } from './mortal-dial.ts'

const MESSAGES = 10

/** Two people and a linked device whose process comes and goes; what its user knows survives with it. */
interface Case {
  readonly clock: VirtualClock
  readonly simulator: Simulator
  readonly ana: Phone
  readonly ben: Phone
  /** Where both write: to each other, or in a group. */
  readonly chat: Jid
  readonly write: (text: string) => void
  readonly base: Store
  /** Texts that reached Ben, as often as they did. */
  readonly atBen: string[]
  /** Texts that reached the durable consumer, by key. */
  readonly atAna: Map<string, string>
  /** Texts on the hot stream. */
  readonly hot: string[]
  /** Ids the application knows to be accepted. */
  readonly accepted: Set<string>
}

type Where = 'a direct chat' | 'a group'

const createCase = async (where: Where): Promise<Case> => {
  const clock = createVirtualClock()
  const simulator = createSimulator({ scheduler: clock.scheduler })
  const [ana, ben] = [simulator.phone({ name: 'Ana' }), simulator.phone({ name: 'Ben' })]
  const atBen: string[] = []
  ben.messages$.subscribe(({ text }) => atBen.push(text ?? ''))
  const group = where === 'a group' ? simulator.group({ phones: [ana, ben], bystanders: 1 }).jid : undefined
  const write = (text: string): void => void (group ? ben.sendToGroup(group, text) : ben.send(ana.lid, text))
  const fresh: Case = { chat: group ?? ben.lid, write, clock, simulator, ana, ben, base: memoryStore(), atBen, atAna: new Map(), hot: [], accepted: new Set() }
  const { client, stop } = start(fresh, fresh.base)
  client.pairingQrCodes$.pipe(take(1)).subscribe(({ code }) => void ana.scan(code).catch(() => undefined))
  await clock.advance(2_000)
  stop()
  return fresh
}

/** One process of the application: it archives what comes and sends what it does not know to be accepted. */
const start = ({ simulator, clock, chat, atAna, hot, accepted }: Case, store: Store, wrap = mortal(simulator.dial)) => {
  const options: ClientOptions = { store, dial: wrap.dial, trustedRoot: simulator.trustedRoot, prekeyCount: 10, scheduler: clock.scheduler, random: () => 0.5 }
  const client = createClient(options)
  client.messages$.subscribe(({ message }) => hot.push(textOf(message) ?? ''))
  client.durable('archive', ['message']).subscribe(({ event, key, ack }) => {
    const text = textOf(event.message) ?? ''
    if (atAna.has(key) && atAna.get(key) !== text) throw new Error('one key for two messages')
    atAna.set(key, text)
    ack()
  })
  let ended: unknown
  const connection = client.connection$.subscribe({ error: (error: unknown) => (ended = error) })
  const stop = (): void => connection.unsubscribe()
  const send = (): void => {
    for (let index = 0; index < MESSAGES; index += 1) {
      const id = `OUT${index}`
      if (accepted.has(id)) continue
      client.send(chat, { text: `out ${index}` }, { id }).subscribe(({ kind }) => {
        if (kind === 'accepted') accepted.add(id)
      })
    }
  }
  return { client, stop, send, ended: () => ended }
}

const run = async (where: Where, index: number, end: End): Promise<{ readonly reached: boolean; readonly problems: readonly string[] }> => {
  const world = await createCase(where)
  const { clock, ana, write, simulator } = world

  // Half of what Ben writes waits for the process, half comes while it runs.
  for (let text = 0; text < MESSAGES / 2; text += 1) write(`in ${text}`)
  const crash = crashAt(world.base, index, end)
  const wrap = mortal(simulator.dial)
  crash.onCrash(wrap.die)
  const first = start(world, crash.store, wrap)
  first.send()
  await clock.advance(3_000)
  for (let text = MESSAGES / 2; text < MESSAGES; text += 1) write(`in ${text}`)
  await clock.advance(3_000)
  const reached = crash.commits() >= index
  const problems: string[] = []
  if (end === 'failing' && reached && (first.ended() as { readonly code?: string } | undefined)?.code !== 'store_failed')
    problems.push(`the connection ended with ${String(first.ended())}`)
  if (!crash.crashed()) first.stop()

  const second = start(world, world.base)
  second.send()
  await clock.advance(70_000)
  second.stop()

  const expected = Array.from({ length: MESSAGES }, (_, text) => text)
  for (const text of expected) {
    const times = world.atBen.filter((got) => got === `out ${text}`).length
    if (times !== 1) problems.push(`"out ${text}" reached Ben ${times} times`)
    const keys = [...world.atAna].filter(([, got]) => got === `in ${text}`).length
    if (keys !== 1) problems.push(`"in ${text}" reached the consumer under ${keys} keys`)
    if (!world.hot.includes(`in ${text}`)) problems.push(`"in ${text}" was never told`)
  }
  if (simulator.reusedMessageKeys().length > 0) problems.push('a message key was used twice')
  if (simulator.waitingFor(`${ana.phoneNumber.user}:1@s.whatsapp.net`) > 0) problems.push('something was not acknowledged')
  return { reached, problems }
}

const cases = (['a direct chat', 'a group'] as const).flatMap((where) => (['before', 'after', 'failing'] as const).map((end) => [end, where] as const))

describe.each(cases)('a process that ends at one of its commits (%s), in %s', (end, where) => {
  it('loses nothing and does nothing twice, whichever commit it is', async () => {
    let index = 1
    for (; ; index += 1) {
      const { reached, problems } = await run(where, index, end)
      expect([index, problems]).toEqual([index, []])
      if (!reached) break
    }
    // Logging in, ten messages each way: fewer would mean that the run did not get far.
    expect(index).toBeGreaterThan(18)
  }, 300_000)
})
