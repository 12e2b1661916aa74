import { describe, expect, it } from '@jest/globals'

import { stanza, toJid, type WaEvent } from '../../lib/index.ts'
import { fetchDevices } from '../../lib/requests/device-requests.ts'
import { contactHash } from '../../lib/pipeline/contact-hashes.ts'
import { asked, linkTo, messagesOf, receiversOf } from './people.ts'
import { createTestWorld, type TestWorld } from './world.ts'

const kinds = (events: readonly WaEvent[]): readonly string[] => events.map(({ type }) => type)
/** Who got the last message, our own phone aside. */
const lastReceivers = ({ sent, ana }: TestWorld): readonly string[] => receiversOf(messagesOf(sent).at(-1)!).filter((device) => device !== ana.lid.toString())
const acks = ({ sent }: TestWorld, id: string) => sent.filter(({ tag, attrs }) => tag === 'ack' && attrs['id'] === id)

/** Our client has written to Ben once; from here on everything is counted. */
const acquainted = async (): Promise<TestWorld> => {
  const world = createTestWorld()
  await world.connect()
  await world.client.send(world.ben.lid, { text: 'hello' })
  world.sent.length = 0
  world.events.length = 0
  return world
}

const notice = (world: TestWorld, id: string, type: string, content: ReturnType<typeof stanza>, from = world.ben.phoneNumber, more = {}) =>
  stanza('notification', { from, type, id, t: '1767225600', ...more }, [content])

describe('a device that somebody links', () => {
  it('is told, and written to without a question', async () => {
    const world = await acquainted()
    const { client, ben, events, sent, clock } = world
    const bens = await linkTo(world, ben)
    expect(events).toEqual([
      {
        type: 'device_list_update',
        user: ben.phoneNumber,
        lidUser: ben.lid,
        updateType: 'add',
        devices: [{ deviceId: 1, keyIndex: 1 }],
        keyIndex: { timestamp: expect.any(Date), signedBytes: expect.any(Uint8Array) },
      },
    ])
    sent.length = 0
    await client.send(ben.lid, { text: 'to both' })
    await clock.advance(5)
    expect(lastReceivers(world)).toEqual([ben.lid.toString(), `${ben.lid.user}:1@lid`])
    expect(asked(sent, 'usync')).toBe(0)
    expect(bens.texts).toEqual(['to both'])
    bens.stop()
    world.hangUp()
  })

  it('and unlinks is not written to any more; what it had is put away', async () => {
    const world = await acquainted()
    const { client, ben, events, sent } = world
    const bens = await linkTo(world, ben)
    await client.send(ben.lid, { text: 'to both' })
    events.length = 0
    sent.length = 0
    ben.unlink(1)
    expect(events).toMatchObject([{ type: 'device_list_update', user: ben.phoneNumber, lidUser: ben.lid, updateType: 'remove', devices: [{ deviceId: 1 }] }])
    await client.send(ben.lid, { text: 'to one' })
    expect(lastReceivers(world)).toEqual([ben.lid.toString()])
    expect(asked(sent, 'usync')).toBe(0)
    // The number is given out again: nothing of the device before is used for it.
    const next = await linkTo(world, ben)
    await client.send(ben.lid, { text: 'to the next' })
    await world.clock.advance(5)
    expect(next.texts).toEqual(['to the next'])
    bens.stop()
    next.stop()
    world.hangUp()
  })

  it('of our own account is told; it reads what we write', async () => {
    const world = await acquainted()
    const { client, ana, ben, events, sent, clock } = world
    const anas = await linkTo(world, ana)
    expect(events.find(({ type }) => type === 'own_devices_updated')).toEqual({
      type: 'own_devices_updated',
      devices: [{ deviceId: 0 }, { deviceId: 1, keyIndex: 1 }, { deviceId: 2, keyIndex: 2 }],
      dhash: expect.stringMatching(/^2:/),
      timestamp: expect.any(Date),
    })
    sent.length = 0
    await client.send(ben.lid, { text: 'for all of us' })
    await clock.advance(5)
    expect(lastReceivers(world)).toEqual([ben.lid.toString(), `${ana.lid.user}:2@lid`])
    expect(asked(sent, 'usync')).toBe(0)
    expect(anas.texts).toEqual(['for all of us'])
    events.length = 0
    ana.unlink(2)
    expect(events).toMatchObject([{ type: 'own_devices_updated', devices: [{ deviceId: 0 }, { deviceId: 1 }] }])
    anas.stop()
    world.hangUp()
  })

  it('and that nobody told us about is found out when it writes', async () => {
    const world = await acquainted()
    const { client, ben, sent, simulator, clock } = world
    const deaf = simulator.faults.add({ on: { direction: 'out', tag: 'notification' }, do: { kind: 'drop' } })
    const bens = await linkTo(world, ben)
    deaf.remove()
    await bens.client.send(world.ana.lid, { text: 'it is me' })
    await clock.advance(5)
    sent.length = 0
    await client.send(ben.lid, { text: 'two' })
    await clock.advance(5)
    expect(asked(sent, 'usync')).toBe(1)
    expect(bens.texts).toEqual(['two'])
    bens.stop()
    world.hangUp()
  })
})

