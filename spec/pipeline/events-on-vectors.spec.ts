import { describe, expect, it } from '@jest/globals'

import { ConnectionLost } from '../../lib/errors/connection-errors.ts'
import { readInformation } from '../../lib/pipeline/read-information.ts'
import { readReceipt } from '../../lib/pipeline/read-receipt.ts'
import { readFailure, readStreamError } from '../../lib/pipeline/stream-endings.ts'
import { toJid } from '../../lib/stanza/jid.ts'
import { stanza } from '../../lib/stanza/stanza.ts'
import { stanzaOfNode, type VectorNode } from '../stanza/vector-node.ts'
import { vectorCases } from '../vectors.ts'

interface EventCase {
  readonly stanza: VectorNode
  readonly expected: Readonly<Record<string, unknown>> & { readonly kind: string }
}

const link = { id: toJid('15550100001:1@s.whatsapp.net'), lid: toJid('90010001:1@lid') }
const cases = (kind: string) => vectorCases<EventCase>('events').filter(({ expected }) => expected.kind === kind)
const seconds = (date: Date): number => date.getTime() / 1000

describe('receipts on vectors', () => {
  it.each(cases('receipt'))('$id', ({ stanza: node, expected }) => {
    const reading = readReceipt(stanzaOfNode(node), link)
    if (expected['type'] === 'retry') {
      expect(reading).toEqual({ kind: 'retry_request' })
      return
    }
    if (reading.kind !== 'receipts') throw new Error(reading.kind)
    const [event] = reading.events
    expect(String(event!.source.chat)).toBe(expected['chat'])
    if (expected['sender'] !== undefined) expect(String(event!.source.sender)).toBe(expected['sender'])
    expect(event!.receiptType).toBe(expected['type'] === 'peer' ? 'peer_msg' : expected['type'])
    const ids = expected['ids'] ?? expected['idsAnyOrder'] ?? expected['serverIds']
    expect([...event!.messageIds].sort()).toEqual([...(ids as string[])].sort())
    if (expected['timestamp'] !== undefined) expect(seconds(event!.timestamp)).toBe(expected['timestamp'])
  })
})

describe('receipts beyond the vectors', () => {
  const group = '120363000000000001@g.us'

  it('one event per person of an aggregate, each with its own type and time', () => {
    const user = (jid: string, t?: string, type?: string) => stanza('user', { jid, t, type })
    const receipt = stanza('receipt', { id: 'S', from: group, t: '10' }, [
      stanza('participants', { key: 'M' }, [user('1:1@lid', '11'), user('2@lid', undefined, 'read'), user('nobody')]),
    ])
    const reading = readReceipt(receipt, link)
    expect(reading).toMatchObject({
      kind: 'receipts',
      events: [
        { messageIds: ['M'], receiptType: 'delivered', timestamp: new Date(11_000) },
        { messageIds: ['M'], receiptType: 'read', timestamp: new Date(10_000) },
      ],
    })
  })

  it('what our other device read belongs to the chat it names', () => {
    const receipt = stanza('receipt', { id: 'M', from: '90010001:2@lid', recipient: '90010002@lid', type: 'read', t: '1' })
    const reading = readReceipt(receipt, link)
    expect(reading).toMatchObject({ kind: 'receipts', events: [{ receiptType: 'read-self', source: { isFromMe: true, chat: toJid('90010002@lid') } }] })
  })

  it('names everything that is missing', () =>
    expect(readReceipt(stanza('receipt'), link)).toEqual({ kind: 'malformed', faults: ['receipt: id is missing', 'receipt: from is missing', 'receipt: t is missing'] }))
})

