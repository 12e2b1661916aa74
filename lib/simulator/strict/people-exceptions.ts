import { bytes, iq, many, one, perhaps, type DocumentedRequest, type ShapeException, type Parts } from './written.ts'

const text: Parts = { content: 'string' }
const token = perhaps('tctoken', { attrs: { t: 'int?' }, content: 'bytes[1..]' })

/** Where the published shapes about people and their settings are known to be incomplete: trees of merged builders. */
export const PEOPLE_EXCEPTIONS: readonly ShapeException[] = [
  { of: 'Get', at: 'picture', optional: ['pose_id', 'add_request'], children: [token], because: '13, section 2' },
  { of: 'UpdateBlockList', optional: ['entry_point'], because: '13, section 5' },
  { of: 'UpdateBlockList', at: 'item', attrs: { action: '(block|unblock)', pn_jid: 'userJid?' }, because: '13, section 5' },
  { of: 'presence', children: [token], because: '13, section 7' },
]

/** Requests about people and businesses that no operation is published for. */
export const PEOPLE_REQUESTS: readonly DocumentedRequest[] = [
  { name: 'GetVerifiedName', request: iq('get', 'w:biz', [one('verified_name', { attrs: { jid: 'userJid' } })]), because: '13, section 9' },
  {
    name: 'GetCatalog',
    request: iq('get', 'w:biz:catalog', [
      one('product_catalog', { attrs: { jid: 'userJid', allow_shop_source: 'bool' }, children: [one('limit', text), one('width', text), one('height', text), perhaps('after', text)] }),
    ]),
    because: '13, section 9',
  },
  {
    name: 'GetCollections',
    request: iq('get', 'w:biz:catalog', [
      one('collections', { attrs: { biz_jid: 'userJid' }, children: [one('collection_limit', text), one('item_limit', text), one('width', text), one('height', text), perhaps('after', text)] }),
    ], { smax_id: '=35' }),
    because: '13, section 9',
  },
  {
    name: 'GetOrder',
    request: iq('get', 'fb:thrift_iq', [
      one('order', { attrs: { op: '=get', id: 'string' }, children: [one('image_dimensions', { children: [one('width', text), one('height', text)] }), one('token', text)] }),
    ], { smax_id: '=5' }),
    because: '13, section 9',
  },
  {
    name: 'ReportWithMessages',
    request: iq('set', 'spam', [
      one('spam_list', {
        attrs: { spam_flow: 'string', jid: 'jid?', subject: 'string?' },
        children: [
          many('message', {
            attrs: { id: 'stanzaId', t: 'time', from: 'jid?', participant: 'jid?' },
            children: [perhaps('raw', { attrs: { v: '=3', mediatype: 'string?', local_message_type: 'string?' }, ...bytes() })],
          }, 1),
        ],
      }),
      token,
    ]),
    result: [perhaps('report_id', text)],
    because: '13, section 11: the published reports have more in them, and other names of flows',
  },
  ...(['get', 'set'] as const).map((type): DocumentedRequest => ({
    name: type === 'get' ? 'ResolveQrLink' : 'OwnQrLink',
    request: iq(type, 'w:qr', [one('qr', { attrs: type === 'get' ? { code: 'string' } : { type: '=contact', action: '(get|revoke)' } })], { to: '=s.whatsapp.net?' }),
    because: '13, section 11',
  })),
]
