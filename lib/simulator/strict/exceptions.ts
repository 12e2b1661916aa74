import { CHANNEL_EXCEPTIONS, CHANNEL_REQUESTS } from './channel-exceptions.ts'
import { GROUP_EXCEPTIONS, GROUP_REQUESTS, GROUP_STANZAS } from './group-exceptions.ts'
import { PEOPLE_EXCEPTIONS, PEOPLE_REQUESTS } from './people-exceptions.ts'
import { bytes, iq, many, one, perhaps, type DocumentedRequest, type DocumentedStanza, type ShapeException } from './written.ts'

const key = [one('id', bytes(3)), one('value', bytes(32))]
const signedKey = [...key, one('signature', bytes(64))]
const enc = many('enc', {
  attrs: {
    v: '(2|3)!',
    type: '(skmsg|pkmsg|msg|msmsg)!',
    count: 'int?',
    'decrypt-fail': '(hide)?',
    mediatype: 'string?',
    native_flow_name: 'string?',
    session_type: 'string?',
    state: '(false|true)?',
    sticker_type: '=avatar?',
  },
  content: 'bytes[1..]',
})
const retryChildren = [
  one('retry', { attrs: { v: '=1', count: 'int[1..5]', id: 'string', t: 'int', error: 'int?' } }),
  one('registration', bytes(4)),
  perhaps('keys', {
    children: [one('type', bytes(1)), one('identity', bytes(32)), perhaps('key', { children: key }), one('skey', { children: signedKey }), perhaps('device-identity', bytes())],
  }),
  perhaps('meta', { attrs: { mode: 'int' } }),
]
const retry = (type: string): Pick<ShapeException, 'attrs' | 'children'> => ({
  attrs: { id: 'stanzaId!', to: 'jid!', type: `=${type}!`, participant: 'deviceJid?', recipient: 'deviceJid?' },
  children: retryChildren,
})

