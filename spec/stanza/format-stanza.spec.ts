import { describe, expect, it } from '@jest/globals'

import { formatStanza } from '../../lib/stanza/format-stanza.ts'
import { Jid, SERVER } from '../../lib/stanza/jid.ts'
import { stanza } from '../../lib/stanza/stanza.ts'

describe('formatStanza', () => {
  it('shows attributes, children and short contents on one line', () => {
    const tree = stanza('message', { to: new Jid('1', 'lid', 3), id: 'A' }, [stanza('enc', { v: 2 }, Uint8Array.of(1, 0xab)), stanza('meta')])
    expect(formatStanza(tree)).toBe('<message to="1:3@lid" id="A"><enc v="2">01ab</enc><meta/></message>')
  })

  it('cuts long contents and names their size', () =>
    expect(formatStanza(stanza('enc', {}, new Uint8Array(300)))).toBe(`<enc>${'00'.repeat(16)}… (300 bytes)</enc>`))

  it('shows a server as it is addressed', () => expect(formatStanza(stanza('iq', { to: SERVER }))).toBe('<iq to="s.whatsapp.net"/>'))

  it('cannot be broken out of by a value', () =>
    expect(formatStanza(stanza('presence', { name: 'Ana "<b/>"\n&' }))).toBe('<presence name="Ana &quot;&lt;b/>&quot;&#10;&amp;"/>'))
})