describe('refused logins on vectors', () => {
  it.each(cases('login-failed'))('$id', ({ stanza: node, expected }) => {
    const { event, error } = readFailure(stanzaOfNode(node))
    if (expected['loggedOut'] === true) expect(event).toMatchObject({ type: 'logged_out', onConnect: true, reason: expected['code'] })
    else if (expected['loggedOut'] === false) expect(event).toMatchObject({ type: 'connect_failure', reason: expected['code'] })
    if (expected['reconnect'] !== undefined) expect(error instanceof ConnectionLost).toBe(expected['reconnect'])
    if (expected['logoutMessage'] === null) expect(event).not.toHaveProperty('logoutMessage')
    if (expected['code'] === null) expect(event).not.toHaveProperty('reason')
  })

  it('carries the text for the user', () => {
    const failure = stanza('failure', { reason: '401', logout_message_header: 'Bye', logout_message_subtext: 'See you', logout_message_locale: 'en' })
    expect(readFailure(failure).event).toMatchObject({ logoutMessage: { header: 'Bye', subtext: 'See you', locale: 'en' } })
  })

  it('never takes an absurd ban for one', () => {
    for (const attributes of [{ code: '101' }, { expire: '60' }, { code: '101', expire: '9'.repeat(20) }])
      expect(readFailure(stanza('failure', { reason: '402', ...attributes })).event).toMatchObject({ type: 'connect_failure', reason: 402 })
    expect(readFailure(stanza('failure', { reason: '402', code: '101', expire: '60', url: 'u', message: 'm' })).event).toMatchObject({
      type: 'temporary_ban',
      code: 101,
      expireSeconds: 60,
      url: 'u',
      message: 'm',
    })
  })
})

describe('stream errors on vectors', () => {
  const decisions: Readonly<Record<string, object>> = {
    'stream-515': { error: { code: 'connection_lost', comeBack: 'at_once' }, when: 'now' },
    'stream-503': { error: { code: 'connection_lost', comeBack: 'after_wait' }, when: 'with_stream' },
    'stream-removed': { error: { code: 'logged_out' }, event: { type: 'logged_out', onConnect: false, reason: 401 } },
    'stream-xml': { error: { code: 'connection_lost' }, event: { type: 'stream_error', cause: 'xml-not-well-formed' } },
  }

  it.each(cases('stream-error'))('$id', ({ id, stanza: node }) => expect(readStreamError(stanzaOfNode(node))).toMatchObject(decisions[id]!))

  it.each([
    [stanza('stream:error', { code: '401' }), { error: { code: 'logged_out' } }],
    [stanza('stream:error', {}, [stanza('ack', { class: 'message', id: 'x' })]), { event: { cause: 'ack' }, when: 'with_stream' }],
    [stanza('stream:error', {}, [stanza('ping', { id: 'x' })]), { event: { cause: 'ping' }, error: { comeBack: 'at_once' } }],
    [stanza('stream:error', { code: '429' }), { event: { code: '429' }, error: { comeBack: 'after_penalty' } }],
    [stanza('stream:error'), { event: { type: 'stream_error' }, error: { comeBack: 'after_wait' } }],
  ])('%#: beyond the vectors', (streamError, ending) => expect(readStreamError(streamError)).toMatchObject(ending))
})

describe('information on vectors', () => {
  it.each(cases('offline-preview'))('$id', ({ stanza: node, expected }) => {
    const [information] = readInformation(stanzaOfNode(node))
    expect(information).toMatchObject({
      kind: 'offline_preview',
      event: { total: expected['total'], messages: expected['messages'], notifications: expected['notifications'], receipts: expected['receipts'], appDataChanges: expected['appData'] },
    })
  })

  it.each(cases('dirty'))('$id', ({ stanza: node, expected }) => {
    const bits = readInformation(stanzaOfNode(node)).map((information) => {
      if (information.kind !== 'event' || information.event.type !== 'dirty_state') throw new Error(information.kind)
      const { dirtyType, timestamp, protocols } = information.event
      return { type: dirtyType, timestamp: seconds(timestamp!), protocols }
    })
    expect(bits).toMatchObject(expected['bits'] as object[])
  })

  it.each(cases('phone-without-multidevice'))('$id', ({ stanza: node }) =>
    expect(readInformation(stanzaOfNode(node))).toMatchObject([{ kind: 'event', event: { type: 'qr_scanned_without_multidevice' } }]))
})
