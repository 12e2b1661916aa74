import { describe, expect, it } from '@jest/globals'
import { firstValueFrom } from 'rxjs'

import { createClient, stanza, textOf } from '../../lib/index.ts'
import { memoryStore } from '../../lib/store/memory/index.ts'
import { generateKeyPair } from '#crypto'
import { ClassStore } from '../store/class-store.ts'
import { createTestWorld, statesOf } from './world.ts'

const typesOf = (events: readonly { readonly type: string }[]): readonly string[] => events.map(({ type }) => type)

describe('a new device', () => {
  it('pairs, comes back at once and logs in, telling each step', async () => {
    const world = createTestWorld()
    await world.connect()
    expect(statesOf(world.events)).toEqual(['dialing', 'pairing', 'waiting', 'dialing', 'opening', 'resuming', 'open'])
    expect(typesOf(world.events).filter((type) => type !== 'connection_state' && type !== 'app_state_sync_complete')).toEqual([
      'pairing_qr_code',
      'pair_success',
      'offline_sync_completed',
      'connected',
    ])
    expect(String(world.client.me()?.lid)).toBe('90010001:1@lid')
    expect(world.simulator.prekeysOf(world.device)).toBe(10)
    world.hangUp()
    expect(statesOf(world.events).at(-1)).toBe('closed')
    expect([world.openSockets(), world.clock.pendingTimers()]).toEqual([0, 0])
  })

  it('keeps itself in a store of classes, no method of which works without its `this`', async () => {
    const world = createTestWorld({ store: new ClassStore() })
    await world.connect()
    world.ben.send(world.ana.lid, 'hello')
    expect(textOf(world.events.find((event) => event.type === 'message')!.message)).toBe('hello')
    await expect(world.client.send(world.ben.lid, { text: 'hello yourself' })).resolves.toMatchObject({ id: expect.any(String) })
    world.hangUp()
    await world.connect()
    expect(world.ended()).toBeUndefined()
    world.hangUp()
  })

  it('tells nothing while `connection$` is being subscribed to: who listens right after it misses no code', async () => {
    const world = createTestWorld()
    // The first connection of a process loads modules; those after it have them.
    for (let round = 0; round < 2; round += 1) {
      const client = createClient({ store: memoryStore(), dial: world.simulator.dial, trustedRoot: world.simulator.trustedRoot, scheduler: world.clock.scheduler })
      const connection = client.connection$.subscribe()
      const codes: string[] = []
      client.pairingQrCodes$.subscribe(({ code }) => codes.push(code))
      await world.clock.advance(1)
      expect(codes).toHaveLength(1)
      connection.unsubscribe()
      await world.clock.advance(1)
    }
  })

  it('shows six codes, the first for a minute, and ends when none was scanned', async () => {
    const world = createTestWorld()
    const client = createClient({
      store: memoryStore(),
      dial: world.simulator.dial,
      trustedRoot: world.simulator.trustedRoot,
      scheduler: world.clock.scheduler,
    })
    const codes: number[] = []
    const exhausted = firstValueFrom(client.pairingQrCodesExhausted$)
    let ended: unknown
    client.pairingQrCodes$.subscribe(({ timeoutMs }) => codes.push(timeoutMs))
    client.connection$.subscribe({ error: (error: unknown) => (ended = error) })
    await world.clock.advance(60_000 + 5 * 20_000 + 10)
    expect(codes).toEqual([60_000, 20_000, 20_000, 20_000, 20_000, 20_000])
    expect(await exhausted).toMatchObject({ disconnected: true })
    expect(ended).toMatchObject({ code: 'pairing_exhausted' })
    expect(world.clock.pendingTimers()).toBe(0)
  })

  it.each(['companion_reg_refresh', 'pair-device-rotate-qr'] as const)('takes a new secret when the server says %s, and shows the code again', async (form) => {
    const world = createTestWorld()
    const client = createClient({ store: memoryStore(), dial: world.simulator.dial, trustedRoot: world.simulator.trustedRoot, scheduler: world.clock.scheduler, prekeyCount: 5 })
    const shown: { readonly code: string; readonly timeoutMs: number }[] = []
    client.pairingQrCodes$.subscribe((event) => shown.push(event))
    const connection = client.connection$.subscribe()
    await world.clock.advance(20_000)
    world.simulator.renewPairingSecrets(form)
    await world.clock.advance(5)
    expect(shown).toHaveLength(2)
    expect(shown[1]!.timeoutMs).toBeGreaterThan(39_000)
    expect(shown[1]!.timeoutMs).toBeLessThanOrEqual(40_005)
    const [before, after] = shown.map(({ code }) => code.split(','))
    expect(before!.map((field, index) => field === after![index])).toEqual([true, true, true, false, true])
    const refused = world.ana.scan(shown[0]!.code).catch((error: Error) => error)
    await world.clock.advance(5)
    expect(await refused).toBeInstanceOf(Error)
    const linked = world.ana.scan(shown[1]!.code)
    await world.clock.advance(20)
    expect((await linked).device).toBe(1)
    connection.unsubscribe()
    expect(world.clock.pendingTimers()).toBe(0)
  })

  it('stores nothing of a phone that cannot prove itself, and goes on', async () => {
    const world = createTestWorld()
    const client = createClient({ store: memoryStore(), dial: world.simulator.dial, trustedRoot: world.simulator.trustedRoot, scheduler: world.clock.scheduler, prekeyCount: 5 })
    const code = firstValueFrom(client.pairingQrCodes$)
    const failure = firstValueFrom(client.pairErrors$)
    const connection = client.connection$.subscribe()
    await world.clock.advance(1)
    const fields = (await code).code.split(',')
    // The phone read another secret than the one shown: its proof does not hold.
    fields[3] = `${'A'.repeat(43)}=`
    const scan = world.ana.scan(fields.join(',')).catch((error: Error) => error)
    await world.clock.advance(1)
    expect((await failure).error).toMatchObject({ code: 'pairing_rejected', fault: 'wrong_hmac' })
    expect(await scan).toBeInstanceOf(Error)

    const connected = firstValueFrom(client.connected$)
    void world.ana.scan((await code).code)
    await world.clock.advance(1)
    expect((await connected).type).toBe('connected')
    connection.unsubscribe()
  })
})