describe('lists that are not right', () => {
  const add = (more: Parameters<typeof stanza>[1], device: Parameters<typeof stanza>[1], signed?: Uint8Array) =>
    stanza('add', more, [stanza('device', device), stanza('key-index-list', { ts: '1' }, signed)])

  it.each([
    ['a hash that does not fit', add({ device_hash: '2:AAAAAAAA' }, { jid: '15550100002:9@s.whatsapp.net', 'key-index': '9' })],
    ['a list that the phone did not sign', add({}, { jid: '15550100002:9@s.whatsapp.net', 'key-index': '9' }, Uint8Array.of(1, 2, 3))],
  ])('%s: the server is asked, a device that does not exist gets nothing', async (_, content) => {
    const world = await acquainted()
    world.simulator.inject(world.device, notice(world, 'N1', 'devices', content, world.ben.phoneNumber, { lid: world.ben.lid }))
    expect(kinds(world.events)).toEqual(['device_list_update'])
    expect(acks(world, 'N1')).toHaveLength(1)
    await world.client.send(world.ben.lid, { text: 'still' })
    expect(lastReceivers(world)).toEqual([world.ben.lid.toString()])
    expect(asked(world.sent, 'usync')).toBe(1)
    world.hangUp()
  })

  it('a device without keys is named in what became of the message', async () => {
    const world = await acquainted()
    world.simulator.inject(world.device, notice(world, 'N1', 'devices', add({}, { jid: '15550100002:9@s.whatsapp.net', 'key-index': '9' }), world.ben.phoneNumber, { lid: world.ben.lid }))
    const skipped: unknown[] = []
    await new Promise<void>((resolve) =>
      world.client.send(world.ben.lid, { text: 'still' }).subscribe({
        next: (progress) => progress.kind === 'encrypted' && skipped.push(...progress.skipped),
        complete: resolve,
      }),
    )
    expect(skipped).toMatchObject([{ device: toJid('90010002:9@lid'), error: { code: 'signal_failed', fault: 'no_session' } }])
    world.hangUp()
  })

  it.each([
    ['without an operation', stanza('nothing')],
    ['without a device', stanza('add', {}, [stanza('key-index-list', { ts: '1' })])],
    ['of somebody else', add({}, { jid: '15550100077:9@s.whatsapp.net' })],
    ['with two different devices in one', add({}, { jid: '15550100002:9@s.whatsapp.net', lid: '90010002:8@lid' })],
    ['with a removal at no time', stanza('remove', {}, [stanza('device', { jid: '15550100002:9@s.whatsapp.net' }), stanza('key-index-list', { ts: '0' })])],
  ])('%s: malformed, acknowledged, without effect', async (_, content) => {
    const world = await acquainted()
    world.simulator.inject(world.device, notice(world, 'N1', 'devices', content, world.ben.phoneNumber, { lid: world.ben.lid }))
    expect(kinds(world.events)).toEqual(['malformed_stanza'])
    expect(acks(world, 'N1')).toHaveLength(1)
    await world.client.send(world.ben.lid, { text: 'still' })
    expect(asked(world.sent, 'usync')).toBe(0)
    world.hangUp()
  })

  it('about ourselves: neither a list without us nor our own removal does harm', async () => {
    const world = await acquainted()
    const { ana, ben, simulator, client } = world
    simulator.inject(world.device, notice(world, 'N1', 'account_sync', stanza('devices', {}, [stanza('device', { jid: ana.phoneNumber })]), ana.phoneNumber))
    simulator.inject(
      world.device,
      notice(world, 'N2', 'devices', stanza('remove', {}, [stanza('device', { jid: toJid(world.device) }), stanza('key-index-list', { ts: '1' })]), ana.phoneNumber, { lid: ana.lid }),
    )
    expect(kinds(world.events)).toEqual(['own_devices_updated', 'device_list_update'])
    const heard: unknown[] = []
    ben.messages$.subscribe(({ text }) => heard.push(text))
    await client.send(ben.lid, { text: 'here we are' })
    expect(heard).toEqual(['here we are'])
    const before = world.events.length
    ben.send(ana.lid, 'and here am I')
    expect(kinds(world.events).slice(before)).toContain('message')
    world.hangUp()
  })

  it('of somebody else as ours: malformed', async () => {
    const world = await acquainted()
    world.simulator.inject(world.device, notice(world, 'N1', 'account_sync', stanza('devices', {}, [stanza('device', { jid: world.ben.phoneNumber })])))
    expect(kinds(world.events)).toEqual(['malformed_stanza'])
    world.hangUp()
  })

  it('of enormous length are cut to as many devices as there can be', async () => {
    const world = await acquainted()
    const { ana, simulator, clock } = world
    const many = Array.from({ length: 20_000 }, (_, index) => stanza('device', { jid: toJid(`${ana.phoneNumber.user}:${index % 256}@s.whatsapp.net`), 'key-index': String(index) }))
    simulator.inject(world.device, notice(world, 'N1', 'account_sync', stanza('devices', {}, many), ana.phoneNumber))
    await clock.advance(1)
    const [event] = world.events
    expect(event).toMatchObject({ type: 'own_devices_updated' })
    expect(event!.type === 'own_devices_updated' && event!.devices.length).toBe(256)
    world.hangUp()
  })

  it('of a contact named by a hash only: asked for again', async () => {
    const world = await acquainted()
    world.simulator.inject(world.device, notice(world, 'N1', 'devices', stanza('update', { hash: contactHash('90010099') })))
    await world.client.send(world.ben.lid, { text: 'nobody we know' })
    expect(asked(world.sent, 'usync')).toBe(0)
    // Ben's number became known with his LID.
    world.ben.send(world.ana.lid, 'hello')
    world.simulator.inject(world.device, notice(world, 'N2', 'devices', stanza('update', { hash: contactHash(world.ben.lid.user) })))
    await world.client.send(world.ben.lid, { text: 'ours' })
    expect(asked(world.sent, 'usync')).toBe(1)
    expect(world.events.filter(({ type }) => type === 'device_list_update')).toMatchObject([{ updateType: 'update', devices: [], contactHash: contactHash('90010099') }, {}])
    world.hangUp()
  })
})

