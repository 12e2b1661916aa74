import { describe, expect, it } from '@jest/globals'

import { createRingingCalls } from '../../../lib/pipeline/calls/ringing-calls.ts'
import { toJid } from '../../../lib/stanza/jid.ts'
import { stanza, type Stanza } from '../../../lib/stanza/stanza.ts'
import { parsedOf } from '../parts.ts'

const ben = toJid('90010002@lid')
const group = toJid('120363000000000001@g.us')
type Attributes = Parameters<typeof stanza>[1]

const call = (tag: string, attributes: Attributes = {}, children: readonly Stanza[] = [], envelope: Attributes = {}): Stanza =>
  stanza('call', { id: 'S', from: ben, t: '1767225600', ...envelope }, [stanza(tag, { 'call-id': 'C', 'call-creator': ben, ...attributes }, children)])
const of = { callId: 'C', callCreator: ben }
const common = { from: ben, callId: 'C', timestamp: new Date(1_767_225_600_000) }
const kinds = (received: Stanza, ringing = createRingingCalls()): readonly string[] => parsedOf(received, { ringing }).events.map(({ type }) => type)

describe('actions of a call', () => {
  it.each<readonly [string, Stanza, object]>([
    [
      'an offer with all there can be',
      call('offer', { caller_pn: '15550100002@s.whatsapp.net', caller_country_code: 'BR', username: 'ben', device_class: '2016', joinable: '1', 'group-jid': group }, [stanza('video'), stanza('audio', { enc: 'opus', rate: '8000' }), stanza('audio'), stanza('silence', { reason: 'privacy' })]),
      { ...of, type: 'offer', callerPn: toJid('15550100002@s.whatsapp.net'), callerCountryCode: 'BR', callerUsername: 'ben', deviceClass: '2016', joinable: true, groupJid: group, isVideo: true, audio: [{ enc: 'opus', rate: 8_000 }], silenceReason: 'privacy' },
    ],
    ['a notice', call('offer_notice', { media: 'audio' }), { ...of, type: 'offer_notice', isVideo: false, isGroup: false }],
    ['a preaccept', call('preaccept', {}, [stanza('audio', { enc: 'opus', rate: '16000' })]), { ...of, type: 'preaccept', audio: [{ enc: 'opus', rate: 16_000 }] }],
    ['an accept', call('accept'), { ...of, type: 'accept', audio: [] }],
    ['a reject', call('reject', { reason: 'busy' }), { ...of, type: 'reject', reason: 'busy' }],
    ['an end', call('terminate', { reason: 'timeout', duration: '5', audio_duration: '4' }), { ...of, type: 'terminate', reason: 'timeout', duration: 5, audioDuration: 4 }],
    ['a transport', call('transport', { 'p2p-cand-round': '1', 'transport-message-type': '3' }), { ...of, type: 'transport', p2pCandRound: '1', transportMessageType: '3' }],
    ['a latency', call('relaylatency'), { ...of, type: 'relaylatency' }],
    ['a picture', call('video', { state: '1', device_orientation: '3', dec: 'h264' }), { ...of, type: 'video', state: 1, orientation: 3, dec: 'h264' }],
    ['a picture, turned impossibly', call('video', { state: '20', device_orientation: '4' }), { ...of, type: 'video', state: 20 }],
    ...(['group_update', 'enc_rekey', 'waiting_room_update', 'user_action', 'screen_share'] as const).map((tag): readonly [string, Stanza, object] => [tag, call(tag), { ...of, type: tag, raw: expect.objectContaining({ tag }) }]),
  ])('%s', (_, received, action) => expect(parsedOf(received).events).toMatchObject([{ type: 'incoming_call', from: ben, stanzaId: 'S', offline: false, action }]))

  it('the group of one', () => {
    const info = stanza('group_info', { 'group-jid': group, media: 'audio', 'transaction-id': '7', 'connected-limit': '32', joinable: '1', rekey: '1' }, [
      stanza('user', { jid: ben, user_pn: '15550100002@s.whatsapp.net', state: 'connected', type: 'member', push_name: 'Ben', username: 'ben', account_kind: 'a', guest_name: 'g' }, [
        stanza('device', { jid: '90010002:3@lid', platform: 'web', pid: '2' }, [stanza('capability', { ver: '1' })]),
        stanza('device'),
      ]),
      stanza('user'),
    ])
    const [event] = parsedOf(call('group_update', {}, [info, stanza('av_upgrade', { 'av-upgradable': '1' })])).events
    expect(event).toHaveProperty('group', {
      ...of,
      groupJid: group,
      transactionId: 7,
      media: 'audio',
      connectedLimit: 32,
      joinable: true,
      avUpgradable: true,
      rekeyRequested: true,
      participants: [
        {
          jid: ben, pn: toJid('15550100002@s.whatsapp.net'), state: 'connected', type: 'member', pushName: 'Ben', username: 'ben', accountKind: 'a', guestName: 'g',
          devices: [{ jid: toJid('90010002:3@lid'), platform: 'web', pid: 2, capabilityVersion: 1 }],
        },
      ],
    })
  })

  it('the first that is known counts; others say nothing', () => {
    const action = stanza('reject', { 'call-id': 'C', 'call-creator': ben })
    expect(parsedOf(stanza('call', { id: 'S', from: ben, t: '1' }, [stanza('heartbeat'), action, stanza('terminate')])).events).toMatchObject([{ action: { type: 'reject' } }])
    expect(kinds(stanza('call', { id: 'S', from: ben, t: '1' }, [stanza('toString')]))).toEqual([])
  })

  it('names all that is missing, and is acknowledged', () => {
    const parsed = parsedOf(stanza('call', { id: 'S', from: ben }, [stanza('video')]))
    expect(parsed.events).toMatchObject([{ type: 'malformed_stanza', faults: ['call: t is missing', 'video: call-id is missing', 'video: call-creator is missing', 'video: state is missing'] }])
    expect(parsed.answers).toMatchObject([{ tag: 'ack', attrs: { class: 'call', id: 'S', type: 'video' } }])
  })
})

