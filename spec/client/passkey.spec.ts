import { describe, expect, it } from '@jest/globals'

import { hkdfSha256, hmacSha256 } from '#crypto'
import { createClient, readPasskeyOptions, type Client, type ClientOptions, type PasskeyAnswer, type Stanza, type WaEvent, type WaEventOf } from '../../lib/index.ts'
import { bytesOf, childOf } from '../../lib/stanza/stanza.ts'
import { memoryStore } from '../../lib/store/memory/index.ts'
import { createSimulator, createVirtualClock, type PasskeySwitches, type Phone, type PhonePasskeyCode, type Simulator, type VirtualClock } from '../../lib/testing/index.ts'

interface PasskeyWorld {
  readonly clock: VirtualClock
  readonly simulator: Simulator
  readonly ana: Phone
  readonly client: Client
  readonly shown: PhonePasskeyCode[]
  readonly sent: Stanza[]
  /** How the phone's link ended. */
  readonly linked: () => unknown
  readonly told: <Type extends WaEvent['type']>(type: Type) => readonly WaEventOf<Type>[]
  /** Scans the code that is shown now. */
  readonly scan: () => Promise<void>
  readonly hangUp: () => void
  /** The phone's passkey signs what was asked for last. */
  readonly sign: () => PasskeyAnswer
  /** Answers and gives everybody time; the error when it failed. */
  readonly respond: (answer?: PasskeyAnswer) => Promise<unknown>
  readonly run: (operation: PromiseLike<unknown>) => Promise<unknown>
}

const createPasskeyWorld = async (options: Partial<ClientOptions> | ((ana: Phone) => Partial<ClientOptions>) = {}, switches?: PasskeySwitches): Promise<PasskeyWorld> => {
  const clock = createVirtualClock()
  const simulator = createSimulator({ scheduler: clock.scheduler })
  const ana = simulator.phone({ name: 'Ana', wantsPasskey: true })
  simulator.breakPasskeys(switches)
  const client = createClient({
    store: memoryStore(),
    dial: simulator.dial,
    trustedRoot: simulator.trustedRoot,
    prekeyCount: 5,
    scheduler: clock.scheduler,
    random: () => 0.5,
    ...(typeof options === 'function' ? options(ana) : options),
  })
  const events: WaEvent[] = []
  client.events$.subscribe((event) => events.push(event))
  const shown: PhonePasskeyCode[] = []
  ana.passkeyCodes$.subscribe((code) => shown.push(code))
  const sent: Stanza[] = []
  simulator.traffic$.subscribe(({ direction, stanza }) => {
    if (direction === 'in') sent.push(stanza)
  })
  const connection = client.connection$.subscribe({ error: () => undefined })
  await clock.advance(5)
  let linked: unknown
  const told = <Type extends WaEvent['type']>(type: Type) => events.filter((event): event is WaEventOf<Type> => event.type === type)
  const run = async (operation: PromiseLike<unknown>): Promise<unknown> => {
    const outcome = Promise.resolve(operation).catch((error: unknown) => error)
    await clock.advance(5)
    return outcome
  }
  const sign = (): PasskeyAnswer => ana.signPasskey(told('pair_passkey_request').at(-1)!.requestOptionsJson)
  return {
    clock,
    simulator,
    ana,
    client,
    shown,
    sent,
    linked: () => linked,
    told,
    scan: async () => {
      void ana.scan(told('pairing_qr_code').at(-1)!.code).then(
        (device) => (linked = String(device)),
        (error: unknown) => (linked = error),
      )
      await clock.advance(5)
    },
    hangUp: () => connection.unsubscribe(),
    sign,
    respond: (answer = sign()) => run(client.passkey.respond(answer).result()),
    run,
  }
}

const prologueOf = (sent: readonly Stanza[]): Stanza => sent.map((stanza) => childOf(stanza, 'passkey_prologue')).findLast((step) => step !== undefined)!

