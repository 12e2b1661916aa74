import { describe, expect, it } from '@jest/globals'

import type { WaEvent } from '../../../lib/events/wa-event.ts'
import { Message, VerifiedNameCertificate, VerifiedNameCertificate_Details } from '../../../lib/proto/content.generated.ts'
import { knownMexOperations } from '../../../lib/pipeline/notifications/mex-updates.ts'
import { toJid } from '../../../lib/stanza/jid.ts'
import { stanza, type Stanza } from '../../../lib/stanza/stanza.ts'
import { link, parsedOf } from '../parts.ts'

const ben = toJid('15550100002@s.whatsapp.net')
const benLid = toJid('90010002@lid')
const cleo = toJid('15550100003@s.whatsapp.net')
const cleoLid = toJid('90010003@lid')
const us = toJid('15551234567@s.whatsapp.net')
const channel = toJid('120363000000000002@newsletter')
const timestamp = new Date(1_767_225_600_000)
type Attributes = Parameters<typeof stanza>[1]

const notification = (type: string, children: readonly Stanza[] = [], more: Attributes = {}): Stanza => stanza('notification', { id: 'N', from: ben, type, t: '1767225600', ...more }, children)

type Row = readonly [name: string, stanza: Stanza, events: readonly unknown[]]
const rows = (title: string, table: readonly Row[]): void =>
  describe(title, () => {
    it.each(table)('%s', (_, received, events) => {
      const parsed = parsedOf(received)
      expect(parsed.events).toEqual(events)
      expect(parsed.answers.length).toBe(received.attrs['from'] === undefined ? 0 : 1)
    })
  })
const unreadable = (...faults: readonly string[]): readonly unknown[] => [{ type: 'malformed_stanza', node: expect.anything(), faults }]
const itself = { type: 'notification', node: expect.anything() }

rows('contacts', [
  ['a profile', notification('contacts', [stanza('update', { jid: ben })]), [{ type: 'contact_updated', jid: ben, timestamp }]],
  ['a profile known by its hash', notification('contacts', [stanza('update', { hash: 'abcd' })]), []],
  [
    'a number',
    notification('contacts', [stanza('modify', { old: ben, new: cleo, old_lid: benLid, new_lid: cleoLid })]),
    [{ type: 'contact_number_changed', oldJid: ben, newJid: cleo, oldLid: benLid, newLid: cleoLid, timestamp }],
  ],
  ['half a number', notification('contacts', [stanza('modify', { old: ben })]), unreadable('modify: new is missing')],
  ['a look-up', notification('contacts', [stanza('sync')]), [{ type: 'contact_sync_requested', timestamp }]],
  ['a new contact', notification('contacts', [stanza('add')]), []],
])

rows('pictures', [
  ['one by another address', notification('picture', [stanza('set', { jid: cleo, id: '7', author: ben })]), [{ type: 'picture_update', jid: cleo, author: ben, timestamp, removed: false, pictureId: '7' }]],
  ['one that was added', notification('picture', [stanza('add', { id: '7' })]), [{ type: 'picture_update', jid: ben, timestamp, removed: false, pictureId: '7' }]],
  ['none any more', notification('picture', [stanza('delete', { author: cleo })]), [{ type: 'picture_update', jid: ben, author: cleo, timestamp, removed: true }]],
  ['none, said by nothing', notification('picture', [], { jid: cleo }), [{ type: 'picture_update', jid: cleo, timestamp, removed: true }]],
  ['one that is asked for', notification('picture', [stanza('request')]), []],
  ['of nobody', notification('picture', [], { from: undefined }), unreadable('notification: from is missing')],
  ['of an unreadable author', notification('picture', [stanza('set', { author: '@' })]), unreadable('set: author is not an address')],
])

rows('texts about people', [
  ['a text', notification('status', [stanza('set', {}, 'Hello')]), [{ type: 'user_about_update', jid: ben, status: 'Hello', timestamp }]],
  ['no text', notification('status', [stanza('set')]), [{ type: 'user_about_update', jid: ben, status: '', timestamp }]],
  ['of somebody known by a hash', notification('status', [stanza('set', { hash: 'abcd' })]), []],
])

rows('lives of messages', [
  ['an unreadable one', notification('disappearing_mode', [stanza('disappearing_mode', { duration: 'x', t: '1' })]), unreadable('disappearing_mode: duration is not a whole number')],
  ['none at all', notification('disappearing_mode'), unreadable('notification: disappearing_mode is missing')],
])

