import { describe, expect, it } from '@jest/globals'
import { concatMap, EMPTY, take, throwError, type Observable } from 'rxjs'

import { createClient, processed, textOf, toJid, type Client, type ClientOptions, type DurableEvent, type MessageEvent } from '../../lib/index.ts'
import { memoryStore } from '../../lib/store/memory/index.ts'
import type { OpenStore, Store } from '../../lib/store/store.ts'
import { stanza } from '../../lib/stanza/stanza.ts'
import { createTestWorld, type TestWorld } from './world.ts'

type Given = DurableEvent<'message'>
const textsOf = (given: readonly Given[]): readonly (string | undefined)[] => given.map(({ event }) => textOf(event.message))

/** A linked client whose store outlives it. */
const createLinked = async (options: Partial<ClientOptions> = {}): Promise<TestWorld & { readonly store: Store; readonly again: () => Client }> => {
  const store = memoryStore()
  const world = createTestWorld({ store, ...options })
  await world.connect()
  const { simulator, clock } = world
  const again = (): Client =>
    createClient({ store, dial: simulator.dial, trustedRoot: simulator.trustedRoot, scheduler: clock.scheduler, random: () => 0.5, ...options })
  return { ...world, store, again }
}

const collect = (source$: Observable<Given>): Given[] => {
  const given: Given[] = []
  source$.subscribe((next) => given.push(next))
  return given
}

const rowsOf = (store: Store, table: 'inbox' | 'quarantine'): readonly string[] => {
  const open = store.open() as OpenStore
  const rows = open.scan(table, undefined, 1_000) as readonly { readonly key: string }[]
  void open.close()
  return rows.map(({ key }) => key)
}