describe('linking by passkey', () => {
  it('goes from the scan over both codes, which are equal, to a login', async () => {
    const world = await createPasskeyWorld()
    await world.scan()
    const [request] = world.told('pair_passkey_request')
    expect(readPasskeyOptions(request!.requestOptionsJson).challenge).toHaveLength(32)
    const confirmation = await world.respond()
    expect(confirmation).toEqual({ code: expect.stringMatching(/^[1-9A-HJ-NP-TV-Z]{4}-[1-9A-HJ-NP-TV-Z]{4}$/), skipHandoffUx: true })
    expect(world.told('pair_passkey_confirmation')).toEqual([{ type: 'pair_passkey_confirmation', ...(confirmation as object) }])
    expect(world.shown).toEqual([{ code: (confirmation as { code: string }).code, isProven: true }])
    expect(world.told('pair_success')).toEqual([])
    await world.run(world.client.passkey.confirm().result())
    await world.clock.advance(20)
    expect(world.linked()).toBe('90010001:1@lid')
    expect([world.told('connected').length, world.told('pair_passkey_error')]).toEqual([1, []])
    // The clock of the attempt went with it.
    await world.clock.advance(400_000)
    expect(world.told('pair_passkey_error')).toEqual([])
    world.hangUp()
    expect([world.simulator.connections(), world.clock.pendingTimers()]).toEqual([0, 0])
  })

  it('proves the interrupted link once, by its secret, and begins with another', async () => {
    const world = await createPasskeyWorld()
    const secretOf = (index: number) => Buffer.from(world.told('pairing_qr_code').at(index)!.code.split(',')[3]!, 'base64')
    const before = secretOf(0)
    await world.scan()
    expect(world.told('pairing_qr_code')).toHaveLength(2)
    expect(secretOf(1).equals(before)).toBe(false)
    world.simulator.breakPasskeys({ refused: 'prologue' })
    await world.respond()
    const step = prologueOf(world.sent)
    const key = hkdfSha256(before, undefined, 'shortcake-passkey-handoff-v1', 32)
    expect(childOf(step, 'pairing_handoff_proof')?.content).toEqual(hmacSha256(key, bytesOf(childOf(step, 'prologue_payload'))!))
    world.simulator.breakPasskeys()
    expect(await world.respond()).toMatchObject({ skipHandoffUx: false })
    expect(childOf(prologueOf(world.sent), 'pairing_handoff_proof')).toBeUndefined()
    expect(world.shown).toMatchObject([{ isProven: false }])
    world.hangUp()
  })

  it('proves the newest of several scans', async () => {
    const world = await createPasskeyWorld()
    await world.scan()
    await world.scan()
    expect(world.told('pair_passkey_request')).toHaveLength(2)
    expect(await world.respond()).toMatchObject({ skipHandoffUx: true })
    expect(world.shown).toMatchObject([{ isProven: true }])
    await world.run(world.client.passkey.confirm().result())
    await world.clock.advance(20)
    expect(world.linked()).toBe('90010001:1@lid')
    world.hangUp()
  })

  it('gives no proof after five minutes', async () => {
    const world = await createPasskeyWorld()
    await world.scan()
    await world.clock.advance(301_000)
    expect(await world.respond()).toMatchObject({ skipHandoffUx: false })
    world.hangUp()
  })

  it('follows a pairing code as well', async () => {
    const world = await createPasskeyWorld()
    const code = (await world.run(world.client.pairWithCode(world.ana.phoneNumber.user).result())) as { readonly code: string }
    const linked = world.ana.enterCode(code.code)
    await world.clock.advance(5)
    expect(world.told('pair_passkey_request')).toHaveLength(1)
    // The clock of the code no longer counts: it would take the secret away.
    await world.clock.advance(61_000)
    expect(world.told('pairing_code_refresh')).toEqual([])
    expect(await world.respond()).toMatchObject({ skipHandoffUx: true })
    await world.run(world.client.passkey.confirm().result())
    await world.clock.advance(20)
    expect(String(await linked)).toBe('90010001:1@lid')
    world.hangUp()
  })

  it('links without a scan when the server asks by itself', async () => {
    const world = await createPasskeyWorld()
    world.simulator.demandPasskeys()
    await world.clock.advance(5)
    await world.respond()
    await world.run(world.client.passkey.confirm().result())
    await world.clock.advance(20)
    expect(world.told('connected')).toHaveLength(1)
    world.hangUp()
  })

  it('needs nobody with an authenticator that confirms by itself', async () => {
    const world = await createPasskeyWorld((ana) => ({ passkey: { authenticator: async (json) => ana.signPasskey(json), autoConfirm: true } }))
    await world.scan()
    await world.clock.advance(30)
    expect(world.linked()).toBe('90010001:1@lid')
    expect(world.told('pair_passkey_confirmation')).toHaveLength(1)
    world.hangUp()
  })

  it('asks for the options that did not come along', async () => {
    const world = await createPasskeyWorld({}, { withoutOptions: true })
    await world.scan()
    expect(world.told('pair_passkey_request')).toHaveLength(1)
    expect(await world.respond()).toMatchObject({ skipHandoffUx: true })
    world.hangUp()
  })

  it('acknowledges each step and tells none of them raw', async () => {
    const world = await createPasskeyWorld()
    await world.scan()
    await world.respond()
    expect(world.sent.filter(({ tag }) => tag === 'ack').map(({ attrs }) => attrs['type'])).toEqual(['passkey_prologue_request', 'crsc_continuation'])
    expect(world.told('notification')).toEqual([])
    world.hangUp()
  })
})