/** Where the published shapes are known to be incomplete, for what clients send and for what the server sends. */
export const EXCEPTIONS: readonly ShapeException[] = [
  ...GROUP_EXCEPTIONS,
  ...PEOPLE_EXCEPTIONS,
  ...CHANNEL_EXCEPTIONS,
  {
    of: 'PreSet',
    optional: ['padding', 'verified_name', 'pq_last_resort_key', 'pq_list'],
    without: ['id', 'value'],
    children: [
      one('registration', bytes(4)),
      one('type', bytes(1)),
      one('identity', bytes(32)),
      one('list', { children: [many('key', { children: key }, 1)] }),
      one('skey', { children: signedKey }),
    ],
    because: '04, section 2.2: the one-time keys stand in a list, post-quantum keys are an addition',
  },
  { of: 'RotateSigned', optional: ['op'], because: '04, section 2.5' },
  { of: 'RotateSigned', at: 'rotate', optional: ['pq_last_resort_key'], children: [one('skey', { children: signedKey })], because: '04, section 2.5' },
  { of: 'FetchKeyBundles', at: 'key/user', attrs: { reason: '(identity|retry)?' }, because: '04, section 2.6' },
  { of: 'CompanionHello', at: 'link_code_companion_reg', optional: ['contact_point_type', 'contact_point_value'], because: '03, section 4.2' },
  {
    of: 'CompanionHello',
    at: 'link_code_companion_reg',
    children: [
      one('link_code_pairing_wrapped_companion_ephemeral_pub', bytes(80)),
      one('companion_server_auth_key_pub', bytes(32)),
      one('companion_platform_id', { content: 'bytes[1..2]' }),
      one('companion_platform_display', { content: 'bytes[1..]' }),
      one('link_code_pairing_nonce', { content: 'bytes[1..1]' }),
    ],
    because: '03, section 4.2',
  },
  { of: 'CompanionFinish', at: 'link_code_companion_reg', optional: ['contact_point_type', 'contact_point_value'], because: '03, section 4.2' },
  {
    of: 'CompanionFinish',
    at: 'link_code_companion_reg',
    children: [one('link_code_pairing_wrapped_key_bundle', bytes(156)), one('companion_identity_public', bytes(32))],
    because: '03, section 4.4',
  },
  { of: 'ServerPing.ClientResponse', optional: ['id'], because: '02, section 4.3: a ping without an id is answered without one' },
  {
    of: 'ack',
    attrs: { id: 'stanzaId!', class: '(call|message|notification|receipt|status)!', to: 'jid!', type: 'string?', participant: 'jid?', recipient: 'jid?', from: 'deviceJid?' },
    because: '02, section 4.4: type, participant and recipient are repeated as received, a message is acknowledged from a device',
  },
  { of: 'chatstate', attrs: { to: 'jid!', from: 'deviceJid?' }, because: '13, section 7' },
  { of: 'call', attrs: { id: 'stanzaId!', to: 'jid!', from: 'deviceJid?' }, children: [{ tag: '*', isOpen: true }], because: '13, section 12: what callers send is read from the network, not published' },
  { of: 'ib', without: ['*'], because: '02, section 3.5: the parser loops over what it knows' },
  {
    of: 'message.from-is-not-newsletter',
    attrs: { id: 'stanzaId!', to: 'jid!', type: '(text|media|medianotify|pay|poll|reaction|event)!', participant: 'deviceJid?', recipient: 'deviceJid?', peer_recipient_pn: 'userJid?' },
    without: ['to', 'native_flow', 'mixed_metadata', 'capability', 'quality_token'],
    children: [
      { ...enc, isStated: true },
      many('participants', { children: [many('to', { attrs: { jid: 'deviceJid!', eph_setting: 'string?' }, children: [enc] })] }),
      perhaps('device-identity', { content: 'bytes[1..]' }),
      perhaps('tctoken', { content: 'bytes[1..]' }),
      perhaps('cstoken', bytes(32)),
      perhaps('reporting', { children: [one('reporting_token', { attrs: { v: 'int!' }, content: 'bytes[16..16]' })] }),
    ],
    because: '05, section 3: the published tree merges all builders and leaves the list of copies out',
  },
  {
    of: 'message.from-is-not-newsletter received',
    attrs: {
      notify: 'string?',
      offline: 'int?',
      sender_pn: 'userJid?',
      sender_lid: 'userJid?',
      participant: 'deviceJid?',
      participant_pn: 'userJid?',
      participant_lid: 'userJid?',
      server_id: 'int?',
      sts: 'int?',
    },
    children: [{ ...enc, isStated: true }],
    because: '06, section 1',
  },
  {
    of: 'notification.devices received',
    attrs: { t: 'time?', offline: 'int?' },
    children: ['add', 'remove'].map((tag) =>
      perhaps(tag, {
        attrs: { device_hash: 'string?', device_lid_hash: 'string?' },
        children: [
          one('device', { attrs: { jid: 'deviceJid', lid: 'deviceJid?', 'key-index': 'int?' } }),
          one('key-index-list', { attrs: { ts: 'time' }, content: 'bytes' }),
        ],
      }),
    ),
    because: '11, section 6: only the first of the three operations was read',
  },
  { of: 'notification.privacy_token received', attrs: { t: 'time?', offline: 'int?' }, because: '11, section 12' },
  { of: 'ib received', attrs: { from: '=s.whatsapp.net' }, because: '02, section 3.5' },
  { of: 'presence received', attrs: { from: 'jid?' }, because: '13, section 7: people have a presence, not only groups' },
  { of: 'iq.pair-success received', attrs: { t: 'time?' }, because: '03, section 3' },
  { of: 'SetReg.Request', attrs: { t: 'time?' }, because: '03, section 3' },
  { of: 'SetReg.Request', at: 'pair-success', optional: ['jurisdiction'], because: '03, section 3: on the newest builds only' },
  { of: 'PreSet.Success', optional: ['list', 'pq_list'], because: '04, section 2.2: the result is empty' },
  { of: 'FetchKeyBundles.Success', optional: ['padding'], because: '04, section 2.6' },
  { of: 'message.from-is-newsletter', attrs: { id: 'stanzaId!', to: 'newsletterJid!', type: '(text|media|poll|reaction)!' }, because: '05, section 3.5' },
  { of: 'receipt.retry', ...retry('retry'), because: '06, section 6' },
  { of: 'receipt.enc_rekey_retry', ...retry('enc_rekey_retry'), because: '06, section 6' },
  {
    of: 'receipt.is-not-call-receipt',
    attrs: { id: 'stanzaId!', to: 'jid?', participant: 'deviceJid?', recipient: 'userJid?', context: '=status?' },
    children: [
      perhaps('list', { children: [many('item', { attrs: { id: 'stanzaId!' } }, 1)] }),
      perhaps('encrypt', { children: [one('enc_p', bytes()), one('enc_iv', bytes(12))] }),
      perhaps('rmr', { attrs: { jid: 'jid', from_me: 'bool', participant: 'deviceJid?' } }),
    ],
    because: '06, section 10.1',
  },
]

