import { describe, expect, it } from '@jest/globals'

import { toJid } from '../../lib/stanza/jid.ts'
import { stanza, type Stanza } from '../../lib/stanza/stanza.ts'
import { link, parsedOf } from './parts.ts'

const ben = toJid('15550100002@s.whatsapp.net')
const group = toJid('120363000000000001@g.us')

const eventOf = (received: Stanza): unknown => {
  const { events, answers, name } = parsedOf(received)
  // Neither waits for anybody, so nobody acknowledges them.
  expect([answers, name]).toEqual([[], undefined])
  return events[0]
}

describe('a presence', () => {
  it.each([
    [{ from: ben }, { from: ben, unavailable: false }],
    [{ from: ben, type: 'available' }, { from: ben, unavailable: false }],
    [{ from: ben, type: 'unavailable', last: '1767225600' }, { from: ben, unavailable: true, lastSeen: new Date(1_767_225_600_000), lastSeenKind: 'timestamp' }],
    [{ from: ben, type: 'unavailable', last: 'deny' }, { from: ben, unavailable: true, lastSeenKind: 'privacy_denied' }],
    [{ from: ben, type: 'unavailable', last: 'none' }, { from: ben, unavailable: true, lastSeenKind: 'never_online' }],
    [{ from: ben, type: 'unavailable', last: 'toString' }, { from: ben, unavailable: true, lastSeenKind: 'unknown' }],
    [{ from: ben, type: 'unavailable', last: '9999999999999' }, { from: ben, unavailable: true, lastSeenKind: 'unknown' }],
    [{ from: group, count: '3' }, { from: group, unavailable: false, groupOnlineCount: 3 }],
    [{ from: group, count: '3', type: 'unavailable' }, { from: group, unavailable: true, groupOnlineCount: 0 }],
    [{ from: ben, count: '3' }, { from: ben, unavailable: false }],
  ])('%j', (attributes, event) => expect(eventOf(stanza('presence', attributes))).toEqual({ type: 'presence', ...event }))

  it('of nobody is told as unreadable', () => expect(eventOf(stanza('presence'))).toMatchObject({ type: 'malformed_stanza', faults: ['presence: from is missing'] }))

  it('is not read for nobody', () => expect(parsedOf(stanza('presence', { from: ben }), { isObserved: () => false }).events).toEqual([]))
})

describe('typing', () => {
  const composing = stanza('composing')
  it.each<readonly [string, Stanza, object | undefined]>([
    ['a text', stanza('chatstate', { from: ben }, [composing]), { state: 'composing', media: 'text', source: { chat: ben, sender: ben, isFromMe: false, isGroup: false } }],
    ['a voice', stanza('chatstate', { from: ben }, [stanza('composing', { media: 'audio' })]), { state: 'composing', media: 'audio' }],
    ['an end', stanza('chatstate', { from: ben }, [stanza('paused')]), { state: 'paused', media: 'text' }],
    ['in a group', stanza('chatstate', { from: group, participant: ben, participant_pn: ben }, [composing]), { source: { chat: group, sender: ben, senderAlt: ben, isFromMe: false, isGroup: true } }],
    ['of another device of ours', stanza('chatstate', { from: group, participant: link.lid }, [composing]), { source: { isFromMe: true } }],
    ['our own echo', stanza('chatstate', { to: ben }, [composing]), undefined],
    ['a state nobody knows', stanza('chatstate', { from: ben }, [stanza('novelty')]), undefined],
    ['of nobody', stanza('chatstate', {}, [composing]), { type: 'malformed_stanza' }],
  ])('%s', (_, received, event) => (event ? expect(eventOf(received)).toMatchObject({ type: 'chat_presence', ...event }) : expect(eventOf(received)).toBeUndefined()))
})

describe('what waits on the server', () => {
  const told = (children: readonly Stanza[]): readonly unknown[] => parsedOf(stanza('ib', { from: 's.whatsapp.net' }, [stanza('thread_metadata', {}, children)])).events
  const item = (more: Parameters<typeof stanza>[1]): Stanza => stanza('item', { from: ben, ...more })
  const at = new Date(1_767_225_600_000)

  it('is told by chat', () =>
    expect(
      told([
        item({ t: '1767225600' }),
        item({ t: 'x' }),
        stanza('watermark', {}, [item({ sts: '1767225600' })]),
        stanza('status_msgs', { count: '2' }, [item({}), stanza('item')]),
        stanza('notifications', { count: '3' }),
      ]),
    ).toEqual([
      { type: 'offline_thread_metadata', threads: [{ jid: ben, timestamp: at }], readWatermarks: [{ jid: ben, timestamp: at }], pendingStatusMessages: { count: 2, jids: [ben] }, pendingNotifications: 3 },
    ]))

  it('is cut at 50 chats', () => expect(told(Array.from({ length: 80 }, () => item({ t: '1767225600' })))).toMatchObject([{ threads: { length: 50 } }]))
})

describe('receipts', () => {
  it.each(['offer', 'accept', 'reject'])('of a call (%s) are acknowledged and no receipts of messages', (tag) => {
    const parsed = parsedOf(stanza('receipt', { id: 'S', from: ben, t: '1' }, [stanza(tag)]))
    expect([parsed.events, parsed.answers.length]).toEqual([[], 1])
  })

  it('that ask for a call key again are told', () =>
    expect(parsedOf(stanza('receipt', { id: 'S', from: ben, t: '1', type: 'enc_rekey_retry' })).events).toMatchObject([{ type: 'receipt', receiptType: 'enc_rekey_retry' }]))
})