describe('the server must prove itself', () => {
  it.each([
    [{ hasWrongLeafKey: true }, 'wrong_leaf_key'],
    [{ hasWrongIssuer: true }, 'wrong_issuer'],
    [{ isExpired: true }, 'outside_validity'],
    [{ isMissingLeaf: true }, 'missing_part'],
    [{ isMissingIntermediate: true }, 'missing_part'],
  ])('%o: %s', async (certificateFlaws, fault) => {
    const world = createTestWorld({}, { certificateFlaws })
    let ended: unknown
    world.client.connection$.subscribe({ error: (error: unknown) => (ended = error) })
    await world.clock.advance(1)
    expect(ended).toMatchObject({ code: 'certificate_rejected', fault })
    // Nothing but the first hello left.
    expect(world.sent).toEqual([])
    expect([world.openSockets(), world.clock.pendingTimers()]).toEqual([0, 0])
  })

  it('under the root we trust', async () => {
    const world = createTestWorld({ trustedRoot: { publicKey: generateKeyPair().publicKey, serial: 0 } })
    let ended: unknown
    world.client.connection$.subscribe({ error: (error: unknown) => (ended = error) })
    await world.clock.advance(1)
    expect(ended).toMatchObject({ code: 'certificate_rejected', fault: 'bad_signature', certificate: 'intermediate' })
  })
})

