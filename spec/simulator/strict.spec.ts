import { describe, expect, it } from '@jest/globals'
import { firstValueFrom, toArray } from 'rxjs'

import { stanza, toJid, type Stanza } from '../../lib/index.ts'
import { checkSent } from '../../lib/simulator/strict/check-stanza.ts'
import { expectOnlyViolations, createTestWorld } from '../client/world.ts'

const S = toJid('s.whatsapp.net')
const ANA = toJid('15550100001@s.whatsapp.net')
const BEN = toJid('90010002@lid')
const GROUP = toJid('120363000000000001@g.us')
const bytes = (length: number): Uint8Array => new Uint8Array(length)
const key = (tag: string, ...more: Stanza[]): Stanza => stanza(tag, {}, [stanza('id', {}, bytes(3)), stanza('value', {}, bytes(32)), ...more])
const signed = key('skey', stanza('signature', {}, bytes(64)))
const enc = (attributes: Record<string, string> = {}): Stanza => stanza('enc', { v: '2', type: 'msg', ...attributes }, bytes(9))
const iq = (type: string, xmlns: string, ...children: Stanza[]): Stanza => stanza('iq', { id: '1', to: S, type, xmlns }, children)
const message = (attributes: Record<string, string>, ...children: Stanza[]): Stanza => stanza('message', { id: '3EB0', to: BEN, type: 'text', ...attributes }, children)
const copies = (...encs: Stanza[]): Stanza => stanza('participants', {}, [stanza('to', { jid: BEN }, encs)])
const upload = (...parts: Stanza[]): Stanza =>
  iq('set', 'encrypt', stanza('registration', {}, bytes(4)), stanza('type', {}, bytes(1)), stanza('identity', {}, bytes(32)), ...parts)

describe('what clients send', () => {
  it.each<[string, Stanza]>([
    ['a ping', iq('get', 'w:p')],
    ['an upload', upload(stanza('list', {}, [key('key'), key('key')]), signed)],
    ['a rotation', iq('set', 'encrypt', stanza('rotate', {}, [signed]))],
    ['a query for devices', iq('get', 'usync', stanza('usync', { sid: 'a', mode: 'query', last: 'true', index: '0', context: 'message' }, [stanza('query', {}, [stanza('devices', { version: '2' })]), stanza('list', {}, [stanza('user', { jid: BEN })])]))],
    ['a group to be made', stanza('iq', { id: '1', to: toJid('@g.us'), type: 'set', xmlns: 'w:g2' }, [stanza('create', { subject: 'Trip', key: '3EB0' }, [stanza('participant', { jid: BEN })])])],
    ['a direct message', message({}, copies(enc()), stanza('device-identity', {}, bytes(100)))],
    ['a resend', message({ device_fanout: 'false' }, enc({ count: '1' }))],
    ['an edit', message({ edit: '1' }, copies(enc({ 'decrypt-fail': 'hide' })))],
    ['a message to ourselves', message({ category: 'peer', push_priority: 'high' }, stanza('meta', { appdata: 'default' }), enc())],
    ['a delivery', stanza('receipt', { id: '1', to: BEN, type: 'inactive' })],
    ['many read', stanza('receipt', { id: '1', to: GROUP, participant: BEN, type: 'read', t: '1' }, [stanza('list', {}, [stanza('item', { id: '2' })])])],
    ['a retry', stanza('receipt', { id: '1', to: BEN, type: 'retry' }, [stanza('retry', { v: '1', count: '2', id: '1', t: '1' }), stanza('registration', {}, bytes(4)), stanza('keys', {}, [stanza('type', {}, bytes(1)), stanza('identity', {}, bytes(32)), key('key'), signed, stanza('device-identity', {}, bytes(80))])])],
    ['an ack', stanza('ack', { id: '1', class: 'notification', to: S, type: 'devices' })],
    ['a presence', stanza('presence', { type: 'available', name: 'Ana' })],
    ['a subscription', stanza('presence', { type: 'subscribe', to: BEN })],
    ['typing', stanza('chatstate', { to: BEN }, [stanza('composing', { media: 'audio' })])],
    ['a batch', stanza('ib', {}, [stanza('offline_batch', { count: '100' })])],
    ['a pong', stanza('iq', { id: '1', to: S, type: 'result' })],
  ])('%s is right', (_, sent) => expect(checkSent(sent).mismatches).toEqual([]))

  it.each<[string, Stanza, string, string]>([
    ['a namespace nobody knows', iq('get', 'w:unheard'), 'unknown_shape', 'iq'],
    ['a tag nobody knows', stanza('novelty', {}), 'unknown_shape', 'novelty'],
    ['a request without an id', stanza('iq', { to: S, type: 'get', xmlns: 'w:p' }), 'missing_attribute', 'iq@id'],
    ['a request to somebody else', stanza('iq', { id: '1', to: ANA, type: 'get', xmlns: 'w:p' }), 'wrong_attribute', 'iq@to'],
    ['an attribute too many', stanza('iq', { id: '1', to: S, type: 'get', xmlns: 'w:p', t: '1' }), 'unknown_attribute', 'iq@t'],
    ['a child too many', iq('get', 'w:p', stanza('hello')), 'unknown_child', 'iq/hello'],
    ['an upload without the signed key', upload(stanza('list', {}, [key('key')])), 'missing_child', 'iq/skey'],
    ['an upload without keys', upload(stanza('list', {}, []), signed), 'missing_child', 'iq/list/key'],
    ['a key with its type byte', upload(stanza('list', {}, [stanza('key', {}, [stanza('id', {}, bytes(3)), stanza('value', {}, bytes(33))])]), signed), 'wrong_content', 'iq/list/key/value'],
    ['two signed keys', upload(stanza('list', {}, [key('key')]), signed, signed), 'too_many_children', 'iq/skey'],
    ['a stage nobody knows', iq('set', 'md', stanza('link_code_companion_reg', { jid: ANA, stage: 'companion_bye' }, [stanza('link_code_pairing_wrapped_key_bundle', {}, bytes(156)), stanza('companion_identity_public', {}, bytes(32)), stanza('link_code_pairing_ref', {}, bytes(3))])), 'wrong_attribute', 'iq/link_code_companion_reg@stage'],
    ['a device where a user is meant', iq('get', 'usync', stanza('usync', { sid: 'a', mode: 'query', last: 'true', index: '0', context: 'message' }, [stanza('query', {}, [stanza('lid')]), stanza('list', {}, [stanza('user', { jid: toJid('90010002:3@lid') })])])), 'wrong_attribute', 'iq/usync/list/user@jid'],
    ['a number that is none', stanza('ib', {}, [stanza('offline_batch', { count: 'many' })]), 'wrong_attribute', 'ib/offline_batch@count'],
    ['a message without a type', stanza('message', { id: '1', to: BEN }, [copies(enc())]), 'missing_attribute', 'message@type'],
    ['an empty ciphertext', message({}, copies(stanza('enc', { v: '2', type: 'msg' }))), 'wrong_content', 'message/participants/to/enc'],
    ['a ciphertext of an unknown kind', message({}, copies(enc({ type: 'plain' }))), 'wrong_attribute', 'message/participants/to/enc@type'],
    ['a mark on the wrong node', message({ 'decrypt-fail': 'hide' }, copies(enc())), 'unknown_attribute', 'message@decrypt-fail'],
    ['bytes where children belong', stanza('message', { id: '1', to: BEN, type: 'text' }, bytes(3)), 'wrong_content', 'message'],
    ['a receipt of an unknown kind', stanza('receipt', { id: '1', to: BEN, type: 'eaten' }), 'wrong_attribute', 'receipt@type'],
    ['a sixth retry', stanza('receipt', { id: '1', to: BEN, type: 'retry' }, [stanza('retry', { v: '1', count: '6', id: '1', t: '1' }), stanza('registration', {}, bytes(4))]), 'wrong_attribute', 'receipt/retry@count'],
    ['an ack of nothing', stanza('ack', { id: '1', to: S }), 'missing_attribute', 'ack@class'],
    ['an unknown presence', stanza('presence', { type: 'asleep' }), 'wrong_attribute', 'presence@type'],
    ['an unknown activity', stanza('chatstate', { to: BEN }, [stanza('sleeping')]), 'unknown_child', 'chatstate/sleeping'],
  ])('%s is a violation', (_, sent, rule, path) => {
    const { mismatches } = checkSent(sent)
    expect(mismatches.map((mismatch) => [mismatch.rule, mismatch.path])).toEqual([[rule, path]])
    expect(mismatches[0]!.message).not.toBe('')
  })
})