const certificate = VerifiedNameCertificate.encode({ details: VerifiedNameCertificate_Details.encode({ issuer: 'smb:wa', verifiedName: 'Bakery' }) })
const ofBusiness = (updateType: string, more: object = {}): unknown => ({ type: 'business_status_update', jid: ben, updateType, timestamp, productIds: [], collectionIds: [], subscriptions: [], ...more })
rows('businesses', [
  ['gone, known by a hash', notification('business', [stanza('remove', { hash: 'abcd' })]), [ofBusiness('removed_as_business', { hash: 'abcd' })]],
  ['a name in its certificate', notification('business', [stanza('verified_name', { jid: cleo }, certificate)]), [ofBusiness('verified_name_changed', { targetJid: cleo, verifiedName: 'Bakery' })]],
  ['a name that is stated', notification('business', [stanza('verified_name', { name: 'Bakery' }, certificate)]), [ofBusiness('verified_name_changed', { verifiedName: 'Bakery' })]],
  ['a broken certificate', notification('business', [stanza('verified_name', { hash: 'a' }, Uint8Array.of(10, 200))]), [ofBusiness('verified_name_changed', { hash: 'a' })]],
  ['a profile', notification('business', [stanza('profile')]), [ofBusiness('profile_updated')]],
  [
    'products',
    notification('business', [stanza('product_catalog', {}, [stanza('product', {}, [stanza('id', {}, 'P1')]), stanza('product')])]),
    [ofBusiness('products_updated', { productIds: ['P1'] })],
  ],
  ['collections', notification('business', [stanza('product_catalog', {}, [stanza('collection', { id: 'C1' })])]), [ofBusiness('collections_updated', { collectionIds: ['C1'] })]],
  [
    'subscriptions and flags',
    notification('digital_commerce_subscription', [
      stanza('subscriptions', {}, [
        stanza('subscription', { id: 'S', status: 'active', subscription_end_time: '1767225600', subscription_creation_time: '1767225600', subscription_start_time: 'x', subscription_tier: '2', source: 'BLUE' }),
        stanza('subscription'),
      ]),
      stanza('feature_flags', {}, [stanza('feature_flag', { name: 'CUSTOM_URL', enabled: 'true', expiration_time: '1767225600', limit: '3' }), stanza('feature_flag')]),
    ]),
    [
      ofBusiness('subscriptions_updated', {
        subscriptions: [{ id: 'S', status: 'active', expirationDate: timestamp, creationTime: timestamp, tier: 2, source: 'BLUE' }],
        featureFlags: [{ name: 'CUSTOM_URL', enabled: true, expiresAt: timestamp, limit: 3 }],
      }),
    ],
  ],
  ['flags alone', notification('business', [stanza('feature_flags')]), [ofBusiness('subscriptions_updated', { featureFlags: [] })]],
  ['what nobody knows', notification('business', [stanza('ctwa_suggestion')]), [ofBusiness('unknown'), itself]],
])

const update = (child: Stanza): Stanza => notification('newsletter', [stanza('live_updates', {}, [stanza('messages', {}, [child])])], { from: channel })
const told = (message: object, kind?: string): readonly unknown[] => [
  { type: 'newsletter_live_update', newsletterJid: channel, messages: [{ serverId: 100, reactions: [], ...message }] },
  ...(kind === undefined ? [] : [{ type: 'newsletter_message_update', newsletterJid: channel, serverId: 100, kind, update: { serverId: 100, reactions: [], ...message } }]),
  itself,
]
const live = (children: readonly Stanza[], more: Attributes = {}): Stanza => stanza('message', { server_id: '100', ...more }, children)
const hash = new Uint8Array(32).fill(1)
rows('channels', [
  ['reactions', update(live([stanza('reactions', {}, [stanza('reaction', { code: '👍', count: '2' }), stanza('reaction', { code: '' }), stanza('reaction', { code: '❤' })])])), told({ reactions: [{ code: '👍', count: 2 }, { code: '❤', count: 0 }] }, 'reaction')],
  ['votes', update(live([stanza('votes', {}, [stanza('vote', { count: '2' }, hash), stanza('vote', { count: '2' }, hash.subarray(1))])])), told({ votes: [{ optionHash: hash, count: 2 }] }, 'poll_vote')],
  [
    'counters, views by their word',
    update(live([stanza('views_count', { count: '9', type: 'unique' }), stanza('views_count', { count: '5', type: 'views' }), stanza('forwards_count', { count: '3' }), stanza('responses_count', { count: '1' })])),
    told({ views: 5, forwards: 3, responses: 1 }, 'counters'),
  ],
  ['views of two kinds, neither by its word', update(live([stanza('views_count', { count: '9' }), stanza('views_count', { count: '5' })])), told({})],
  [
    'an edit',
    update(live([stanza('plaintext', {}, Message.encode({ conversation: 'new' })), stanza('meta', { original_msg_t: '1767225600' })], { edit: '3', id: 'M', t: '1767225600', is_sender: 'true' })),
    told({ messageId: 'M', timestamp, isSender: true, edit: '3', originalTimestamp: timestamp, message: { conversation: 'new' } }, 'edit'),
  ],
  ['a revoke', update(live([], { edit: '8' })), told({ edit: '8' }, 'revoke')],
  ['a content that is none', update(live([stanza('plaintext', {}, Uint8Array.of(10, 200))])), told({})],
  ['a message without a number', update(stanza('message')), [itself]],
  ['messages without a list', notification('newsletter', [stanza('live_updates', {}, [live([], { edit: '8' })])], { from: channel }), told({ edit: '8' }, 'revoke')],
  ['what nobody knows', notification('newsletter', [stanza('novelty')], { from: channel }), [itself]],
  ['of somebody who is no channel', notification('newsletter', []), unreadable('notification: from is not a channel')],
])

