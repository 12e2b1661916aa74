import { describe, expect, it } from '@jest/globals'

import { checkSent } from '../../lib/simulator/strict/check-stanza.ts'
import { stanza, type Jid, type Stanza } from '../../lib/index.ts'
import { parseJid } from '../../lib/stanza/jid.ts'

type Part = readonly [tag: string, attrs?: Readonly<Record<string, string>>, content?: readonly Part[] | string | Uint8Array]

/** What looks like an address in a table is one. */
const valueOf = (text: string): Jid | string => (text.includes('@') || text === 'g.us' || text === 's.whatsapp.net' ? (parseJid(text) ?? text) : text)
const build = ([tag, attrs = {}, content]: Part): Stanza =>
  stanza(
    tag,
    Object.fromEntries(Object.entries(attrs).map(([name, value]) => [name, valueOf(value)])),
    content === undefined ? undefined : typeof content === 'string' || content instanceof Uint8Array ? content : content.map(build),
  )
const iq = (type: 'get' | 'set', xmlns: string, to: string | undefined, ...content: readonly Part[]): Stanza =>
  build(['iq', { id: '1.2-3', type, xmlns, ...(to !== undefined && { to }) }, content])

const GROUP = '120363000000000001@g.us'
const CHANNEL = '120363000000000002@newsletter'
const BEN = '90010002@lid'
const BEN_PN = '15550100002@s.whatsapp.net'
const SERVER = 's.whatsapp.net'
const ben: Part = ['participant', { jid: BEN }]
const group = (type: 'get' | 'set', ...content: readonly Part[]): Stanza => iq(type, 'w:g2', GROUP, ...content)
const groups = (type: 'get' | 'set', ...content: readonly Part[]): Stanza => iq(type, 'w:g2', 'g.us', ...content)
const bytes = Uint8Array.of(1, 2, 3)