describe('coming back', () => {
  it('waits longer and longer, and forgets that after a stable connection', async () => {
    const world = createTestWorld()
    await world.connect()
    for (const seconds of [1, 1, 2, 3, 5]) {
      world.simulator.disconnect(world.device)
      await world.clock.advance(0)
      expect(world.events.at(-1)).toMatchObject({ state: { kind: 'waiting', retryInMs: seconds * 1000 } })
      await world.clock.advance(seconds * 1000 + 5)
      expect(world.openSockets()).toBe(1)
    }
    await world.clock.advance(40_000)
    world.simulator.disconnect(world.device)
    await world.clock.advance(0)
    expect(world.events.at(-1)).toMatchObject({ state: { kind: 'waiting', retryInMs: 1000 } })
    world.hangUp()
    expect([world.openSockets(), world.clock.pendingTimers()]).toEqual([0, 0])
  })

  it.each([
    ['515', 0, undefined],
    ['503', 1000, undefined],
    ['500', 1000, 'stream_error'],
    ['429', 8000, 'stream_error'],
  ])('stream error %s: after %i ms, told as %s', async (code, retryInMs, event) => {
    const world = createTestWorld()
    await world.connect()
    world.events.length = 0
    world.simulator.disconnect(world.device, stanza('stream:error', { code }))
    await world.clock.advance(0)
    expect(world.events.find(({ type }) => type === 'connection_state')).toMatchObject({ state: { kind: 'waiting', retryInMs } })
    expect(world.events.find(({ type }) => type === 'stream_error')?.type).toBe(event)
    await world.clock.advance(retryInMs + 5)
    expect(statesOf(world.events).at(-1)).toBe('open')
    world.hangUp()
  })

  it.each([
    [stanza('stream:error', {}, [stanza('conflict', { type: 'replaced' })]), 'stream_replaced', 'stream_replaced'],
    [stanza('stream:error', { code: '409' }), 'stream_replaced', 'stream_replaced'],
    [stanza('stream:error', { code: '401' }, [stanza('conflict', { type: 'device_removed' })]), 'logged_out', 'logged_out'],
    [stanza('stream:error', { code: '516' }), 'logged_out', 'logged_out'],
    [stanza('failure', { reason: '401' }), 'logged_out', 'logged_out'],
    [stanza('failure', { reason: '402', code: '101', expire: '3600' }), 'temporary_ban', 'temporarily_banned'],
    [stanza('failure', { reason: '402' }), 'connect_failure', 'login_refused'],
    [stanza('failure', { reason: '405' }), 'client_outdated', 'client_outdated'],
    [stanza('failure', { reason: '418' }), 'connect_failure', 'login_refused'],
    [stanza('failure', { reason: 'x' }), 'connect_failure', 'login_refused'],
  ])('%#: ends for good, with an event that says why', async (reason, type, code) => {
    const world = createTestWorld()
    await world.connect()
    world.events.length = 0
    world.simulator.disconnect(world.device, reason)
    await world.clock.advance(0)
    expect(world.ended()).toMatchObject({ code })
    expect(typesOf(world.events)).toEqual([type, 'connection_state'])
    expect(world.events.at(-1)).toMatchObject({ state: { kind: 'ended', because: code } })
    await world.clock.advance(3_600_000)
    expect([world.openSockets(), world.clock.pendingTimers()]).toEqual([0, 0])
  })

  it('leaves when another connection takes the device', async () => {
    const store = memoryStore()
    const world = createTestWorld({ store })
    await world.connect()
    world.hangUp()
    await world.connect()
    expect(statesOf(world.events).at(-1)).toBe('open')
    world.ana.unlink(1)
    await world.clock.advance(0)
    expect(world.ended()).toMatchObject({ code: 'logged_out' })
  })
})

describe('a silent server', () => {
  it('is given up within two keepalive periods', async () => {
    const world = createTestWorld()
    await world.connect()
    const dropped = firstValueFrom(world.client.disconnected$)
    world.simulator.stall(world.device)
    await world.clock.advance(60_000)
    expect(await dropped).toMatchObject({ reason: { kind: 'read_error' } })
    expect(statesOf(world.events).at(-1)).toBe('open')
    world.hangUp()
  })

  it('that never ends the backlog is not waited for longer than a minute', async () => {
    const world = createTestWorld({}, { isLenientBacklog: false })
    await world.connect()
    world.hangUp()
    for (let turn = 0; turn < 10; turn += 1) world.ben.send(world.ana.lid, `text ${turn}`)
    world.simulator.muteOfflineEnd(true)
    world.events.length = 0
    await world.connect()
    await world.clock.advance(59_000)
    expect(statesOf(world.events).at(-1)).toBe('resuming')
    await world.clock.advance(2_000)
    expect(world.events.find(({ type }) => type === 'offline_sync_completed')).toMatchObject({ count: 10 })
    expect(statesOf(world.events).at(-1)).toBe('open')
    world.hangUp()
  })
})

describe('options', () => {
  const store = memoryStore()
  it.each([
    [{}, 'store'],
    [{ store, url: 'http://x' }, 'url'],
    [{ store, prekeyCount: 4 }, 'prekeyCount'],
    [{ store, version: [1, 2] }, 'version'],
    [{ store, trustedRoot: { publicKey: new Uint8Array(31), serial: 0 } }, 'trustedRoot'],
    [{ store, keepAlive: { minimumMs: 20_000, maximumMs: 10_000 } }, 'keepAlive.maximumMs'],
    [{ store, locale: { country: 'usa' } }, 'locale.country'],
    [{ store, pushName: '' }, 'pushName'],
    [{ store, dial: 'x' }, 'dial'],
    [{ store, markOnline: 1 }, 'markOnline'],
    [{ store, scheduler: {} }, 'scheduler'],
    [undefined, 'options'],
  ])('%# is refused by name', (options, option) =>
    expect(() => createClient(options as never)).toThrow(expect.objectContaining({ code: 'option_invalid', option, message: expect.stringContaining('must be') })))

  it('are checked at the door of each call too', () => {
    const client = createClient({ store })
    expect(() => client.send('nobody', { text: 'x' })).toThrow(expect.objectContaining({ code: 'jid_invalid' }))
    expect(() => client.send('1@newsletter', { text: 'x' })).toThrow(expect.objectContaining({ option: 'chat' }))
    expect(() => client.send('15550100002@s.whatsapp.net', { text: '' })).toThrow(expect.objectContaining({ option: 'content.text' }))
    expect(() => client.send('15550100002@s.whatsapp.net', { text: 'x' }, { until: 'eaten' as never })).toThrow(expect.objectContaining({ option: 'options.until' }))
  })
})