describe('a long update of a channel', () => {
  it('is cut at 300 messages', () => {
    const many = notification('newsletter', [stanza('live_updates', {}, [stanza('messages', {}, Array.from({ length: 400 }, () => live([], { edit: '8' })))])], { from: channel })
    expect(parsedOf(many).events[0]).toMatchObject({ messages: { length: 300 } })
  })
})

const push = (opName: string | undefined, text: string | undefined, more: Attributes = {}): Stanza => notification('mex', [stanza('update', { op_name: opName }, text)], { from: 's.whatsapp.net', ...more })
const pushed = (opName: string, data: object): Stanza => push(opName, JSON.stringify({ data }))
const server = toJid('s.whatsapp.net')
const whole = (opName: string, payload: unknown): unknown => ({ type: 'mex_notification', opName, from: server, stanzaId: 'N', payload })

/** Every operation with an event of its own. */
const OPERATIONS: Readonly<Record<string, readonly [data: object, event: object]>> = {
  UsernameSetNotification: [{ xwa2_notify_username_on_change: { lid: '90010002@lid', username: 'ben' } }, { type: 'username_update', update: { kind: 'set', lid: benLid, username: 'ben' } }],
  UsernameDeleteNotification: [{ xwa2_notify_username_delete: { lid: '90010002@lid', display_name: 'Ben' } }, { type: 'username_update', update: { kind: 'delete', lid: benLid, displayName: 'Ben' } }],
  UsernameUpdateNotification: [{ xwa2_notify_username_on_update_side_sub: { hash: 'abcd' } }, { type: 'username_update', update: { kind: 'hash', hash: 'abcd' } }],
  AccountSyncUsernameNotification: [{ xwa2_notify_wa_user: { lid_jid: '1@lid', username_info: { username: 'ana' } } }, { type: 'own_username_changed', kind: 'set', username: 'ana' }],
  TextStatusUpdateNotification: [
    { xwa2_notify_text_status_on_update: { jid: '90010002@lid', text: 'Hi', emoji: { content: '👋' }, ephemeral_duration_sec: 60, last_update_time: '1767225600' } },
    { type: 'text_status_update', update: { jid: benLid, text: 'Hi', emoji: '👋', ephemeralDurationSeconds: 60, lastUpdateTime: timestamp } },
  ],
  TextStatusUpdateNotificationSideSub: [{ xwa2_notify_text_status_on_update_side_sub: { hash: 'abcd' } }, { type: 'text_status_update', update: { hash: 'abcd' } }],
  LidChangeNotification: [{ xwa2_notify_lid_change: { old: '90010002@lid', new: '90010003@lid' } }, { type: 'lid_change', change: { oldLid: benLid, newLid: cleoLid } }],
  MessageCappingInfoNotification: [
    {
      xwa2_notify_new_chat_messages_capping_info_update: {
        capping_status: 'A', ote_status: 'B', mv_status: 'C', total_quota: '50', used_quota: 2, cycle_start_timestamp: '1767225600', cycle_end_timestamp: 1_767_225_600, server_sent_timestamp: '-5',
      },
    },
    { type: 'message_capping', capping: { cappingStatus: 'A', oteStatus: 'B', mvStatus: 'C', totalQuota: 50, usedQuota: 2, cycleStart: timestamp, cycleEnd: timestamp } },
  ],
  NotificationUserReachoutTimelockUpdate: [
    { xwa2_notify_account_reachout_timelock: { is_active: true, enforcement_type: 'SUSPEND' } },
    { type: 'reachout_timelock_update', timelock: { isActive: true, enforcementType: 'SUSPEND', enforcementEnds: new Date(timestamp.getTime() + 60_000) } },
  ],
  NotificationNewsletterJoin: [
    { xwa2_notify_newsletter_on_join: { id: channel.toString(), viewer_metadata: { role: 'SUBSCRIBER' } } },
    { type: 'newsletter_join', newsletterJid: channel, role: 'SUBSCRIBER', opName: 'NotificationNewsletterJoin' },
  ],
  NotificationNewsletterLeave: [{ xwa2_notify_newsletter_on_leave: { id: channel.toString() } }, { type: 'newsletter_leave', newsletterJid: channel, opName: 'NotificationNewsletterLeave' }],
  NotificationNewsletterUserSettingChange: [
    { xwa2_notify_newsletter_on_mute_change: { id: channel.toString(), mute: 'off' } },
    { type: 'newsletter_mute_change', newsletterJid: channel, muted: false, opName: 'NotificationNewsletterUserSettingChange' },
  ],
  NotificationNewsletterMuteChange: [
    { xwa2_notify_newsletter_on_mute_change: { id: channel.toString(), mute: 'ON' } },
    { type: 'newsletter_mute_change', newsletterJid: channel, muted: true, opName: 'NotificationNewsletterMuteChange' },
  ],
}