describe('a durable consumer', () => {
  it('gets every message once, live, and leaves nothing behind when it acknowledges', async () => {
    const { client, ben, ana, clock, hangUp, store } = await createLinked()
    const given: Given[] = []
    client.durable('archive', ['message']).subscribe((next) => {
      given.push(next)
      next.ack()
    })
    for (const text of ['a', 'b']) ben.send(ana.lid, text)
    expect(textsOf(given)).toEqual(['a', 'b'])
    expect(given.map(({ redelivered }) => redelivered)).toEqual([false, false])
    expect(new Set(given.map(({ key }) => key)).size).toBe(2)
    await clock.advance(250)
    hangUp()
    expect(rowsOf(store, 'inbox')).toEqual([])
  })

  it('gets what was not acknowledged again, in order and under the same key, in the next process', async () => {
    const { client, ben, ana, clock, hangUp, again } = await createLinked()
    const before = collect(client.durable('archive', ['message']))
    for (const text of ['a', 'b', 'c', 'd']) ben.send(ana.lid, text)
    before[0]!.ack()
    before[2]!.ack()
    before[2]!.ack()
    hangUp()
    const next = again()
    const after = collect(next.durable('archive', ['message']))
    const connection = next.connection$.subscribe()
    await clock.advance(1_000)
    ben.send(ana.lid, 'e')
    expect(textsOf(after)).toEqual(['b', 'd', 'e'])
    expect(after.map(({ redelivered }) => redelivered)).toEqual([true, true, false])
    expect(after.slice(0, 2).map(({ key }) => key)).toEqual([before[1]!.key, before[3]!.key])
    connection.unsubscribe()
  })

  it('collects while nobody listens, also what came with the backlog', async () => {
    const { client, ben, ana, clock, hangUp, again, simulator } = await createLinked()
    client.durable('archive', ['message']).pipe(take(0)).subscribe()
    const first = client.durable('archive', ['message']).subscribe()
    first.unsubscribe()
    ben.send(ana.lid, 'nobody listens')
    hangUp()
    ben.send(ana.lid, 'nobody is connected')
    const next = again()
    const connection = next.connection$.subscribe()
    await clock.advance(5_000)
    expect(simulator.waitingFor(`${ana.phoneNumber.user}:1@s.whatsapp.net`)).toBe(0)
    expect(textsOf(collect(next.durable('archive', ['message'])))).toEqual(['nobody listens', 'nobody is connected'])
    connection.unsubscribe()
  })

  it('comes back to what it left unacknowledged within one process', async () => {
    const { client, ben, ana, hangUp } = await createLinked()
    const archive$ = client.durable('archive', ['message'])
    const first: Given[] = []
    const subscription = archive$.subscribe((next) => first.push(next))
    ben.send(ana.lid, 'a')
    subscription.unsubscribe()
    ben.send(ana.lid, 'b')
    const second = collect(archive$)
    expect(textsOf(second)).toEqual(['a', 'b'])
    expect(second.map(({ redelivered }) => redelivered)).toEqual([true, false])
    // Acknowledged through either, it is done with.
    first[0]!.ack()
    second[1]!.ack()
    hangUp()
  })

  it('goes on in order over more than a page, while more arrives', async () => {
    const { client, ben, ana, hangUp, clock } = await createLinked()
    client.durable('archive', ['message']).subscribe().unsubscribe()
    for (let text = 0; text < 250; text += 1) ben.send(ana.lid, String(text))
    const given: Given[] = []
    client.durable('archive', ['message']).subscribe((next) => {
      given.push(next)
      if (given.length === 10) ben.send(ana.lid, '250')
      next.ack()
    })
    await clock.advance(1)
    expect(textsOf(given)).toEqual(Array.from({ length: 251 }, (_, text) => String(text)))
    hangUp()
  })

  it('lets each name have its own pace and kinds', async () => {
    const { client, ben, ana, clock, hangUp, store } = await createLinked()
    const slow = collect(client.durable('slow', ['message']))
    const receipts: unknown[] = []
    client.durable('receipts', ['receipt']).subscribe(({ event, ack }) => {
      receipts.push(event.receiptType)
      ack()
    })
    ben.send(ana.lid, 'a')
    await client.send(ben.lid, { text: 'b' })
    await clock.advance(300)
    expect(textsOf(slow)).toEqual(['a'])
    expect(receipts).toEqual(['delivered'])
    hangUp()
    expect(rowsOf(store, 'inbox')).toHaveLength(1)
  })

  it('has one subscriber per name', async () => {
    const { client, hangUp } = await createLinked()
    const first = client.durable('archive').subscribe()
    let failed: unknown
    client.durable('archive').subscribe({ error: (error: unknown) => (failed = error) })
    expect(failed).toMatchObject({ code: 'durable_name_taken', consumer: 'archive' })
    first.unsubscribe()
    failed = undefined
    client.durable('archive').subscribe({ error: (error: unknown) => (failed = error) })
    expect(failed).toBeUndefined()
    hangUp()
  })

  it('ends the connection before it loses something because a name fell behind', async () => {
    const { client, ben, ana, ended, hangUp, simulator, again, clock } = await createLinked({ durableLimit: 2 })
    client.durable('archive', ['message']).subscribe().unsubscribe()
    for (const text of ['a', 'b', 'c']) ben.send(ana.lid, text)
    expect(ended()).toMatchObject({ code: 'durable_fell_behind', consumer: 'archive', limit: 2 })
    expect(simulator.waitingFor(`${ana.phoneNumber.user}:1@s.whatsapp.net`)).toBe(1)
    hangUp()
    const next = again()
    const given: Given[] = []
    next.durable('archive', ['message']).subscribe((one) => {
      given.push(one)
      one.ack()
    })
    const connection = next.connection$.subscribe()
    await clock.advance(5_000)
    expect(textsOf(given)).toEqual(['a', 'b', 'c'])
    connection.unsubscribe()
  })

  it('can be given up', async () => {
    const { client, ben, ana, clock, hangUp, store } = await createLinked()
    let isOver = false
    client.durable('archive', ['message']).subscribe({ complete: () => (isOver = true) })
    ben.send(ana.lid, 'a')
    await client.forgetDurable('archive')
    expect(isOver).toBe(true)
    await clock.advance(300)
    hangUp()
    expect(rowsOf(store, 'inbox')).toEqual([])
    await expect(client.forgetDurable('archive')).rejects.toMatchObject({ code: 'not_connected' })
  })

  it('puts a row aside that cannot be read and goes on', async () => {
    const { client, ben, ana, hangUp, store, again, clock } = await createLinked()
    client.durable('archive', ['message']).subscribe().unsubscribe()
    for (const text of ['a', 'b']) ben.send(ana.lid, text)
    hangUp()
    const open = store.open() as OpenStore
    const [first] = open.scan('inbox', undefined, 1) as readonly { readonly key: string; readonly value: Uint8Array }[]
    void open.commit([{ table: 'inbox', key: first!.key, value: first!.value.slice(0, 20) }])
    void open.close()
    const next = again()
    const given = collect(next.durable('archive', ['message']))
    const connection = next.connection$.subscribe()
    await clock.advance(1_000)
    expect(textsOf(given)).toEqual(['b'])
    connection.unsubscribe()
    expect(rowsOf(store, 'quarantine')).toEqual([`inbox/${first!.key}`])
  })

  it.each([
    ['', undefined, 'name'],
    ['x'.repeat(65), undefined, 'name'],
    ['archive', [], 'types'],
    ['archive', ['presence'], 'types'],
  ])('refuses the name "%s" with %j', (name, types, option) => {
    const { client } = createTestWorld()
    expect(() => client.durable(name, types as never)).toThrow(expect.objectContaining({ code: 'option_invalid', option }))
  })

  it('works through events one at a time with `processed`; what failed comes again', async () => {
    const { client, ben, ana, hangUp, clock } = await createLinked()
    const seen: (string | undefined)[] = []
    let isBroken = true
    const work = (event: MessageEvent): Observable<never> => {
      seen.push(textOf(event.message))
      return isBroken && seen.length === 2 ? throwError(() => new Error('no')) : EMPTY
    }
    const archive$ = client.durable('archive', ['message']).pipe(processed(work), concatMap(() => EMPTY))
    let failed: unknown
    archive$.subscribe({ error: (error: unknown) => (failed = error) })
    for (const text of ['a', 'b', 'c']) ben.send(ana.lid, text)
    expect(failed).toMatchObject({ message: 'no' })
    isBroken = false
    archive$.subscribe()
    await clock.advance(1)
    expect(seen).toEqual(['a', 'b', 'b', 'c'])
    hangUp()
  })
})

describe('what the server delivers twice', () => {
  const receipt = (id: string, t: string) => stanza('receipt', { from: toJid('90010002@lid'), id, t })

  it('is told once and acknowledged every time, also after a restart', async () => {
    const { client, simulator, device, events, sent, hangUp, again, clock } = await createLinked()
    for (let time = 0; time < 2; time += 1) simulator.inject(device, receipt('R1', '1767225600'))
    simulator.inject(device, receipt('R1', '1767225601'))
    expect(events.filter(({ type }) => type === 'receipt')).toHaveLength(2)
    expect(sent.filter(({ tag, attrs }) => tag === 'ack' && attrs['id'] === 'R1')).toHaveLength(3)
    hangUp()
    void client
    const next = again()
    const told: unknown[] = []
    next.receipts$.subscribe((event) => told.push(event))
    const connection = next.connection$.subscribe()
    await clock.advance(1_000)
    simulator.inject(device, receipt('R1', '1767225600'))
    simulator.inject(device, receipt('R2', '1767225600'))
    expect(told).toMatchObject([{ messageIds: ['R2'] }])
    connection.unsubscribe()
  })
})