const usyncQuery = [
  perhaps('contact', { attrs: { addressing_mode: '(lid|pn)?' } }),
  perhaps('devices', { attrs: { version: '=2' } }),
  perhaps('lid'),
  perhaps('status'),
  perhaps('text_status'),
  perhaps('picture'),
  perhaps('business', { children: [one('verified_name')] }),
  perhaps('disappearing_mode'),
  perhaps('username'),
  perhaps('bot', { children: [one('profile', { attrs: { v: '=1' } })] }),
  perhaps('feature', { children: [{ tag: '*' }] }),
]
const usyncUser = [
  perhaps('contact', { attrs: { username: 'string?', pin: 'string?', lid: 'jid?', type: 'string?' }, content: 'bytes' }),
  perhaps('devices', { attrs: { device_hash: 'string?', ts: 'int?', expected_ts: 'int?' } }),
  perhaps('lid', { attrs: { jid: 'lidUserJid' } }),
  perhaps('tctoken', bytes()),
  perhaps('bot', { children: [one('profile', { attrs: { persona_id: 'string?' } })] }),
]

/** Requests of documents that no operation is published for. */
export const DOCUMENTED_REQUESTS: readonly DocumentedRequest[] = [
  ...GROUP_REQUESTS,
  ...PEOPLE_REQUESTS,
  ...CHANNEL_REQUESTS,
  { name: 'PrekeyCount', request: iq('get', 'encrypt', [one('count')]), result: [one('count', { attrs: { value: 'int' } })], because: '04, section 2.3' },
  {
    name: 'Usync',
    request: iq('get', 'usync', [
      one('usync', {
        attrs: { sid: 'string', mode: '(query|full|delta)', context: '(interactive|background|message|voip|notification)', index: '=0', last: '=true' },
        children: [one('query', { children: usyncQuery }), one('list', { children: [many('user', { attrs: { jid: 'userJid?', pn_jid: 'userJid?' }, children: usyncUser }, 1)] })],
      }),
    ]),
    result: [
      one('usync', {
        attrs: { sid: 'string?', mode: 'string?', context: 'string?', index: 'int?', last: 'bool?' },
        children: [
          perhaps('result', { children: [{ tag: '*', isOpen: true }] }),
          one('list', {
            children: [
              many('user', {
                attrs: { jid: 'userJid', pn_jid: 'userJid?' },
                children: [
                  perhaps('devices', {
                    children: [
                      perhaps('device-list', { attrs: { hash: 'string?' }, children: [many('device', { attrs: { id: 'int[0..99]', 'key-index': 'int?', is_hosted: 'bool?' } })] }),
                      perhaps('key-index-list', { attrs: { ts: 'int', expected_ts: 'int?' }, content: 'bytes' }),
                    ],
                  }),
                  perhaps('lid', { attrs: { val: 'lidUserJid' } }),
                  perhaps('contact', { attrs: { type: 'string?', username: 'string?' }, content: 'bytes' }),
                ],
              }),
            ],
          }),
        ],
      }),
    ],
    because: '13, section 1; 05, section 6',
  },
  { name: 'RemoveCompanionDevice', request: iq('set', 'md', [one('remove-companion-device', { attrs: { jid: 'deviceJid', reason: 'string' } })]), result: [], because: '03, section 6' },
  {
    name: 'MediaConnection',
    request: iq('set', 'w:m', [one('media_conn')]),
    result: [one('media_conn', { attrs: { auth: 'string', ttl: 'int', auth_ttl: 'int?', max_buckets: 'int?', ip_token: 'string?', set_ip_token: 'string?' }, children: [{ tag: 'host', isOpen: true }] })],
    because: '07, section 1',
  },
  {
    name: 'PrivacySettings',
    request: iq('get', 'privacy', [
      one('privacy', { attrs: { addressing_mode: '=lid?' }, children: [perhaps('list', { attrs: { name: 'string', value: '=contact_blacklist' } })] }),
    ]),
    result: [one('privacy', { children: [many('category', { attrs: { name: 'string', value: 'string', dhash: 'string?' } }), { tag: 'list', isOpen: true }] })],
    because: '13, section 4',
  },
  {
    name: 'SetPrivacyCategory',
    request: iq('set', 'privacy', [
      one('privacy', {
        attrs: { addressing_mode: '=lid?' },
        children: [
          many(
            'category',
            {
              attrs: { name: 'string', value: 'string', dhash: 'string?' },
              children: [many('user', { attrs: { action: '(add|remove)', jid: 'userJid', pn_jid: 'userJid?', username: 'string?' } })],
            },
            1,
          ),
        ],
      }),
    ]),
    because: '13, section 4',
  },
  {
    name: 'IssueTokens',
    request: iq('set', 'privacy', [one('tokens', { children: [many('token', { attrs: { jid: 'userJid', t: 'time', type: '=trusted_contact' } }, 1)] })]),
    result: [perhaps('tokens', { children: [many('token', { attrs: { jid: 'userJid?', t: 'time?', type: 'string?' }, content: 'bytes' })] })],
    because: '13, section 8',
  },
  {
    name: 'AppStateSync',
    request: iq('set', 'w:sync:app:state', [
      one('sync', {
        children: [
          many(
            'collection',
            {
              attrs: {
                name: '(regular|regular_low|regular_high|critical_block|critical_unblock_low)',
                version: 'int?',
                return_snapshot: 'bool?',
              },
              children: [perhaps('patch', { content: 'bytes[1..]' })],
            },
            1,
          ),
        ],
      }),
    ]),
    result: [
      perhaps('sync', {
        children: [
          many('collection', {
            attrs: {
              name: '(regular|regular_low|regular_high|critical_block|critical_unblock_low)',
              type: '(result|error)?',
              version: 'int?',
              has_more_patches: 'bool?',
            },
            children: [
              perhaps('error', { attrs: { code: 'int', text: 'string?' } }),
              perhaps('snapshot', { content: 'bytes[1..]' }),
              perhaps('patches', { children: [many('patch', { content: 'bytes[1..]' })] }),
            ],
          }),
        ],
      }),
    ],
    because: '08, sections 7 and 8',
  },
  { name: 'GraphQuery', request: iq('get', 'w:mex', [one('query', { attrs: { query_id: 'int' }, content: 'bytes[2..]' })]), because: '13, section 10' },
  {
    name: 'SetProfilePicture',
    request: iq('set', 'w:profile:picture', [perhaps('picture', { attrs: { type: '=image' }, content: 'bytes[1..]' })], { target: 'jid?' }),
    because: '07, section 9',
  },
  { name: 'SetAbout', request: iq('set', 'status', [one('status', { content: 'bytes' })]), because: '13, section 3' },
  { name: 'StatusPrivacy', request: iq('get', 'status', [one('privacy')]), because: '13, section 6' },
  { name: 'SetDisappearingMode', request: iq('set', 'disappearing_mode', [one('disappearing_mode', { attrs: { duration: 'int' } })]), because: '13, section 4' },
  { name: 'BusinessProfile', request: iq('get', 'w:biz', [one('business_profile', { attrs: { v: 'int' }, children: [many('profile', { attrs: { jid: 'userJid', tag: 'string?' } }, 1)] })]), because: '13, section 9' },
]