describe('pushes of the query language', () => {
  it('that have an event of their own are all here', () => expect(Object.keys(OPERATIONS).sort()).toEqual([...knownMexOperations].sort()))

  it.each(Object.entries(OPERATIONS))('%s: the whole, then its own', (opName, [data, event]) =>
    expect(parsedOf(pushed(opName, data)).events).toEqual([whole(opName, { data }), event]))

  it.each(knownMexOperations)('%s without what it needs is told as a whole', (opName) => {
    for (const data of [{}, null, 7, { [Object.keys(OPERATIONS[opName]![0])[0]!]: null }, { [Object.keys(OPERATIONS[opName]![0])[0]!]: [] }])
      expect(parsedOf(push(opName, JSON.stringify({ data }))).events).toEqual([whole(opName, { data })])
  })
})

rows('pushes nobody knows or can read', [
  ['an unknown one', push('__proto__', '{"data":{"__proto__":1}}', { offline: '0' }), [{ type: 'mex_notification', opName: '__proto__', from: server, stanzaId: 'N', offline: '0', payload: JSON.parse('{"data":{"__proto__":1}}') as unknown }]],
  ['no JSON', push('X', '{nope'), unreadable('update: is not JSON, or nests too deep')],
  ['too deep a JSON', push('X', '['.repeat(5_000) + ']'.repeat(5_000)), unreadable('update: is not JSON, or nests too deep')],
  ['no name', push(undefined, '{}'), unreadable('notification: update, its op_name or its text is missing')],
  ['no text', push('X', undefined), unreadable('notification: update, its op_name or its text is missing')],
])

const retry = (children: readonly Stanza[]): Stanza => notification('mediaretry', children, { from: us })
const iv = new Uint8Array(12).fill(2)
rows('files uploaded again', [
  [
    'one of a group',
    retry([stanza('encrypt', {}, [stanza('enc_p', {}, hash), stanza('enc_iv', {}, iv)]), stanza('rmr', { jid: '120363000000000001@g.us', from_me: 'false', participant: benLid })]),
    [{ type: 'media_retry', messageId: 'N', chat: toJid('120363000000000001@g.us'), sender: benLid, fromMe: false, ciphertext: hash, iv, timestamp }],
  ],
  ['one of the history', retry([stanza('encrypt', {}, [stanza('enc_p', {}, hash), stanza('enc_iv', {}, iv)])]), [{ type: 'media_retry', messageId: 'N', fromMe: false, ciphertext: hash, iv, timestamp }]],
  ['half of one', retry([stanza('encrypt')]), unreadable('encrypt: enc_p or 12 bytes of enc_iv are missing')],
  ['nothing', retry([]), unreadable('notification: neither encrypt nor error is there')],
])