describe('a link by passkey fails', () => {
  it.each<[string, PasskeySwitches, object]>([
    ['options are refused', { withoutOptions: true, refused: 'options' }, { fault: 'refused', status: 403 }],
    ['options are empty', { withoutOptions: true, options: '' }, { fault: 'malformed' }],
    ['options are no JSON', { options: 'x' }, { fault: 'malformed' }],
    ['options have no challenge', { options: '{}' }, { fault: 'malformed' }],
    ['options are too long', { options: JSON.stringify({ challenge: 'A'.repeat(4_200) }) }, { fault: 'malformed' }],
  ])('before it began, when its %s', async (_, switches, error) => {
    const world = await createPasskeyWorld({}, switches)
    await world.scan()
    expect(world.told('pair_passkey_error')).toMatchObject([{ error, continuation: false }])
    expect(world.told('pair_passkey_request')).toEqual([])
    await expect(world.client.passkey.respond(world.ana.signPasskey('{"challenge":"AQID"}')).result()).rejects.toMatchObject({ fault: 'no_request' })
    world.hangUp()
  })

  it.each<[PasskeySwitches, object, boolean]>([
    [{ refused: 'ref' }, { fault: 'refused', status: 403 }, false],
    [{ refused: 'prologue' }, { fault: 'refused', status: 403 }, false],
    [{ refused: 'nonce' }, { fault: 'refused', status: 403 }, true],
    [{ answer: 'short_key' }, { fault: 'malformed' }, true],
    [{ answer: 'short_nonce' }, { fault: 'malformed' }, true],
    [{ answer: 'low_order_key' }, { fault: 'malformed' }, true],
  ])('at %j, and can be tried again', async (switches, error, continuation) => {
    const world = await createPasskeyWorld()
    await world.scan()
    world.simulator.breakPasskeys(switches)
    expect(await world.respond()).toMatchObject({ code: 'passkey_failed', ...error })
    expect(world.told('pair_passkey_error')).toMatchObject([{ error, continuation }])
    world.simulator.breakPasskeys()
    expect(await world.respond()).toMatchObject({ code: expect.stringMatching(/-/) })
    world.hangUp()
  })

  it('with an assertion of another passkey', async () => {
    const world = await createPasskeyWorld()
    await world.scan()
    const other = world.simulator.phone().signPasskey('{"challenge":"AQID"}')
    expect(await world.respond(other)).toMatchObject({ fault: 'refused', status: 401 })
    world.hangUp()
  })

  it('when the pairing request is refused; its secret is dead then', async () => {
    const world = await createPasskeyWorld()
    await world.scan()
    await world.respond()
    world.simulator.breakPasskeys({ refused: 'request' })
    const codes = world.told('pairing_qr_code').length
    expect(await world.run(world.client.passkey.confirm().result())).toMatchObject({ fault: 'refused', status: 403 })
    expect(world.told('pair_passkey_error')).toMatchObject([{ continuation: true }])
    expect(world.told('pairing_qr_code')).toHaveLength(codes + 1)
    expect(await world.run(world.client.passkey.confirm().result())).toMatchObject({ fault: 'nothing_to_confirm' })
    world.hangUp()
  })

  it.each(['foreign', 'silent'] as const)('after five minutes without the phone (%s)', async (answer) => {
    const world = await createPasskeyWorld({}, { answer })
    await world.scan()
    const outcome = world.client.passkey.respond(world.sign()).result().catch((error: unknown) => error)
    await world.clock.advance(299_000)
    expect(world.told('pair_passkey_error')).toEqual([])
    await world.clock.advance(2_000)
    expect(await outcome).toMatchObject({ fault: 'timed_out' })
    expect(world.told('pair_passkey_error')).toMatchObject([{ continuation: false }])
    world.hangUp()
  })

  it('after five minutes without the user, and a minute after the last step without a link', async () => {
    const world = await createPasskeyWorld()
    await world.scan()
    await world.respond()
    await world.clock.advance(301_000)
    expect(world.told('pair_passkey_error')).toMatchObject([{ error: { fault: 'timed_out' }, continuation: true }])
    await world.respond()
    // The phone proves another secret: its link is refused, and the attempt is called off.
    world.simulator.bendPairing({ hasBadHmac: true })
    await world.run(world.client.passkey.confirm().result())
    await world.clock.advance(61_000)
    expect(world.told('pair_error')).toHaveLength(1)
    expect(world.told('pair_passkey_error')).toHaveLength(2)
    world.hangUp()
    expect(world.clock.pendingTimers()).toBe(0)
  })

  it.each([
    ['throws', () => { throw new Error('no finger') }],
    ['rejects', () => Promise.reject(new Error('no finger'))],
    ['gives nothing usable', async () => ({ credentialId: Uint8Array.of(1), assertionJson: '{}' })],
    ['gives nothing', async () => undefined as never],
  ])('when the authenticator %s', async (_, authenticator) => {
    const world = await createPasskeyWorld({ passkey: { authenticator } })
    await world.scan()
    await world.clock.advance(5)
    expect(world.told('pair_passkey_error')).toMatchObject([{ error: { fault: 'authenticator_failed' }, continuation: false }])
    // Somebody else may still answer.
    expect(await world.respond()).toMatchObject({ skipHandoffUx: true })
    world.hangUp()
  })
})

