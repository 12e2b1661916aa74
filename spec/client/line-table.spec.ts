import { describe, expect, it } from '@jest/globals'

import { createClient, stanza, toJid, type Stanza, type WaEvent } from '../../lib/index.ts'
import { memoryStore } from '../../lib/store/memory/index.ts'
import { createTestWorld, type TestWorld } from './world.ts'

/**
 * Every word of the server about the connection, in every phase of one: what is told, and what becomes of
 * the connection (protocol document 02, sections 3.2 to 3.5).
 */
type Decision =
  | { readonly kind: 'ends'; readonly code: string }
  /** Comes back after so long. */
  | { readonly kind: 'returns'; readonly waitMs: number; readonly because?: string }
  | { readonly kind: 'stays' }

/** What is told, without changes of the state. */
type Told = ReadonlyArray<Readonly<Record<string, unknown>> & { readonly type: string }>

type Row = readonly [name: string, said: Stanza, told: Told, decision: Decision]

const ends = (code: string): Decision => ({ kind: 'ends', code })
const returns = (waitMs: number): Decision => ({ kind: 'returns', waitMs, because: 'connection_lost' })
const stays: Decision = { kind: 'stays' }

const failure = (reason: string | undefined, more: Readonly<Record<string, string>> = {}): Stanza => stanza('failure', { reason, ...more })
const loggedOut = (reason: number, more: object = {}): Told => [{ type: 'logged_out', onConnect: true, reason, ...more }]
const refused = (reason?: number): Told => [{ type: 'connect_failure', ...(reason !== undefined && { reason }) }]

const failures: readonly Row[] = [
  ...[401, 403, 406].map((reason): Row => [`failure ${reason}`, failure(String(reason)), loggedOut(reason), ends('logged_out')]),
  [
    'failure 403 with a text for the user',
    failure('403', { logout_message_header: 'Locked', logout_message_locale: 'en', appeal_token: 'x' }),
    loggedOut(403, { logoutMessage: { header: 'Locked', locale: 'en' } }),
    ends('logged_out'),
  ],
  ['failure 402 with its length', failure('402', { code: '101', expire: '3600' }), [{ type: 'temporary_ban', code: 101, expireSeconds: 3600 }], ends('temporarily_banned')],
  ['failure 402 with an unknown code', failure('402', { code: '199', expire: '1', url: 'u', message: 'm' }), [{ type: 'temporary_ban', code: 199, url: 'u', message: 'm' }], ends('temporarily_banned')],
  ['failure 402 without its length', failure('402', { code: '101' }), refused(402), ends('login_refused')],
  ['failure 402 with an absurd length', failure('402', { code: '101', expire: '9'.repeat(20) }), refused(402), ends('login_refused')],
  ['failure 405', failure('405'), [{ type: 'client_outdated' }], ends('client_outdated')],
  ...[400, 409, 412, 413, 414, 415, 416, 417, 418, 419, 501, 599].map((reason): Row => [`failure ${reason}`, failure(String(reason)), refused(reason), ends('login_refused')]),
  ...[500, 503].map((reason): Row => [`failure ${reason}`, failure(String(reason)), refused(reason), returns(1_000)]),
  ['failure without a reason', failure(undefined), refused(), ends('login_refused')],
  ['failure with a word for a reason', failure('soon'), refused(), ends('login_refused')],
]

const streamError = (code?: string, child?: Stanza): Stanza => stanza('stream:error', { code }, child && [child])
const conflict = (type?: string): Stanza => stanza('conflict', { type })
const replaced: Told = [{ type: 'stream_replaced' }]
const removed: Told = [{ type: 'logged_out', onConnect: false, reason: 401 }]
const lost = { type: 'disconnected', reason: { kind: 'read_error' }, isCleanShutdown: false }
const error = (more: object): Told[number] => ({ type: 'stream_error', ...more })