/** The least and the most the documents say clients send; what they have no client for is left out. */
const documented: Readonly<Record<string, readonly Stanza[]>> = {
  '12, section 3, groups': [
    group('get', ['query', { request: 'interactive' }]),
    group('get', ['query', { request: 'interactive', phash: '2:abcdefgh' }]),
    groups('get', ['participating', {}, [['participants'], ['description']]]),
    groups('set', ['leave', {}, [['group', { id: GROUP }]]]),
    group('set', ['subject', {}, 'a subject']),
    group('set', ['description', { id: 'ABCD' }, [['body', {}, 'about']]]),
    group('set', ['description', { id: 'ABCD', prev: 'DCBA' }, [['body', {}, 'about']]]),
    group('set', ['description', { id: 'ABCD', delete: 'true' }]),
    group('set', ['description', { id: 'ABCD', delete: 'true', prev: 'DCBA' }]),
    ...['locked', 'unlocked', 'announcement', 'not_announcement', 'not_ephemeral', 'no_frequently_forwarded', 'frequently_forwarded_ok', 'allow_admin_reports', 'not_allow_admin_reports', 'group_history', 'no_group_history'].map(
      (tag) => group('set', [tag]),
    ),
    group('set', ['ephemeral', { expiration: '86400' }]),
    group('set', ['ephemeral', { expiration: '86400', trigger: '1' }]),
    ...['on', 'off'].map((state) => group('set', ['membership_approval_mode', {}, [['group_join', { state }]]])),
    ...['admin_add', 'all_member_add'].map((mode) => group('set', ['member_add_mode', {}, mode])),
    group('set', ['add', {}, [ben]]),
    group('set', ['add', {}, [['participant', { jid: BEN, phone_number: BEN_PN }, [['privacy', {}, '0a0b']]]]]),
    ...['remove', 'promote', 'demote'].map((change) => group('set', [change, {}, [ben]])),
    group('get', ['invite']),
    group('set', ['invite']),
    groups('get', ['invite', { code: 'AbCdEfGh' }]),
    groups('set', ['invite', { code: 'AbCdEfGh' }]),
    group('set', ['accept', { code: 'AbCdEfGh', expiration: '1767225600', admin: BEN }]),
    group('set', ['revoke', {}, [ben]]),
    group('get', ['membership_approval_requests', { requestor_fetch: 'true' }]),
    ...['approve', 'reject'].map((answer) => group('set', ['membership_requests_action', {}, [[answer, {}, [ben]]]])),
    group('set', ['cancel_membership_requests', {}, [ben]]),
    group('set', ['ack']),
    group('set', ['reports', {}, [['report', { message_id: '3EB0' }]]]),
    group('get', ['reports']),
    groups('get', ['pictures', {}, [['picture', { jid: GROUP, type: 'preview' }]]]),
  ],
  '12, section 3, communities': [
    group('set', ['remove', { linked_groups: 'true' }, [ben]]),
    group('set', ['admin', {}, [['promote', {}, [ben]]]]),
    group('set', ['links', {}, [['link', { link_type: 'sub_group' }, [['group', { jid: GROUP }]]]]]),
    group('set', ['links', {}, [['link', { link_type: 'sub_group' }, [['group', { jid: GROUP }, [['hidden_group']]]]]]]),
    group('set', ['unlink', { unlink_type: 'sub_group' }, [['group', { jid: GROUP }]]]),
    group('set', ['unlink', { unlink_type: 'sub_group' }, [['group', { jid: GROUP, remove_orphaned_members: 'true' }]]]),
    group('set', ['delete_parent']),
    group('get', ['query_linked', { type: 'sub_group', jid: GROUP }]),
    group('set', ['join_linked_group', { jid: GROUP }]),
    group('get', ['linked_groups_participants']),
    group('get', ['sub_groups']),
  ],
  '12, section 7, channels': [
    iq('get', 'newsletter', SERVER, ['messages', { type: 'jid', jid: CHANNEL, count: '50' }]),
    iq('get', 'newsletter', SERVER, ['messages', { type: 'jid', jid: CHANNEL, count: '50', before: '7' }]),
    iq('get', 'newsletter', CHANNEL, ['messages', { count: '50' }]),
    iq('get', 'newsletter', CHANNEL, ['message_updates', { count: '50' }]),
    iq('get', 'newsletter', CHANNEL, ['message_updates', { count: '50', since: '1767225600', after: '7' }]),
    iq('get', 'newsletter', CHANNEL, ['message_updates', { count: '50', before: '7' }]),
    iq('set', 'newsletter', CHANNEL, ['live_updates']),
    iq('get', 'newsletter', SERVER, ['my_addons', { limit: '1' }]),
    iq('get', 'newsletter', CHANNEL, ['status_updates', { count: '50', before: '7' }]),
  ],
  '13, section 2, pictures': [
    build(['iq', { id: '1', type: 'get', xmlns: 'w:profile:picture', to: SERVER, target: BEN }, [['picture', { type: 'preview', query: 'url' }]]]),
    build(['iq', { id: '1', type: 'get', xmlns: 'w:profile:picture', to: SERVER, target: BEN }, [['picture', { type: 'image', query: 'url', id: '7' }, [['tctoken', {}, bytes]]]]]),
    build(['iq', { id: '1', type: 'get', xmlns: 'w:profile:picture', to: SERVER, target: GROUP }, [['picture', { type: 'image', query: 'url', invite: 'AbCd' }]]]),
    build(['iq', { id: '1', type: 'get', xmlns: 'w:profile:picture', to: SERVER, target: GROUP }, [['picture', { type: 'image', query: 'url' }, [['add_request', { code: 'AbCd', expiration: '1767225600', admin: BEN }]]]]]),
    build(['iq', { id: '1', type: 'set', xmlns: 'w:profile:picture', to: SERVER }, [['picture', { type: 'image' }, bytes]]]),
    build(['iq', { id: '1', type: 'set', xmlns: 'w:profile:picture', to: SERVER, target: GROUP }, [['picture', { type: 'image' }, bytes]]]),
    build(['iq', { id: '1', type: 'set', xmlns: 'w:profile:picture', to: SERVER, target: GROUP }]),
  ],
  '13, sections 3 to 6, settings': [
    iq('set', 'status', SERVER, ['status', {}, 'busy']),
    iq('get', 'status', SERVER, ['privacy']),
    iq('get', 'privacy', SERVER, ['privacy']),
    iq('set', 'privacy', SERVER, ['privacy', {}, [['category', { name: 'last', value: 'contacts' }]]]),
    iq('get', 'privacy', SERVER, ['privacy', { addressing_mode: 'lid' }, [['list', { name: 'last', value: 'contact_blacklist' }]]]),
    iq('set', 'privacy', SERVER, ['privacy', { addressing_mode: 'lid' }, [['category', { name: 'last', value: 'contact_blacklist', dhash: 'none' }, [['user', { action: 'add', jid: BEN, pn_jid: BEN_PN }]]]]]),
    iq('set', 'disappearing_mode', SERVER, ['disappearing_mode', { duration: '86400' }]),
    iq('get', 'blocklist', SERVER),
    iq('get', 'blocklist', SERVER, ['item', { dhash: 'abc' }]),
    iq('set', 'blocklist', SERVER, ['item', { action: 'block', jid: BEN, pn_jid: BEN_PN }]),
    iq('set', 'blocklist', SERVER, ['item', { action: 'block', jid: BEN, pn_jid: BEN_PN }], ['entry_point', { source: 'chat' }]),
    iq('set', 'blocklist', SERVER, ['item', { action: 'unblock', jid: BEN }]),
  ],
  '13, section 7, presence': [
    build(['presence', { type: 'available', name: 'Ana' }]),
    build(['presence', { type: 'unavailable', name: 'Ana' }]),
    build(['presence', { type: 'subscribe', to: BEN }]),
    build(['presence', { type: 'subscribe', to: BEN }, [['tctoken', {}, bytes]]]),
    build(['presence', { type: 'unsubscribe', to: BEN }]),
    build(['chatstate', { to: BEN }, [['composing']]]),
    build(['chatstate', { to: BEN }, [['composing', { media: 'audio' }]]]),
    build(['chatstate', { to: GROUP }, [['paused']]]),
  ],
  '13, section 8, tokens': [iq('set', 'privacy', SERVER, ['tokens', {}, [['token', { jid: BEN, t: '1767225600', type: 'trusted_contact' }]]])],
  '13, section 9, business': [
    iq('get', 'w:biz', SERVER, ['business_profile', { v: '244' }, [['profile', { jid: BEN_PN }]]]),
    iq('get', 'w:biz', SERVER, ['verified_name', { jid: BEN_PN }]),
    iq('get', 'w:biz:catalog', SERVER, ['product_catalog', { jid: BEN_PN, allow_shop_source: 'true' }, [['limit', {}, '10'], ['width', {}, '100'], ['height', {}, '100']]]),
    iq('get', 'w:biz:catalog', SERVER, ['product_catalog', { jid: BEN_PN, allow_shop_source: 'true' }, [['limit', {}, '10'], ['width', {}, '100'], ['height', {}, '100'], ['after', {}, 'cursor']]]),
    build(['iq', { id: '1', type: 'get', xmlns: 'w:biz:catalog', smax_id: '35', to: SERVER }, [['collections', { biz_jid: BEN_PN }, [['collection_limit', {}, '5'], ['item_limit', {}, '5'], ['width', {}, '100'], ['height', {}, '100']]]]]),
    build(['iq', { id: '1', type: 'get', xmlns: 'fb:thrift_iq', smax_id: '5', to: SERVER }, [['order', { op: 'get', id: '1' }, [['image_dimensions', {}, [['width', {}, '100'], ['height', {}, '100']]], ['token', {}, 'QUJD']]]]]),
  ],
  '13, sections 10 and 11, the rest': [
    iq('get', 'w:mex', SERVER, ['query', { query_id: '23983697327930364' }, '{"variables":{}}']),
    iq('get', 'abt', SERVER, ['props', { protocol: '1' }]),
    iq('get', 'abt', SERVER, ['props', { protocol: '1', hash: 'abc', refresh_id: '7' }]),
    iq('get', 'bot', SERVER, ['bot', { v: '2' }]),
    iq('set', 'spam', SERVER, ['spam_list', { spam_flow: 'MessageMenu' }, [['message', { id: '3EB0', t: '1767225600', from: BEN }]]]),
    iq('set', 'w:qr', undefined, ['qr', { type: 'contact', action: 'get' }]),
    iq('get', 'w:qr', undefined, ['qr', { code: 'AbCd' }]),
  ],
  '13, section 12, calls': [build(['call', { id: '1', to: BEN }, [['reject', { 'call-id': 'ABC', 'call-creator': BEN, count: '0' }]]])],
}

describe('what the documents say clients send passes the strict check', () => {
  it.each(Object.entries(documented))('%s', (_, stanzas) => {
    const wrong = stanzas.flatMap((sent) => checkSent(sent).mismatches.map(({ path, rule, message }) => `${String(sent.attrs['type'] ?? '')} ${path} (${rule}): ${message}`))
    expect(wrong).toEqual([])
  })
})
