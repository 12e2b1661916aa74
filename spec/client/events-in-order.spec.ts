import { describe, expect, it } from '@jest/globals'

import { stanza, type Client, type ClientOptions, type WaEvent } from '../../lib/index.ts'
import { memoryStore } from '../../lib/store/memory/index.ts'
import { aPush, pushCallAction } from '../../lib/testing/index.ts'
import { createTestWorld, type TestWorld } from './world.ts'

type Line = string

/** What happened, in order: events by type, stanzas of ours by tag. */
interface Log {
  readonly world: TestWorld
  readonly lines: Line[]
}

const describeEvent = (event: WaEvent): Line => {
  if (event.type === 'group_update') return `group_update ${event.actionIndex} ${event.action.type}`
  if (event.type === 'incoming_call') return `incoming_call ${event.action.type}`
  if (event.type === 'message') return `message ${event.origin}`
  return event.type
}

/** The lines of the finest log say what is handed to the writer, in order: `→ <ack class=call type=video>`. */
const describeSent = (line: string): Line => {
  const [, tag = '', child] = /^→ <([\w:]+)[^>]*>(?:\[<([\w:-]+))?/.exec(line) ?? []
  const [, kind] = / class=([\w:]+)/.exec(line) ?? []
  const [, type] = / type=([\w:]+)/.exec(line) ?? []
  return tag === 'ack' ? ['→ ack', kind, type].filter((word) => word !== undefined).join(' ') : `→ ${tag}${child === undefined ? '' : ` ${child}`}`
}

const listen = (options: Partial<ClientOptions> = {}): Log => {
  const lines: Line[] = []
  const nothing = (): void => undefined
  const trace = (_: object, message: string): void => {
    if (message.startsWith('→')) lines.push(describeSent(message))
  }
  const world = createTestWorld({ ...options, logger: { trace, debug: nothing, info: nothing, warn: nothing, error: nothing, isLevelEnabled: () => true } })
  world.client.events$.subscribe((event) => lines.push(describeEvent(event)))
  // Finished messages are not described.
  world.simulator.traffic$.subscribe(({ direction, stanza: { tag } }) => {
    if (direction === 'in' && tag === 'message') lines.push('→ message')
  })
  return { world, lines }
}

const connected = async (options?: Partial<ClientOptions>): Promise<Log> => {
  const log = listen(options)
  await log.world.connect()
  log.lines.length = 0
  return log
}

const only = (lines: readonly Line[], ...words: readonly string[]): readonly Line[] => lines.filter((line) => words.some((word) => line.startsWith(word)))

interface Guarantee {
  readonly name: string
  readonly run: (log: Log) => void | Promise<void>
  /** Begins of the lines that count; all others may be anywhere. */
  readonly counts: readonly string[]
  readonly order: readonly Line[]
}

const NOTIFICATION = '→ ack notification'
const RING = ['→ receipt offer', 'incoming_call offer', '→ ack call']

/** Guarantees of the catalogue of events, section 10, and of calls, section 8. */
const GUARANTEES: readonly Guarantee[] = [
  {
    name: 'actions of one notification in order, then the notification, then its acknowledgement',
    run: ({ world: { simulator, ana } }) =>
      simulator.push(ana.lid, aPush.group_update({ actions: [stanza('locked'), stanza('missing_participant_identification'), stanza('announcement'), stanza('novelty')] })),
    counts: ['group_update', 'notification', '→ ack'],
    order: ['group_update 0 locked', 'group_update 1 announcement', 'group_update 2 unknown', 'notification', `${NOTIFICATION} w:gp2`],
  },
  {
    name: 'notifications one after the other, each acknowledged after its events',
    run: ({ world: { simulator, ana } }) => simulator.push(ana.lid, aPush.group_update(), aPush.picture_update(), aPush.newsletter_live_update()),
    counts: ['group_update', 'picture', 'newsletter', '→ ack'],
    order: ['group_update 0 subject', `${NOTIFICATION} w:gp2`, 'picture_update', `${NOTIFICATION} picture`, 'newsletter_live_update', 'newsletter_message_update', `${NOTIFICATION} newsletter`],
  },
  {
    name: 'an offer: receipt, event, acknowledgement',
    run: ({ world: { simulator, ana } }) => simulator.push(ana.lid, aPush.incoming_call()),
    counts: ['incoming_call', '→'],
    order: RING,
  },
  {
    name: 'a call nobody took: missed before the end of it',
    run: ({ world: { simulator, ana } }) => simulator.push(ana.lid, aPush.missed_call()),
    counts: ['incoming_call', 'missed_call', '→'],
    order: [...RING, 'missed_call', 'incoming_call terminate', '→ ack call'],
  },
  {
    name: 'a call taken elsewhere: told before the end of it',
    run: ({ world: { simulator, ana } }) => simulator.push(ana.lid, aPush.call_ended_elsewhere()),
    counts: ['incoming_call', 'call_ended', '→'],
    order: [...RING, 'call_ended_elsewhere', 'incoming_call terminate', '→ ack call'],
  },
  {
    name: 'a call that was taken ends without a word',
    run: ({ world: { simulator, ana } }) => {
      const [offer, terminate] = aPush.missed_call()
      simulator.push(ana.lid, offer!, pushCallAction('accept'), terminate!)
    },
    counts: ['incoming_call', 'missed_call'],
    order: ['incoming_call offer', 'incoming_call accept', 'incoming_call terminate'],
  },
  {
    name: 'a call ends once',
    run: ({ world: { simulator, ana } }) => {
      const [offer, terminate] = aPush.missed_call()
      simulator.push(ana.lid, offer!, terminate!, terminate!)
    },
    counts: ['missed_call'],
    order: ['missed_call'],
  },
  {
    name: 'ringing outlasts a lost connection',
    run: async ({ world: { simulator, ana, device, clock } }) => {
      const [offer, terminate] = aPush.missed_call()
      simulator.push(ana.lid, offer!)
      simulator.disconnect(device)
      await clock.advance(10_000)
      simulator.push(ana.lid, terminate!)
    },
    counts: ['incoming_call', 'missed_call'],
    order: ['incoming_call offer', 'missed_call', 'incoming_call terminate'],
  },
  {
    name: 'an acknowledgement names the actions that have to be named',
    run: ({ world: { simulator, ana } }) =>
      simulator.push(ana.lid, pushCallAction('waiting_room_update'), pushCallAction('user_action'), pushCallAction('screen_share'), pushCallAction('video', {}, { state: '1' }), pushCallAction('transport'), pushCallAction('heartbeat')),
    counts: ['→ ack'],
    order: ['→ ack call waiting_room_update', '→ ack call user_action', '→ ack call screen_share', '→ ack call video', '→ ack call', '→ ack call'],
  },
  {
    name: 'a message: event, then receipt',
    run: ({ world: { ben, ana } }) => void ben.send(ana.lid, 'hello'),
    counts: ['message', '→ receipt'],
    order: ['message live', '→ receipt'],
  },
  {
    name: 'sending: told, sent, acknowledged, received',
    run: async ({ world: { client, ben, clock } }) => {
      // A phone of the simulator reads before its server says that it took the message.
      ben.goOffline()
      const sent = client.send(ben.lid, { text: 'hello' }).result()
      await clock.advance(10)
      await sent
      ben.goOnline()
    },
    counts: ['message_sent', '→ message', 'server_ack', 'receipt'],
    order: ['message_sent', '→ message', 'server_ack', 'receipt'],
  },
]

describe('the order of events', () => {
  it.each(GUARANTEES)('$name', async ({ run, counts, order }) => {
    const log = await connected()
    await run(log)
    await log.world.clock.advance(10)
    expect(only(log.lines, ...counts)).toEqual(order)
    log.world.hangUp()
  })

  it('a backlog: preview, everything in it, completion; what was offered is missed', async () => {
    const { world, lines } = await connected()
    world.hangUp()
    world.ben.send(world.ana.lid, 'hello')
    world.simulator.push(world.ana.lid, aPush.incoming_call(), aPush.picture_update(), aPush.presence())
    world.ben.send(world.ana.lid, 'again')
    lines.length = 0
    await world.connect()
    await world.clock.advance(100)
    expect(only(lines, 'offline', 'message', 'missed', 'incoming', 'picture', 'presence', '→ receipt offer')).toEqual(['offline_sync_preview', 'message offline', 'missed_call', 'picture_update', 'message offline', 'offline_sync_completed'])
    expect(only(lines, 'connected').length).toBe(1)
    world.hangUp()
  })

  it('a link: paired, restarted, connected, and no word of a disconnection', async () => {
    const { world, lines } = listen()
    await world.connect()
    expect(only(lines, 'pair_success', 'connected', 'disconnected')).toEqual(['pair_success', 'connected'])
    world.hangUp()
  })

  it.each([
    ['stream_replaced', stanza('stream:error', {}, [stanza('conflict', { type: 'replaced' })])],
    ['logged_out', stanza('stream:error', { code: '401' }, [stanza('conflict', { type: 'device_removed' })])],
  ])('%s is the last word: no disconnection is told', async (type, error) => {
    const { world, lines } = await connected()
    world.simulator.disconnect(world.device, error)
    await world.clock.advance(1_000)
    expect(only(lines, type, 'disconnected')).toEqual([type])
    world.hangUp()
  })

  it('what was opened is told before the message it belongs to', async () => {
    const { world, lines } = await connected()
    const watching = world.client.decryptedPayloads$.subscribe()
    world.ben.send(world.ana.lid, 'hello')
    expect(only(lines, 'decrypted_payload', 'message')).toEqual(['decrypted_payload', 'message live'])
    watching.unsubscribe()
    world.hangUp()
  })
})

describe('a durable consumer', () => {
  const collect = (client: Client, keys: string[], ack: boolean) =>
    client.durable('all', ['group_update', 'notification', 'missed_call', 'incoming_call']).subscribe((delivery) => {
      keys.push(`${delivery.event.type} ${delivery.key}`)
      if (ack) delivery.ack()
    })

  it('gets every action under a key of its own, the same after a restart, whoever else listens', async () => {
    const store = memoryStore()
    const first = await connected({ store })
    const before: string[] = []
    const consumer = collect(first.world.client, before, false)
    await first.world.clock.advance(10)
    first.world.simulator.push(first.world.ana.lid, aPush.group_update({ actions: [stanza('locked'), stanza('announcement')] }), aPush.missed_call())
    await first.world.clock.advance(500)
    expect(before.map((line) => line.split(' ')[0])).toEqual(['group_update', 'group_update', 'notification', 'incoming_call', 'missed_call', 'incoming_call'])
    expect(new Set(before).size).toBe(before.length)
    consumer.unsubscribe()
    first.world.hangUp()
    await first.world.clock.advance(500)

    const after: string[] = []
    const again = collect(first.world.client, after, true)
    await first.world.connect()
    await first.world.clock.advance(500)
    expect(after).toEqual(before)
    again.unsubscribe()
    first.world.hangUp()
  })

  it('is enough for an event to be built', async () => {
    const { world } = await connected()
    const keys: string[] = []
    const consumer = collect(world.client, keys, true)
    await world.clock.advance(10)
    world.simulator.push(world.ana.lid, aPush.group_update())
    await world.clock.advance(10)
    expect(keys.length).toBe(2)
    consumer.unsubscribe()
    world.hangUp()
  })
})