const streamErrors: readonly Row[] = [
  ['conflict, replaced', streamError(undefined, conflict('replaced')), replaced, ends('stream_replaced')],
  ['conflict, replaced, whatever the code', streamError('401', conflict('replaced')), replaced, ends('stream_replaced')],
  ['conflict, device removed', streamError('401', conflict('device_removed')), removed, ends('logged_out')],
  ['conflict of another kind', streamError(undefined, conflict('novelty')), removed, ends('logged_out')],
  ['conflict without a kind', streamError('515', conflict()), removed, ends('logged_out')],
  ['code 515', streamError('515'), [], returns(0)],
  ['code 516', streamError('516'), removed, ends('logged_out')],
  ['code 401', streamError('401'), removed, ends('logged_out')],
  ['code 409', streamError('409'), replaced, ends('stream_replaced')],
  ['code 429', streamError('429'), [error({ code: '429' }), { type: 'disconnected', reason: { kind: 'unknown' } }], returns(8_000)],
  ['code 503', streamError('503'), [lost], returns(1_000)],
  ...['500', '502', '599'].map((code): Row => [`code ${code}`, streamError(code), [error({ code }), lost], returns(1_000)]),
  ['code 500 beside an owed acknowledgement', streamError('500', stanza('ack', { id: 'x' })), [error({ code: '500', cause: 'ack' }), lost], returns(1_000)],
  ['an owed acknowledgement', streamError(undefined, stanza('ack', { id: 'x', class: 'message' })), [error({ cause: 'ack' }), lost], returns(1_000)],
  ['an unanswered ping', streamError(undefined, stanza('ping', { id: 'x' })), [error({ cause: 'ping' }), lost], returns(0)],
  ['nonsense from us', streamError(undefined, stanza('xml-not-well-formed')), [error({ cause: 'xml-not-well-formed' }), lost], returns(1_000)],
  ['an unknown code', streamError('777'), [error({ code: '777' }), lost], returns(1_000)],
  ['an unknown child', streamError(undefined, stanza('novelty')), [error({ cause: 'novelty' }), lost], returns(1_000)],
  ['nothing at all', streamError(), [error({}), lost], returns(1_000)],
  ['the end of the stream', stanza('xmlstreamend'), [{ type: 'disconnected', reason: { kind: 'stream_ended' }, isCleanShutdown: true }], returns(1_000)],
]

const ib = (...children: readonly Stanza[]): Stanza => stanza('ib', { from: toJid('s.whatsapp.net') }, children)
const FAR = String(Date.UTC(2030, 0, 1) / 1000)

/** News; they end nothing. */
const news: readonly Row[] = [
  ['where to connect', ib(stanza('edge_routing', {}, [stanza('routing_info', {}, Uint8Array.of(1))])), [], stays],
  ['where to connect, empty', ib(stanza('edge_routing')), [], stays],
  ['dirty data', ib(stanza('dirty', { type: 'groups', timestamp: '1767225600' })), [{ type: 'dirty_state', dirtyType: 'groups', protocols: [] }], stays],
  ['dirty data of no kind', ib(stanza('dirty', { timestamp: '1767225600' })), [{ type: 'malformed_stanza' }], stays],
  ['dirty data of no time', ib(stanza('dirty', { type: 'groups', timestamp: 'x' })), [{ type: 'malformed_stanza' }], stays],
  ['the end of this version', ib(stanza('client_expiration', { t: FAR })), [{ type: 'client_expiration_changed', withdrawn: false, expiresAt: new Date('2030-01-01') }], stays],
  ['an end that is no time', ib(stanza('client_expiration', { t: 'x' })), [], stays],
  ['an end in the past', ib(stanza('client_expiration', { t: '-1' })), [], stays],
  ['a withdrawal of nothing', ib(stanza('client_expiration')), [], stays],
  ['a phone without linked devices', ib(stanza('downgrade_webclient')), [{ type: 'qr_scanned_without_multidevice' }], stays],
  ['thread_metadata', ib(stanza('thread_metadata')), [{ type: 'offline_thread_metadata', threads: [] }], stays],
  ...['tos', 'spam', 'priority_offline_complete', 'recovery_nonce'].map((tag): Row => [tag, ib(stanza(tag)), [], stays]),
  ['a novelty', ib(stanza('novelty')), [{ type: 'unhandled_stanza' }], stays],
  ['two things at once', ib(stanza('novelty'), stanza('downgrade_webclient')), [{ type: 'unhandled_stanza' }, { type: 'qr_scanned_without_multidevice' }], stays],
  ['nothing', ib(), [], stays],
]

/** A phase: brings a connection there, and lets the server say something. */
interface Phase {
  readonly state: string
  readonly enter: () => Promise<{ readonly world: TestWorld; readonly say: (said: Stanza) => void }>
}

/** What ends a stream is followed by the end of it, as servers do; news are not. */
const sayBy = (send: (said: Stanza) => void, end: (said?: Stanza) => void) => (said: Stanza) =>
  said.tag === 'ib' ? send(said) : said.tag === 'xmlstreamend' ? end() : end(said)