describe('out of turn', () => {
  it('there is one attempt at a time, until it is cancelled', async () => {
    const world = await createPasskeyWorld({}, { answer: 'silent' })
    await world.scan()
    const first = world.client.passkey.respond(world.sign()).result().catch((error: unknown) => error)
    await world.clock.advance(5)
    expect(await world.respond()).toMatchObject({ fault: 'busy' })
    // Another request meanwhile changes nothing.
    world.simulator.demandPasskeys()
    await world.clock.advance(5)
    expect(world.told('pair_passkey_request')).toHaveLength(1)
    await world.run(world.client.passkey.cancel().result())
    expect(await first).toMatchObject({ fault: 'cancelled' })
    expect(world.told('pair_passkey_error')).toEqual([])
    expect(await world.respond()).toMatchObject({ fault: 'no_request' })
    world.hangUp()
  })

  it('whoever stops waiting for the code frees the place', async () => {
    const world = await createPasskeyWorld({}, { answer: 'silent' })
    await world.scan()
    world.client.passkey.respond(world.sign()).subscribe().unsubscribe()
    world.simulator.breakPasskeys()
    expect(await world.respond()).toMatchObject({ code: expect.any(String) })
    world.hangUp()
  })

  it('nothing is answered without a connection', async () => {
    const world = await createPasskeyWorld({}, { answer: 'silent' })
    await world.scan()
    const answer = world.sign()
    const waiting = world.client.passkey.respond(answer).result().catch((error: unknown) => error)
    world.hangUp()
    expect(await waiting).toMatchObject({ code: 'connection_lost' })
    expect(await world.respond(answer)).toMatchObject({ fault: 'no_request' })
    expect(() => world.client.passkey.respond({ credentialId: new Uint8Array(0), assertionJson: '' })).toThrow(expect.objectContaining({ option: 'answer.credentialId' }))
    expect(world.clock.pendingTimers()).toBe(0)
  })

  it('is refused as an option that is no function', () =>
    expect(() => createClient({ store: memoryStore(), passkey: { authenticator: 'x' as never } })).toThrow(expect.objectContaining({ option: 'passkey.authenticator' })))
})
