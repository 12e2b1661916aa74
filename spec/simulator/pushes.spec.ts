import { describe, expect, it } from '@jest/globals'

import { toJid, type Stanza } from '../../lib/index.ts'
import { checkReceived } from '../../lib/simulator/strict/check-stanza.ts'
import { decodeStanza } from '../../lib/stanza/decode.ts'
import { encodeStanza } from '../../lib/stanza/encode.ts'
import { aPush, createSimulator } from '../../lib/testing/index.ts'

/** What our pushes say beyond the published shapes, and where it is documented. */
const DOCUMENTED: Readonly<Record<string, string>> = {
  'notification@pushname': '11, section 7',
  'notification@t': '11, section 1: every notification has a time',
  'notification/device_logout': '11, section 19',
  'notification/rmr': '11, section 17',
  'call/offer/audio': '13, section 12',
  'call/terminate@reason': '13, section 12',
}

/** They say what no server has said, on purpose. */
const INVENTED = ['notification', 'unhandled_stanza', 'malformed_stanza', 'account_sync']

const pushes = Object.entries(aPush).filter(([type]) => !INVENTED.includes(type))
const complete = (stanza: Stanza): Stanza => {
  const isKept = ['notification', 'call'].includes(stanza.tag)
  return decodeStanza(encodeStanza({ ...stanza, attrs: isKept ? { from: toJid('15550100001@s.whatsapp.net'), id: 'n1', t: '1767225600', ...stanza.attrs } : stanza.attrs }))
}

describe('pushes', () => {
  it.each(pushes)('%s says what published clients understand', (_, push) => {
    const stanzas = [(push as () => Stanza | readonly Stanza[])()].flat()
    const wrong = stanzas.flatMap((stanza) => checkReceived(complete(stanza)).mismatches).filter(({ path }) => !(path in DOCUMENTED))
    expect(wrong).toEqual([])
  })

  it('need somebody to be pushed to', () => expect(() => createSimulator().push('15550100099@s.whatsapp.net', aPush.presence())).toThrow('nobody has this address'))
})
