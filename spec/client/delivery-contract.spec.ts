import { describe, expect, it } from '@jest/globals'
import { config, EMPTY, lastValueFrom, Subject, toArray, type Observable } from 'rxjs'

import { ofType, substreamNames, type WaEvent, type WaEventType } from '../../lib/index.ts'
import * as pure from '../../lib/index.ts'
import { anEvent, aPush } from '../../lib/testing/index.ts'
import { createTestWorld, type TestWorld } from './world.ts'

const names = Object.entries(substreamNames) as readonly (readonly [WaEventType, keyof typeof pure])[]

interface Rule {
  readonly rule: string
  readonly holds: (world: TestWorld) => Promise<void> | void
}

/** The delivery contract, rule by rule (event catalogue, section 1). */
const RULES: readonly Rule[] = [
  {
    rule: '1: every event has a view on the client and the same as a pure function',
    holds: async ({ client }) => {
      for (const [type, name] of names) {
        const event = (anEvent[type as 'message'] as () => WaEvent)()
        const source$ = new Subject<WaEvent>()
        const seen = lastValueFrom((pure[name] as unknown as (events$: Observable<WaEvent>) => Observable<WaEvent>)(source$).pipe(toArray()), { defaultValue: [] })
        source$.next({ type: 'connected' } as WaEvent)
        source$.next(event)
        source$.complete()
        expect(await seen).toEqual(type === 'connected' ? [{ type: 'connected' }, event] : [event])
        expect(client).toHaveProperty([name])
      }
    },
  },
  {
    rule: '2: all get the same object, and nobody can change it',
    holds: ({ client, ben, ana }) => {
      const seen: WaEvent[] = []
      client.events$.pipe(ofType('message')).subscribe((event) => seen.push(event))
      client.messages$.subscribe((event) => seen.push(event))
      pure.messages$(client.events$).subscribe((event) => seen.push(event))
      ben.send(ana, 'x')
      expect(seen).toHaveLength(3)
      expect(new Set(seen).size).toBe(1)
      expect([seen[0], (seen[0] as { readonly info: object }).info].every(Object.isFrozen)).toBe(true)
    },
  },
  {
    rule: '3: what is absent is absent, not empty or zero',
    holds: ({ client, ben, ana }) => {
      client.messages$.subscribe(({ info }) => expect(Object.values(info).filter((value) => value === '' || value === 0)).toEqual([]))
      client.receipts$.subscribe((event) => expect(Object.values(event)).not.toContain(''))
      ben.send(ana, 'x')
    },
  },
  {
    rule: '4: at once and in the order of the wire; whoever throws harms nobody',
    holds: async ({ client, ben, ana, simulator, device }) => {
      const reported: unknown[] = []
      config.onUnhandledError = (error) => reported.push(error)
      const seen: string[] = []
      client.messages$.subscribe(() => {
        throw new Error('mine')
      })
      client.messages$.subscribe(({ message }) => seen.push(message.conversation ?? ''))
      for (const text of ['one', 'two', 'three']) {
        ben.send(ana, text)
        expect(seen.at(-1)).toBe(text)
      }
      await new Promise((resolve) => setTimeout(resolve, 0))
      config.onUnhandledError = null
      expect([seen, reported.length, simulator.waitingFor(device)]).toEqual([['one', 'two', 'three'], 3, 0])
    },
  },
  {
    rule: '5: what nobody listens for is not made',
    holds: ({ client, simulator, ana }) => {
      // The world listens for everything but what is opt-in; for the rest there is spec/pipeline/interest.spec.ts.
      const raw: WaEvent[] = []
      simulator.push(ana.lid, aPush.picture_update())
      client.rawNodes$.subscribe((event) => raw.push(event)).unsubscribe()
      simulator.push(ana.lid, aPush.picture_update())
      expect(raw).toEqual([])
    },
  },
  {
    rule: '6: a channel keeps from its creation on and gives it to whoever comes; plain streams repeat nothing',
    holds: ({ client, ben, ana }) => {
      const channel = client.channel(['message'])
      ben.send(ana, 'early')
      const [kept, plain]: [string[], string[]] = [[], []]
      client.messages$.subscribe(({ message }) => plain.push(message.conversation ?? ''))
      const reading = channel.subscribe(({ message }) => kept.push(message.conversation ?? ''))
      ben.send(ana, 'late')
      expect([kept, plain]).toEqual([['early', 'late'], ['late']])
      reading.unsubscribe()
    },
  },
  {
    rule: '7: opt-in kinds are counted in and out, and seen by all while one is in',
    holds: ({ client, events, ben, ana }) => {
      const raws = (): number => events.splice(0).filter(({ type }) => type === 'raw_node').length
      const [first, second] = [client.rawNodes$.subscribe(), client.rawNodes$.subscribe()]
      ben.send(ana, 'x')
      expect(raws()).toBeGreaterThan(0)
      first.unsubscribe()
      ben.send(ana, 'y')
      expect(raws()).toBeGreaterThan(0)
      second.unsubscribe()
      ben.send(ana, 'z')
      expect(raws()).toBe(0)
    },
  },
  {
    rule: '8: there are at most 128 kinds',
    holds: () => expect(names.length).toBeLessThanOrEqual(128),
  },
  {
    rule: '9: streams never fail, whatever ends the connection, and complete when the client is destroyed',
    holds: async ({ client, simulator, device, clock, ended }) => {
      const ends: string[] = []
      const watch = (name: string, stream$: Observable<unknown>) => stream$.subscribe({ error: () => ends.push(`${name} failed`), complete: () => ends.push(name) })
      for (const [, name] of names) watch(name, (client as unknown as Readonly<Record<string, Observable<unknown>>>)[name]!)
      watch('events$', client.events$)
      watch('explanations$', client.explanations$)
      watch('durable', client.durable('archive'))
      simulator.disconnect(device)
      await clock.advance(60_000)
      expect(ends).toEqual([])
      client.destroy()
      expect(ends.sort()).toEqual([...names.map(([, name]) => name), 'events$', 'explanations$', 'durable'].sort())
      expect(ended()).toMatchObject({ code: 'client_destroyed' })
    },
  },
]

describe('the delivery contract', () => {
  it.each(RULES)('$rule', async ({ holds }) => {
    const world = createTestWorld()
    await world.connect()
    world.events.length = 0
    await holds(world)
    world.hangUp()
    expect([world.openSockets(), world.clock.pendingTimers()]).toEqual([0, 0])
  })
})

describe('a client that was destroyed', () => {
  it('hangs up, lets go of its store and refuses everything else', async () => {
    const world = createTestWorld()
    await world.connect()
    const waiting = world.client.send(world.ben.lid, { text: 'x' }).result().catch((error: unknown) => error)
    await waiting
    world.client.destroy()
    world.client.destroy()
    expect([world.openSockets(), world.clock.pendingTimers()]).toEqual([0, 0])
    expect(await world.client.send(world.ben.lid, { text: 'y' }).result().catch((error: unknown) => error)).toMatchObject({ code: 'client_destroyed' })
    expect(await lastValueFrom(world.client.connection$, { defaultValue: EMPTY }).catch((error: unknown) => error)).toMatchObject({ code: 'client_destroyed' })
    expect(await world.client.presence.typing(world.ben.lid).result().catch((error: unknown) => error)).toMatchObject({ code: 'not_connected' })
  })
})
