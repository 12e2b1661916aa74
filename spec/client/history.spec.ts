import { describe, expect, it } from '@jest/globals'
import { concatMap, lastValueFrom, NEVER, of, throwError, toArray } from 'rxjs'

import { PhoneSilent, type HistorySyncEvent, type LazyHistorySync } from '../../lib/index.ts'
import { memoryStore } from '../../lib/store/memory/index.ts'
import type { Table } from '../../lib/store/store.ts'
import type { TestWorld } from './world.ts'
import { createTestWorld } from './world.ts'

const piecesOf = ({ events }: TestWorld): readonly LazyHistorySync[] => events.flatMap((event) => (event.type === 'history_sync' ? [event.history] : []))
const failuresOf = ({ events }: TestWorld) => events.flatMap((event) => (event.type === 'history_sync_failed' ? [event.reason] : []))

/** A linked client whose store can be looked into. */
const connected = async (options: Parameters<typeof createTestWorld>[0] = {}) => {
  const store = memoryStore()
  const world = createTestWorld({ store, ...options })
  await world.connect()
  await world.clock.advance(5_000)
  const rows = async (table: Table): Promise<readonly string[]> => {
    world.hangUp()
    await world.clock.advance(1_000)
    const opened = await store.open()
    const found = (await opened.scan(table, undefined, 1_000)).map(({ key }) => key)
    await opened.close()
    return found
  }
  return { ...world, rows }
}

