import { describe, expect, it } from '@jest/globals'
import { take, type Subject } from 'rxjs'

import { createChannels, type Channel, type ChannelOptions } from '../../lib/client/channel.ts'
import { createEventHub } from '../../lib/client/event-hub.ts'
import { substreamNames, textOf, type MessageEvent, type WaEvent } from '../../lib/index.ts'
import { messageEvent, receiptEvent } from '../../lib/testing/index.ts'
import { createTestWorld } from './world.ts'

const opened = (options?: ChannelOptions) => {
  const hub = createEventHub(true)
  const channels = createChannels({ events$: hub.events$, streamOf: (type) => hub.streams[substreamNames[type]] as Subject<WaEvent> })
  const channel = channels.open(['message'], options)
  const put = (...texts: readonly string[]): void => texts.forEach((text) => hub.emit(messageEvent({ text })))
  return { hub, channels, channel, put }
}
const textIn = ({ message }: MessageEvent): string | undefined => textOf(message)
const drain = (channel: Channel<MessageEvent>): (string | undefined)[] => {
  const taken: (string | undefined)[] = []
  channel.subscribe((event) => taken.push(textIn(event))).unsubscribe()
  return taken
}

describe('a channel', () => {
  it('keeps what came before its first subscriber, in order, of its kinds', () => {
    const { hub, channel, put } = opened()
    put('a')
    hub.emit(receiptEvent(['1']))
    put('b')
    expect(channel.waiting()).toBe(2)
    const taken: unknown[] = []
    channel.subscribe((event) => {
      // What comes meanwhile waits its turn.
      if (textIn(event) === 'a') put('c')
      taken.push(textIn(event))
    })
    put('d')
    expect(taken).toEqual(['a', 'b', 'c', 'd'])
  })

  it('gives the next one what the last one left', () => {
    const { channel, put } = opened()
    put('a', 'b', 'c')
    channel.pipe(take(1)).subscribe()
    expect(drain(channel)).toEqual(['b', 'c'])
  })

  it('has one taker at a time', () => {
    const { channel } = opened()
    channel.subscribe()
    let failed: unknown
    channel.subscribe({ error: (error: unknown) => (failed = error) })
    expect(failed).toMatchObject({ code: 'channel_taken' })
  })

  it.each([
    ['dropOldest', ['b', 'c'], 1],
    ['dropNewest', ['a', 'b'], 1],
    ['block', ['a', 'b', 'c'], 0],
  ] as const)('with a bound and %s keeps %j', (policy, kept, dropped) => {
    const { channel, channels, put } = opened({ limit: 2, policy })
    put('a', 'b', 'c')
    expect(channels.areFull()).toBe(policy === 'block')
    expect(channel.dropped()).toBe(dropped)
    expect(drain(channel)).toEqual(kept)
    expect(channels.areFull()).toBe(false)
  })

  it('drops nothing while somebody takes everything', () => {
    const { channel, put } = opened({ limit: 1, policy: 'dropNewest' })
    const taken: unknown[] = []
    channel.subscribe((event) => taken.push(textIn(event)))
    put('a', 'b', 'c')
    expect([taken.length, channel.dropped()]).toEqual([3, 0])
  })

  it('can be iterated over, one at a time, and left', async () => {
    const { hub, channel, put } = opened({ limit: 2, policy: 'dropOldest' })
    put('a', 'b')
    const taken: unknown[] = []
    for await (const event of channel) {
      taken.push(textIn(event))
      if (taken.length === 1) put('c')
      if (taken.length === 2) put('d')
      if (taken.length === 3) break
    }
    expect(taken).toEqual(['a', 'b', 'c'])
    expect(channel.waiting()).toBe(1)
    const last = channel[Symbol.asyncIterator]()
    expect(textIn((await last.next()).value as MessageEvent)).toBe('d')
    const pending = last.next()
    hub.complete()
    expect(await pending).toEqual({ done: true, value: undefined })
  })

  it('completes its taker, forgets what waits and collects no more when it is closed', async () => {
    const { hub, channel, channels, put } = opened({ limit: 1 })
    put('a')
    const iterator = channel[Symbol.asyncIterator]()
    await iterator.next()
    const pending = iterator.next()
    channel.close()
    expect((await pending).done).toBe(true)
    expect((await iterator.next()).done).toBe(true)
    put('b')
    expect([channel.waiting(), channels.areFull(), hub.isObserved('message')]).toEqual([0, false, false])
    let isCompleted = false
    channel.subscribe({ complete: () => (isCompleted = true) })
    expect(isCompleted).toBe(true)
  })

  it.each([
    [[], {}, 'types'],
    [['nothing'], {}, 'types'],
    [['message'], { limit: 0 }, 'limit'],
    [['message'], { limit: 1.5 }, 'limit'],
    [['message'], { policy: 'drop' }, 'policy'],
  ])('refuses %j, %j', (types, options, option) => {
    const { client } = createTestWorld()
    expect(() => client.channel(types as never, options as never)).toThrow(expect.objectContaining({ code: 'option_invalid', option }))
  })
})

describe('a client with a channel that blocks', () => {
  it('holds back messages and their acknowledgements until there is room', async () => {
    const world = createTestWorld()
    await world.connect()
    const { client, ben, ana, clock, simulator, device } = world
    const channel = client.channel(['message'], { limit: 2 })
    for (const text of ['a', 'b', 'c', 'd']) ben.send(ana.lid, text)
    await clock.advance(1)
    expect([channel.waiting(), simulator.waitingFor(device)]).toEqual([2, 2])
    // Requests are answered all the same.
    const sent = client.send(ben.lid, { text: 'still here' }).result()
    await clock.advance(100)
    await sent
    const taken: unknown[] = []
    const iterator = channel[Symbol.asyncIterator]()
    for (let time = 0; time < 4; time += 1) {
      const next = iterator.next()
      await clock.advance(1)
      taken.push(textIn((await next).value as MessageEvent))
    }
    expect(taken).toEqual(['a', 'b', 'c', 'd'])
    expect(simulator.waitingFor(device)).toBe(0)
    world.hangUp()
  })

  it('gets again after a reconnect what was held back', async () => {
    const world = createTestWorld()
    await world.connect()
    const { client, ben, ana, clock, simulator, device } = world
    const channel = client.channel(['message'], { limit: 1 })
    for (const text of ['a', 'b']) ben.send(ana.lid, text)
    world.hangUp()
    const taken: unknown[] = []
    channel.subscribe((event) => taken.push(textIn(event)))
    await world.connect()
    await clock.advance(1_000)
    expect(taken).toEqual(['a', 'b'])
    expect(simulator.waitingFor(device)).toBe(0)
    world.hangUp()
  })
})