describe('a call that rings', () => {
  it.each<readonly [string | undefined, object | undefined]>([
    [undefined, { type: 'missed_call', ...common, reason: 'remote' }],
    ['timeout', { type: 'missed_call', ...common, reason: 'remote' }],
    ['group_call_ended', { type: 'missed_call', ...common, reason: 'remote' }],
    ['accepted_elsewhere', { type: 'call_ended_elsewhere', ...common, outcome: 'accepted' }],
    ['rejected_elsewhere', { type: 'call_ended_elsewhere', ...common, outcome: 'rejected' }],
    ['toString', undefined],
  ])('ends because of %s', (reason, told) => {
    const ringing = createRingingCalls()
    parsedOf(call('offer'), { ringing })
    expect(parsedOf(call('terminate', { reason }), { ringing }).events).toMatchObject([...(told ? [told] : []), { type: 'incoming_call', action: { type: 'terminate' } }])
    expect(kinds(call('terminate', { reason }), ringing)).toEqual(['incoming_call'])
  })

  it.each(['accept', 'reject'])('is silenced by %s', (tag) => {
    const ringing = createRingingCalls()
    parsedOf(call('offer'), { ringing })
    parsedOf(call(tag), { ringing })
    expect(kinds(call('terminate'), ringing)).toEqual(['incoming_call'])
  })

  it('rings although nobody listens yet', () => {
    const ringing = createRingingCalls()
    expect(parsedOf(call('offer'), { ringing, isObserved: () => false }).events).toEqual([])
    expect(kinds(call('terminate'), ringing)).toEqual(['missed_call', 'incoming_call'])
  })

  it('is one of a hundred at most', () => {
    const ringing = createRingingCalls()
    for (let index = 0; index < 101; index += 1) ringing.begin(`C${index}`)
    expect([ringing.end('C0'), ringing.end('C1'), ringing.end('C1')]).toEqual([false, true, false])
  })
})

describe('the answers to a call', () => {
  it('an offer: a receipt before the events, an acknowledgement after them', () => {
    const { first, answers } = parsedOf(call('offer'))
    expect(first).toEqual([stanza('receipt', { id: 'S', to: ben }, [stanza('offer', { 'call-id': 'C', 'call-creator': ben })])])
    expect(answers).toEqual([stanza('ack', { class: 'call', id: 'S', to: ben })])
  })

  it.each(['offer', 'offer_notice'])('an %s out of the backlog is missed, and does not ring', (tag) => {
    const ringing = createRingingCalls()
    const parsed = parsedOf(call(tag, {}, [], { offline: '1' }), { ringing })
    expect(parsed.events).toEqual([{ type: 'missed_call', ...common, reason: 'offline' }])
    expect(parsed.first).toBeUndefined()
    expect(parsed.answers.length).toBe(1)
    expect(ringing.end('C')).toBe(false)
  })

  it('none without an id', () => {
    const parsed = parsedOf(call('offer', {}, [], { id: undefined }))
    expect([parsed.first, parsed.answers]).toEqual([undefined, []])
    expect(parsed.events).toMatchObject([{ type: 'incoming_call' }])
  })
})