const phases: Readonly<Record<string, Phase>> = {
  'before success': {
    state: 'opening',
    enter: async () => {
      const world = createTestWorld()
      await world.connect()
      world.hangUp()
      // Said in place of <success>; whatever it does not end waits for more.
      const say = (said: Stanza): void => {
        world.simulator.greetNextLogin(said)
        void world.connect()
      }
      return { world, say }
    },
  },
  'while resuming': {
    state: 'resuming',
    enter: async () => {
      const world = createTestWorld()
      await world.connect()
      world.hangUp()
      world.simulator.muteOfflineEnd(true)
      world.ben.send(world.ana.lid, 'hello')
      await world.connect()
      return { world, say: sayBy((said) => world.simulator.inject(world.device, said), (said) => world.simulator.disconnect(world.device, said)) }
    },
  },
  open: {
    state: 'open',
    enter: async () => {
      const world = createTestWorld()
      await world.connect()
      return { world, say: sayBy((said) => world.simulator.inject(world.device, said), (said) => world.simulator.disconnect(world.device, said)) }
    },
  },
  'while pairing': {
    state: 'pairing',
    enter: async () => {
      const world = createTestWorld()
      const events: WaEvent[] = []
      let ended: unknown
      const client = createClient({ store: memoryStore(), dial: world.simulator.dial, trustedRoot: world.simulator.trustedRoot, scheduler: world.clock.scheduler, random: () => 0.5 })
      client.events$.subscribe((event) => events.push(event))
      const connection = client.connection$.subscribe({ error: (cause: unknown) => (ended = cause) })
      await world.clock.advance(5)
      return {
        world: { ...world, client, events, ended: () => ended, hangUp: () => connection.unsubscribe() },
        say: sayBy(world.simulator.injectIntoPairings, world.simulator.disconnectPairings),
      }
    },
  },
}

const stateNow = (events: readonly WaEvent[]) => events.findLast((event) => event.type === 'connection_state')!.state

/** What was told until the client waits to come back; a phase's own events apart. */
const tellingOf = (events: readonly WaEvent[]): readonly WaEvent[] => {
  const end = events.findIndex((event) => event.type === 'connection_state' && event.state.kind === 'waiting')
  return events.slice(0, end < 0 ? undefined : end).filter(({ type }) => type !== 'connection_state' && type !== 'pairing_qr_code')
}

const containing = ({ reason, ...event }: Told[number]): unknown =>
  expect.objectContaining({ ...event, ...(reason !== undefined && { reason: typeof reason === 'object' ? expect.objectContaining(reason as object) : reason }) })

describe.each(Object.entries(phases))('%s', (name, { state, enter }) => {
  it.each([...failures, ...streamErrors, ...news])('%s', async (_, said, told, decision) => {
    const { world, say } = await enter()
    if (name !== 'before success') expect(stateNow(world.events).kind).toBe(state)
    world.events.length = 0
    say(said)
    await world.clock.advance(0)
    // A greeting cannot be the end of a stream with a reason: what waits for that end waits five seconds.
    if (name === 'before success' && stateNow(world.events).kind === 'opening' && decision.kind !== 'stays') await world.clock.advance(5_000)
    expect(tellingOf(world.events)).toEqual(told.map(containing))
    switch (decision.kind) {
      case 'ends':
        expect(stateNow(world.events)).toEqual({ kind: 'ended', because: decision.code })
        expect(world.ended()).toMatchObject({ code: decision.code })
        break
      case 'returns': {
        const waits = world.events.flatMap((event) => (event.type === 'connection_state' && event.state.kind === 'waiting' ? [event.state.retryInMs] : []))
        expect(waits[0]).toBe(decision.waitMs)
        expect(world.ended()).toBeUndefined()
        await world.clock.advance(decision.waitMs + 10)
        expect(['open', 'resuming', 'pairing']).toContain(stateNow(world.events).kind)
        break
      }
      case 'stays':
        if (world.events.some(({ type }) => type === 'connection_state')) expect(stateNow(world.events).kind).toBe(state)
        expect([world.ended(), world.simulator.connections()]).toEqual([undefined, 1])
    }
    world.hangUp()
    expect([world.simulator.connections(), world.clock.pendingTimers()]).toEqual([0, 0])
  })
})

describe('a stream the server says it will end', () => {
  it.each([
    ['429', undefined, 8_000],
    ['503', undefined, 1_000],
    [undefined, stanza('ack', { id: 'x' }), 1_000],
  ])('(%s) is waited for, five seconds at most', async (code, child, waitMs) => {
    const world = createTestWorld()
    await world.connect()
    world.simulator.inject(world.device, streamError(code, child))
    await world.clock.advance(4_990)
    expect(stateNow(world.events).kind).toBe('open')
    // Nothing new is begun on a connection that is too busy or about to go; one that is owed something still serves.
    const asked = world.client.ensurePrekeys().result().then(() => 'answered', () => 'refused')
    await world.clock.advance(0)
    expect(await asked).toBe(code === undefined ? 'answered' : 'refused')
    await world.clock.advance(20)
    expect(stateNow(world.events)).toMatchObject({ kind: 'waiting', retryInMs: waitMs })
    world.hangUp()
    expect(world.clock.pendingTimers()).toBe(0)
  })
})