describe('callers without types', () => {
  const client = createClient({ store: memoryStore() })
  const ben = '15550100002@s.whatsapp.net'
  const nothing = undefined as never
  const text = 'a text' as never
  it.each<[string, string, () => unknown]>([
    ['send without content', 'content.text', () => client.send(ben, nothing)],
    ['send with null for options', 'options', () => client.send(ben, { text: 'x' }, null as never)],
    ['reply to nothing', 'event', () => client.reply(nothing, { text: 'x' })],
    ['markRead nothing', 'event', () => client.markRead(nothing)],
    ['openAddon of an object', 'event', () => client.openAddon({} as never)],
    ['recentlySent since a text', 'since', () => client.recentlySent(text)],
    ['request nothing', 'description', () => client.request(nothing)],
    ['pairWithCode with null for options', 'options', () => client.pairWithCode('15550100001', null as never)],
    ['channel with null for options', 'options', () => client.channel(['message'], null as never)],
    ['contacts.resolve one person', 'people', () => client.contacts.resolve(ben as never)],
    ['quickReplies.save nothing', 'reply', () => client.quickReplies.save('1', nothing)],
    ['appState.sync a text', 'names', () => client.appState.sync(text)],
    ['appState.change nothing', 'changes', () => client.appState.change(nothing)],
    ['appState.change a list of nothing', 'changes', () => client.appState.change([nothing])],
    ['appState.change without an index', 'index', () => client.appState.change([{}] as never)],
    ['history.request without a wish', 'wish', () => client.history.request(ben, nothing)],
    ['history.request before nothing', 'wish.before', () => client.history.request(ben, {} as never)],
    ['chats.star nothing', 'event', () => client.chats.star(nothing, true)],
    ['chats.deleteForMe a text', 'event', () => client.chats.deleteForMe(text)],
    ['labels.labelMessage nothing', 'event', () => client.labels.labelMessage('1', nothing, true)],
    ['labels.save nothing', 'label', () => client.labels.save('1', nothing)],
    ['contacts.save nothing', 'contact', () => client.contacts.save(ben, nothing)],
    ['poll of nothing', 'key', () => client.poll(nothing)],
  ])('are refused by name: %s', (_, option, use) => expect(use).toThrow(expect.objectContaining({ code: 'option_invalid', option })))
})

describe('one store', () => {
  it('serves one connection at a time', async () => {
    const store = memoryStore()
    const world = createTestWorld({ store })
    await world.connect()
    const second = createClient({ store, dial: world.simulator.dial, trustedRoot: world.simulator.trustedRoot })
    await expect(firstValueFrom(second.connection$)).rejects.toMatchObject({ code: 'store_in_use' })
    world.hangUp()
  })

  it('brings a device back without a new pairing, and nothing is sent twice', async () => {
    const store = memoryStore()
    const world = createTestWorld({ store })
    await world.connect()
    const greeting = firstValueFrom(world.client.messages$)
    world.ben.send(world.ana.lid, 'before')
    await greeting
    world.hangUp()
    world.ben.send(world.ana.lid, 'while away')
    const offline = firstValueFrom(world.client.messages$)
    await world.connect()
    expect(textOf((await offline).message)).toBe('while away')
    expect(world.events.filter(({ type }) => type === 'pair_success').length).toBe(1)
    world.hangUp()
  })
})

describe('resuming with the server key of an earlier connection', () => {
  it('saves the full handshake, survives another key, and begins anew after a failure', async () => {
    const world = createTestWorld()
    await world.connect()
    const reconnect = async (): Promise<void> => {
      world.hangUp()
      await world.connect()
    }
    await reconnect()
    expect(world.simulator.handshakes()).toEqual(['XX', 'XX', 'IK'])
    world.simulator.rotateServerKey()
    await reconnect()
    await reconnect()
    expect(world.simulator.handshakes().slice(3)).toEqual(['XXfallback', 'IK'])

    world.hangUp()
    world.simulator.corruptNextResume()
    const connected = firstValueFrom(world.client.connected$)
    const connection = world.client.connection$.subscribe()
    await world.clock.advance(1_500)
    await connected
    expect(world.simulator.handshakes().slice(5)).toEqual(['IK', 'XX'])
    connection.unsubscribe()
  })

  it('is not tried once the certificates have ended', async () => {
    const world = createTestWorld()
    await world.connect()
    world.hangUp()
    await world.clock.advance(11 * 365 * 86_400_000)
    world.simulator.rotateServerKey()
    await world.connect()
    expect(world.simulator.handshakes().at(-1)).toBe('XX')
    world.hangUp()
  })
})
