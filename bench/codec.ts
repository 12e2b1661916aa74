import { decodeStanza } from '../lib/stanza/decode.ts'
import { encodeStanza } from '../lib/stanza/encode.ts'
import { Jid, SERVER } from '../lib/stanza/jid.ts'
import { stanza, type Stanza } from '../lib/stanza/stanza.ts'
import { measure, type Item, type Row } from './harness.ts'
import type { Peers } from './peers.ts'

/** A direct message as it arrives: 300 bytes of `enc`. */
const message = stanza(
  'message',
  {
    from: new Jid('123456789012345', 'lid', 12),
    id: '3EB0D2A9F1C4775E0B12AA',
    t: '1755800000',
    type: 'text',
    notify: 'Ana Lima',
    sender_pn: new Jid('5511999998888', 's.whatsapp.net'),
  },
  [stanza('enc', { v: '2', type: 'msg' }, Uint8Array.from({ length: 300 }, (_, index) => (index * 37) & 0xff))],
)

/** The description of a group of 1000, hidden and phone numbers of each. */
const group = stanza('iq', { from: new Jid('120363021234567890', 'g.us'), type: 'result', id: '57.12-9' }, [
  stanza(
    'group',
    { id: '120363021234567890', creator: new Jid('123456789012345', 'lid'), creation: '1700000000', subject: 'Neighbours', addressing_mode: 'lid' },
    Array.from({ length: 1000 }, (_, index) =>
      stanza('participant', {
        jid: new Jid(String(100_000_000_000_000 + index * 7919), 'lid'),
        phone_number: new Jid(String(5_511_900_000_000 + index * 31), 's.whatsapp.net'),
        ...(index % 100 === 0 && { type: 'admin' }),
      }),
    ),
  ),
])

/** The same stanza as Baileys and the Rust core take it: addresses are text, bytes are a `Buffer`. */
interface ForeignNode {
  readonly tag: string
  readonly attrs: Readonly<Record<string, string>>
  readonly content?: readonly ForeignNode[] | Uint8Array
}

const foreignOf = ({ tag, attrs, content }: Stanza): ForeignNode => {
  const texts: Record<string, string> = {}
  for (const name in attrs) texts[name] = attrs[name] === SERVER ? '@s.whatsapp.net' : String(attrs[name])
  if (content === undefined) return { tag, attrs: texts }
  return { tag, attrs: texts, content: content instanceof Uint8Array ? Buffer.from(content) : content.map(foreignOf) }
}

const contest = (name: string, tree: Stanza, { baileys, rust }: Peers): readonly Item[] => {
  const encoded = encodeStanza(tree)
  const body = Buffer.from(encoded.subarray(1))
  const foreign = foreignOf(tree)
  return [
    { item: `decode ${name}`, library: 'rxwa', run: () => decodeStanza(encoded) },
    // The Rust core is left out of decoding: reading its tree leaks, and without that it builds none.
    ...(baileys ? [{ item: `decode ${name}`, library: 'baileys', run: () => baileys.decodeDecompressedBinaryNode(body, baileys.tables) }] : []),
    { item: `encode ${name}`, library: 'rxwa', run: () => encodeStanza(tree) },
    ...(baileys ? [{ item: `encode ${name}`, library: 'baileys', run: () => baileys.encodeBinaryNode(foreign) }] : []),
    ...(rust ? [{ item: `encode ${name}`, library: 'whatsapp-rust', run: () => rust.encodeNode(foreign) }] : []),
  ]
}

/** Reading and writing stanzas: a direct message, and a group of 1000. */
export const run = async (peers: Peers): Promise<readonly Row[]> =>
  measure([...contest('message, 300 bytes of enc', message, peers), ...contest('group of 1000', group, peers)])