/** Stanzas of documents that are not published. */
export const DOCUMENTED_STANZAS: readonly DocumentedStanza[] = [
  ...GROUP_STANZAS,
  {
    name: 'PairDeviceSign',
    from: 'client',
    shape: {
      tag: 'iq',
      attrs: { id: 'stanzaId', to: '=s.whatsapp.net', type: '=result' },
      children: [one('pair-device-sign', { children: [one('device-identity', { attrs: { 'key-index': 'int' }, content: 'bytes[1..]' })] })],
    },
    because: '03, section 3.1',
  },
  {
    name: 'PairError',
    from: 'client',
    shape: {
      tag: 'iq',
      attrs: { id: 'stanzaId', to: '=s.whatsapp.net', type: '=error' },
      children: [one('error', { attrs: { code: '(401|500)', text: '(not-authorized|internal-error)' } })],
    },
    because: '03, section 3.2',
  },
  {
    name: 'Unsubscribe',
    from: 'client',
    shape: { tag: 'presence', attrs: { to: 'jid', type: '=unsubscribe' } },
    because: '13, section 7: the published word has no addressee',
  },
  {
    name: 'Nack',
    from: 'client',
    shape: { tag: 'ack', attrs: { id: 'stanzaId', class: 'string', to: 'jid', error: '(488)' } },
    because: '02, section 4.4: a stanza nobody knows is refused under its own tag',
  },
  {
    name: 'ReceiptAck',
    from: 'server',
    shape: {
      tag: 'ack',
      attrs: { id: 'stanzaId', class: '(receipt|call|notification|presence)', from: 'jid', t: 'time?', type: 'string?', participant: 'deviceJid?', readreceipts: '(all|none)?' },
    },
    because: '02, section 4.5; 06, section 9',
  },
]