describe('prekeys that nobody signed', () => {
  it('are named in what became of a message; nothing is encrypted with them, and the next try is as good as any', async () => {
    const world = createTestWorld()
    await world.connect()
    const { client, ana, ben, simulator } = world
    const group = simulator.group({ phones: [ana, ben] })
    await client.send(ana.lid, { text: 'a note' })
    simulator.forgePrekeys(true)
    await expect(client.send(ben.lid, { text: 'secret' }).result()).rejects.toMatchObject({ code: 'no_device_reachable', cause: { code: 'signal_failed', fault: 'bad_signature' } })
    const skipped: unknown[] = []
    await new Promise<void>((resolve) =>
      client.send(group.jid, { text: 'for those who can' }).subscribe({ next: (progress) => progress.kind === 'encrypted' && skipped.push(...progress.skipped), complete: resolve }),
    )
    expect(skipped).toMatchObject([{ device: ben.lid, error: { fault: 'bad_signature' } }])
    expect(messagesOf(world.sent).flatMap(receiversOf)).not.toContain(ben.lid.toString())
    simulator.forgePrekeys(false)
    const heard: unknown[] = []
    ben.messages$.subscribe(({ text }) => heard.push(text))
    await client.send(ben.lid, { text: 'safe' })
    await client.send(group.jid, { text: 'for all' })
    expect(heard).toEqual(['safe', 'for all'])
    world.hangUp()
  })
})

it('an enormous list in an answer of the server is cut to as many devices as there can be', async () => {
  const description = fetchDevices([toJid('90010002@lid')], '1', () => ({ currentIndex: 0, validIndexes: [] }))
  const devices = Array.from({ length: 20_000 }, (_, index) => stanza('device', { id: index % 300, 'key-index': index + 1 }))
  const faults: string[] = []
  const reply = stanza('iq', { type: 'result' }, [
    stanza('usync', {}, [stanza('list', {}, [stanza('user', { jid: toJid('90010002@lid') }, [stanza('devices', {}, [stanza('device-list', {}, devices), stanza('key-index-list', { ts: 1 }, 'x')])])])]),
  ])
  const [answer] = description.parse(reply, faults)!
  expect(answer!.devices).toHaveLength(256)
  expect(answer!.keyIndexes!.size).toBe(256)
})