describe('a strict simulator', () => {
  const wrong = { name: 'test.wrong', type: 'get', xmlns: 'w:p', content: [stanza('hello', {}, Uint8Array.of(1, 2, 3))], parse: () => true } as const

  it('tells what was wrong, and serves it all the same', async () => {
    const world = createTestWorld()
    expectOnlyViolations(world.simulator, 'iq/hello')
    await world.connect()
    const told = firstValueFrom(world.simulator.violations$)
    expect(await world.client.request(wrong).result()).toBe(true)
    expect(await told).toMatchObject({ rule: 'unknown_child', path: 'iq/hello', shape: 'Client', message: 'is not published' })
    expect(world.simulator.violations()).toHaveLength(1)
    const [violation] = world.simulator.violations()
    expect(String(violation!.device)).toBe(world.device)
    expect(violation!.stanza.content).toEqual([{ tag: 'hello', attrs: {} }])
    world.hangUp()
  })

  it('refuses it when it is told to', async () => {
    const world = createTestWorld({}, { strict: 'refuse' })
    expectOnlyViolations(world.simulator, 'iq/hello')
    await world.connect()
    await expect(world.client.request(wrong).result()).rejects.toMatchObject({ code: 'server_refused', status: 400 })
    expect(await world.client.request({ ...wrong, content: [] }).result()).toBe(true)
    world.hangUp()
  })

  it('hears nothing wrong from our client on its whole way to the first answer', async () => {
    const world = createTestWorld({}, { strict: 'refuse' })
    await world.connect()
    const heard = firstValueFrom(world.client.messages$)
    world.ben.send(world.ana.lid, 'hello')
    const event = await heard
    const steps = firstValueFrom(world.client.reply(event, { text: 'hi' }).pipe(toArray()))
    await world.clock.advance(10)
    expect((await steps).map(({ kind }) => kind)).toEqual(['queued', 'encrypted', 'sent', 'accepted'])
    world.hangUp()
  })
})