describe('history', () => {
  it.each([true, false])('is taken in, told and confirmed (inline: %s)', async (inline) => {
    const world = await connected()
    const ids = world.ana.history.send({ conversations: 3, messagesPerChat: 4, inline, change: (history) => ({ ...history, pushnames: [{ id: `${world.ana.phoneNumber.user}@s.whatsapp.net`, pushname: 'Anna' }], nctSalt: new Uint8Array(32).fill(3), companionMetaNonce: 'n' }) })
    await world.clock.advance(5_000)
    expect(failuresOf(world)).toEqual([])
    const [piece] = piecesOf(world)
    expect(JSON.parse(JSON.stringify(piece))).toEqual({ syncType: 3, chunkOrder: 1, progress: 100 })
    expect(world.ana.history.confirmed()).toEqual(ids)
    expect(world.events.filter(({ type }) => type === 'message')).toEqual([])
    expect(world.events).toContainEqual(expect.objectContaining({ type: 'self_push_name_updated', newName: 'Anna' }))
    const whole = await piece!.get()
    expect(whole?.conversations?.map(({ messages }) => messages?.length)).toEqual([4, 4, 4])
    expect(await piece!.get()).toBe(whole)
    expect((await piece!.decompress()).length).toBe(piece!.decompressedSize)
    const reading = lastValueFrom(piece!.stream().pipe(toArray()))
    await world.clock.advance(10)
    expect((await reading).map(({ kind }) => kind)).toEqual(['conversation', 'conversation', 'conversation', 'remainder'])
    const [pending, tokens, secrets, mappings] = [await world.rows('history'), await world.rows('tokens'), await world.rows('message_secrets'), await world.rows('lid_mappings')]
    expect(pending.filter((key) => key.startsWith('pending'))).toEqual([])
    expect(pending).toContain('nonce')
    expect(tokens).toEqual(expect.arrayContaining(['salt', '70000000@lid', '70000001@lid', '70000002@lid']))
    expect(secrets).toHaveLength(12)
    expect(mappings).toEqual(expect.arrayContaining(['15557000000', '15557000001', '15557000002']))
  })

  it('counts pieces, tells when a kind is complete and when it stalls', async () => {
    const world = await connected()
    const seen: string[] = []
    world.client.history.progress$.subscribe((kinds) => seen.push(kinds.map(({ syncType, status, chunks, progress }) => `${syncType} ${status} ${chunks} ${progress}`).join(', ')))
    world.ana.history.send({ conversations: 4, chunks: 4, order: [1, 2] })
    await world.clock.advance(1_000)
    expect(seen).toEqual(['', '3 running 1 25', '3 running 2 50'])
    await world.clock.advance(120_000)
    expect(seen.at(-1)).toBe('3 paused 2 50')
    world.ana.history.send({ conversations: 4, chunks: 4, order: [4] })
    await world.clock.advance(1_000)
    expect(seen.at(-1)).toBe('3 complete 3 100')
    expect(world.events.flatMap((event) => (event.type === 'history_sync_status' ? [[event.status, event.explicit]] : []))).toEqual([['paused', false], ['complete', true]])
    world.hangUp()
  })

  it('is confirmed without being fetched when it is off, and only in part when only metadata is wanted', async () => {
    const off = await connected({ history: 'off' })
    const ids = off.ana.history.send({ conversations: 1 })
    await off.clock.advance(1_000)
    expect([off.ana.history.confirmed(), piecesOf(off), off.simulator.media.downloads().filter((path) => path.includes('history'))]).toEqual([ids, [], []])
    off.hangUp()
    const metadata = await connected({ history: 'metadata_only' })
    metadata.ana.history.send({ conversations: 1 })
    metadata.ana.history.send({ conversations: 1, syncType: 4 })
    await metadata.clock.advance(1_000)
    expect(piecesOf(metadata).map(({ syncType }) => syncType)).toEqual([4])
    expect(metadata.ana.history.confirmed()).toHaveLength(2)
    metadata.hangUp()
  })

  it('is asked for again when its file is gone, once, and taken in then', async () => {
    const world = await connected()
    const ids = world.ana.history.send({ conversations: 2, damage: { 1: 'not_found' } })
    await world.clock.advance(1_000)
    expect(failuresOf(world)).toEqual(['not_found'])
    expect(world.ana.history.askedAgain()).toEqual(ids)
    expect(piecesOf(world)).toHaveLength(1)
    expect(world.ana.history.confirmed()).toEqual(ids)
    world.hangUp()
  })

  it('is given up when the phone cannot upload it again', async () => {
    const world = await connected()
    world.ana.history.behave({ cannotUpload: true })
    world.ana.history.send({ damage: { 1: 'wrong_mac' } })
    world.ana.history.send({ damage: { 1: 'cut' }, inline: true })
    await world.clock.advance(1_000)
    expect(failuresOf(world)).toEqual(['damaged', 'damaged'])
    expect([world.ana.history.askedAgain().length, world.ana.history.confirmed(), piecesOf(world)]).toEqual([1, [], []])
    expect(await world.rows('history')).toEqual([])
  })

  it('is asked for by chat, and the phone may keep silent', async () => {
    const world = await connected()
    const before = { id: 'OLD', fromMe: false, timestamp: new Date(1_700_000_000_000) }
    const asked = world.client.history.request(world.ben.lid, { before, count: 7 }).result()
    await world.clock.advance(1_000)
    const answer = await asked
    expect((await answer.get())?.conversations?.[0]?.messages).toHaveLength(7)
    expect(piecesOf(world)).toEqual([answer])
    world.ana.history.behave({ ignoresRequests: true })
    const silent = world.client.history.request(world.ben.lid, { before, timeoutMs: 5_000 }).result()
    const outcome = silent.catch((error: unknown) => error)
    await world.clock.advance(6_000)
    expect(await outcome).toEqual(new PhoneSilent(5_000))
    world.hangUp()
  })

  it('from anybody else is refused', async () => {
    const world = await connected()
    world.ben.sendMessage(world.ana.lid, { protocolMessage: { type: 5, historySyncNotification: { syncType: 3, initialHistBootstrapInlinePayload: new Uint8Array(9) } } })
    await world.clock.advance(1_000)
    expect(world.events).toContainEqual(expect.objectContaining({ type: 'malformed_stanza', faults: ['message: only our own phone sends history'] }))
    expect([piecesOf(world), failuresOf(world)]).toEqual([[], []])
    world.hangUp()
  })

  it('is worked through before the phone hears that it arrived, and again when that failed', async () => {
    const world = await connected()
    const done: number[] = []
    let [isBroken, failure]: [boolean, unknown] = [true, undefined]
    const take = () =>
      world.client.history
        .take((history) => history.messages().pipe(concatMap((part) => (isBroken && part.kind === 'remainder' ? throwError(() => new Error('no space')) : of(part)))))
        .subscribe({ next: ({ chunkOrder }) => done.push(chunkOrder ?? 0), error: (error: unknown) => (failure = error) })
    take()
    const ids = world.ana.history.send({ conversations: 2, chunks: 2 })
    await world.clock.advance(5_000)
    expect([done, (failure as Error).message]).toEqual([[], 'no space'])
    // Nobody takes the second piece, so it is told and confirmed as ever.
    expect(world.ana.history.confirmed()).toEqual([ids[1]])
    isBroken = false
    const taking = take()
    world.client.reconnect()
    await world.clock.advance(5_000)
    expect(done).toEqual([1])
    expect([...world.ana.history.confirmed()].sort()).toEqual([...ids].sort())
    // Who leaves in the middle of the work has not done it.
    taking.unsubscribe()
    const leaving = world.client.history.take(() => NEVER).subscribe()
    const [last] = world.ana.history.send({ conversations: 1 })
    await world.clock.advance(5_000)
    leaving.unsubscribe()
    await world.clock.advance(5_000)
    expect(world.ana.history.confirmed()).not.toContain(last)
    world.client.reconnect()
    await world.clock.advance(5_000)
    expect(world.ana.history.confirmed()).toContain(last)
    world.hangUp()
  })

  /** Pieces in some order, some of them missing, some twice; the same for the same seed. */
  const orderOf = (seed: number): readonly number[] => {
    let state = seed * 2_654_435_761
    const random = (below: number): number => ((state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0), state % below)
    const order = [1, 2, 3, 4, 5, 6].filter(() => random(6) !== 0)
    for (let twice = random(3); twice > 0 && order.length > 0; twice -= 1) order.push(order[random(order.length)]!)
    for (let index = order.length - 1; index > 0; index -= 1) {
      const other = random(index + 1)
      ;[order[index], order[other]] = [order[other]!, order[index]!]
    }
    return order
  }

  it('comes in any order, with pieces missing and pieces twice: 30 of them', async () => {
    for (let seed = 1; seed <= 30; seed += 1) {
      const world = await connected()
      const order = orderOf(seed)
      const damaged = order[seed % (order.length + 3)]
      const atSeconds = Math.floor(world.clock.scheduler.now() / 1000)
      world.ana.history.behave({ cannotUpload: true })
      const ids = world.ana.history.send({ conversations: 6, chunks: 6, order, atSeconds, inline: seed % 3 === 0 && damaged === undefined, ...(damaged && { damage: { [damaged]: 'wrong_mac' as const } }) })
      await world.clock.advance(5_000)
      const good = order.filter((piece) => piece !== damaged)
      // Each piece once, in the order it first came.
      expect(piecesOf(world).map(({ chunkOrder }) => chunkOrder)).toEqual([...new Set(good)])
      expect(failuresOf(world)).toHaveLength(order.length - good.length)
      expect([...world.ana.history.confirmed()].sort()).toEqual(ids.filter((_, index) => order[index] !== damaged).sort())
      expect((await world.rows('tokens')).filter((key) => key.startsWith('7000000'))).toEqual([...new Set(good)].sort().map((piece) => `7000000${piece - 1}@lid`))
    }
  }, 120_000)
})

/** Kept so that a type of the public door is checked here. */
export type Piece = HistorySyncEvent['history']