rows('registrations', [
  [
    'somebody takes the number',
    notification('registration', [stanza('device_logout', { id: 'T', t: '1767225600', device: 'Pixel', new_device_platform: 'android', new_device_app_version: '2' })]),
    [{ type: 'account_takeover_notice', serverToken: 'T', attemptTime: timestamp, newDeviceName: 'Pixel', newDevicePlatform: 'android', newDeviceAppVersion: '2' }],
  ],
  ['a code without an end', notification('registration', [stanza('wa_old_registration', { code: '1' })]), unreadable('wa_old_registration: expiry_t is missing')],
  ['what nobody knows', notification('registration', [stanza('novelty')]), [itself]],
])

const sync = (children: readonly Stanza[], more: Attributes = {}): Stanza => notification('account_sync', children, { from: link.id, ...more })
rows('news about ourselves', [
  ['a name', sync([], { pushname: 'Ana' }), [{ type: 'self_push_name_updated', fromServer: true, newName: 'Ana' }]],
  ['a picture', sync([stanza('picture')]), [{ type: 'picture_update', jid: us, timestamp, removed: false }]],
  ['a text', sync([stanza('status', {}, 'Hello')]), [{ type: 'user_about_update', jid: us, status: 'Hello', timestamp }]],
  ['a text that is not said', sync([stanza('status', { action: 'modify' })]), [itself]],
  [
    'a text status',
    sync([stanza('text_status', { text: 'Hi', ephemeral_duration_sec: '60', last_update_time: '1767225600' }, [stanza('emoji', { content: '👋' })])]),
    [{ type: 'text_status_update', update: { jid: us, text: 'Hi', emoji: '👋', ephemeralDurationSeconds: 60, lastUpdateTime: timestamp } }],
  ],
  ['a text status that is not said', sync([stanza('text_status', { action: 'modify' })]), [itself]],
  ['a life of messages', sync([stanza('disappearing_mode', { duration: '60', t: '1767225600' })]), [{ type: 'disappearing_mode_changed', from: us, duration: 60, settingTimestamp: timestamp }]],
  ['a life of messages that is not said', sync([stanza('disappearing_mode', { action: 'modify' })]), [itself]],
  ['a username', sync([stanza('username', { username: 'ana' })]), [{ type: 'own_username_changed', kind: 'set', username: 'ana' }]],
  ['no username', sync([stanza('username')]), [{ type: 'own_username_changed', kind: 'delete' }]],
  ['some username', sync([stanza('username', { action: 'modify' })]), [{ type: 'own_username_changed', kind: 'modify' }]],
  ['blocked people nobody can name', sync([stanza('blocklist', {}, [stanza('item', { action: 'block' }), stanza('item', { jid: ben, action: 'novelty' })])]), [{ type: 'blocklist_changed', changes: [] }]],
  ['several at once', sync([stanza('picture'), stanza('tos'), stanza('username')]), [{ type: 'picture_update', jid: us, timestamp, removed: false }, { type: 'own_username_changed', kind: 'delete' }, itself]],
  ['what nobody knows', sync([stanza('toString')]), [itself]],
  ['nothing', sync([]), [itself]],
  ['devices and settings, which are acted on', sync([stanza('devices'), stanza('privacy')]), []],
  ['by somebody else', sync([stanza('picture')], { from: ben }), unreadable('notification: from is not this account')],
])

describe('a name', () => {
  it('that is known is no news', () => {
    const named = sync([], { pushname: 'Ana' })
    expect(parsedOf(named, { ownName: () => 'Ana' }).events).toEqual([])
    expect(parsedOf(named, { ownName: () => 'Anna' }).events).toEqual([{ type: 'self_push_name_updated', fromServer: true, oldName: 'Anna', newName: 'Ana' }])
  })
})

describe('a notification nobody wants', () => {
  const all: readonly Stanza[] = [pushed('X', {}), sync([stanza('picture')]), notification('picture'), notification('business', [stanza('profile')]), retry([]), notification('novelty')]
  it.each(all.map((received) => [String(received.attrs['type']), received] as const))('%s is acknowledged and not built', (_, received) => {
    const parsed = parsedOf(received, { isObserved: () => false })
    expect(parsed.events).toEqual([] satisfies readonly WaEvent[])
    expect(parsed.answers.length).toBe(1)
  })
})
