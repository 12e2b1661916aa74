import { zlibSync } from 'fflate'

import { concat, utf8 } from '../../../lib/bytes/bytes.ts'
import { FrameTooLarge } from '../../../lib/errors/frame-error.ts'
import { JidInvalid } from '../../../lib/errors/jid-invalid.ts'
import { StanzaCodecError } from '../../../lib/errors/stanza-codec-error.ts'
import { createFrameDecoder, encodeFrame } from '../../../lib/connection/frame.ts'
import { decodeStanza } from '../../../lib/stanza/decode.ts'
import { encodeStanza } from '../../../lib/stanza/encode.ts'
import { inflate, INFLATED_LIMIT } from '../../../lib/stanza/inflate.ts'
import { parseJid, toJid } from '../../../lib/stanza/jid.ts'
import { childrenOf, type Stanza } from '../../../lib/stanza/stanza.ts'
import { attributesOf } from '../../../lib/stanza/read-attributes.ts'
import { hex, vectorCases } from '../../vectors.ts'
import { mutateStanza, recordedStanzas, wordsOf } from '../stanza-inputs.ts'
import { accepted, requireEqual, requireThat, type Target } from '../target.ts'

const textOf = (input: Uint8Array): string => new TextDecoder().decode(input)

const recorded = recordedStanzas()

/** Integrators are numbered from 1: another interop address can be read but has no form to be written in. */
const hasWireForms = (stanza: Stanza): boolean =>
  Object.values(stanza.attrs).every((value) => typeof value === 'string' || value.server !== 'interop' || /^[1-9]\d{0,4}-./.test(value.user)) &&
  childrenOf(stanza).every(hasWireForms)

const stanzaDecode: Target = {
  name: 'stanza-decode',
  seeds: () => [
    ...['encode', 'decode', 'reject'].flatMap((kind) => vectorCases<{ readonly hex?: string }>('stanza-codec', kind).flatMap(({ hex: bytes }) => (bytes !== undefined && bytes.length < 1_000 ? [hex(bytes)] : []))),
    ...recorded,
  ],
  mutate: mutateStanza(wordsOf(recorded)),
  feed: (input) => {
    const stanza = accepted([StanzaCodecError], () => decodeStanza(input))
    accepted([StanzaCodecError], () => decodeStanza(input, { isInteropServerOptional: true }))
    // The bare flag that ends a stream is written out in full.
    if (stanza && input.length > 1 && hasWireForms(stanza)) requireEqual(decodeStanza(encodeStanza(stanza), { isInteropServerOptional: true }), stanza, 'stanza')
  },
}

/** The first byte chooses: 0 to 127 the rest as it is, else as the content of a sound zlib stream. */
const inflating: Target = {
  name: 'inflate',
  seeds: () => [concat(Uint8Array.of(0), zlibSync(recorded[0]!)), concat(Uint8Array.of(0), zlibSync(new Uint8Array(70_000))), concat(Uint8Array.of(128), recorded[0]!), Uint8Array.of(0)],
  feed: (input) => {
    const isSound = (input[0] ?? 0) > 127
    const stream = isSound ? zlibSync(input.subarray(1)) : input.subarray(1)
    const inflated = accepted([StanzaCodecError], () => inflate(stream))
    if (isSound) requireEqual(inflated, input.slice(1), 'inflate')
    requireThat((inflated?.length ?? 0) <= INFLATED_LIMIT, 'inflated beyond the limit')
    accepted([StanzaCodecError], () => decodeStanza(concat(Uint8Array.of(2), stream)))
  },
  // What comes out, twice, and the pieces it came in.
  memoryLimit: (bytes) => 4 * INFLATED_LIMIT + 512 * bytes,
}

/** The first byte says into pieces of what size the rest is cut. */
const frames: Target = {
  name: 'frame',
  seeds: () => [concat(Uint8Array.of(255), encodeFrame(new Uint8Array(300)), encodeFrame(new Uint8Array(0)), encodeFrame(Uint8Array.of(1, 2))), concat(Uint8Array.of(1), encodeFrame(utf8('hello')))],
  feed: (input) => {
    const size = Math.max(1, input[0] ?? 1)
    const limit = 1_000
    const read = (pieceBytes: number): { readonly bodies: readonly Uint8Array[]; readonly isRefused: boolean } => {
      const bodies: Uint8Array[] = []
      const { push } = createFrameDecoder(limit)
      for (let start = 1; start < input.length; start += pieceBytes) {
        const complete = accepted([FrameTooLarge], () => push(input.subarray(start, start + pieceBytes)))
        if (!complete) return { bodies, isRefused: true }
        bodies.push(...complete.map((body) => body.slice()))
      }
      return { bodies, isRefused: false }
    }
    const [whole, cut] = [read(input.length), read(size)]
    requireThat(whole.isRefused === cut.isRefused, 'the pieces decide whether a frame is too large')
    if (!whole.isRefused) requireEqual(cut.bodies, whole.bodies, 'frames')
    for (const body of cut.bodies) requireThat(body.length <= limit, 'a frame beyond the limit')
  },
}

const jids: Target = {
  name: 'jid',
  seeds: () => ['15550100001@s.whatsapp.net', '15550100001:12@s.whatsapp.net', '15550100001.3:12@s.whatsapp.net', '90010001:2@lid', '9.1:3@lid', '120363000000000001@g.us', 'status@broadcast', 's.whatsapp.net', '1-2:3@interop', 'a.200@msgr', '@g.us'].map(utf8),
  dictionary: ['@s.whatsapp.net', '@lid', '@hosted.lid', '@c.us', '@interop', ':65535', ':65536', '.255', '.256', '.0', ':0'].map(utf8),
  longestBytes: 300,
  feed: (input) => {
    const text = textOf(input)
    const jid = parseJid(text)
    requireEqual(accepted([JidInvalid], () => toJid(text)), jid, 'toJid')
    if (!jid) return
    requireThat(Number.isInteger(jid.device) && jid.device >= 0 && jid.device <= 65_535, 'a device out of range')
    requireThat(jid.server !== '' && !jid.server.includes('@'), 'a server that is none')
    // Legacy dots are read once; a server nobody knows is written without the sign that makes it one.
    if (/^[^.]+$/.test(jid.user)) requireEqual(parseJid(jid.toString())?.toString(), jid.toString(), 'jid')
  },
}

const attributes: Target = {
  name: 'attributes',
  seeds: () => ['0', '-12', '9007199254740991', '9007199254740992', '8640000000000', '8640000000001', '1700000000', '15550100001@s.whatsapp.net', '-', '00', '١'].map(utf8),
  longestBytes: 60,
  feed: (input) => {
    const text = textOf(input)
    const read = attributesOf({ tag: 'fuzz', attrs: { value: text } })
    const faultsAfter = (step: () => unknown): readonly [value: unknown, isFault: boolean] => {
      const before = read.faults.length
      const value = step()
      return [value, read.faults.length > before]
    }
    requireThat(read.text('value') === text && read.optionalText('value') === text, 'text')
    const [number, isNoNumber] = faultsAfter(() => read.integer('value'))
    requireThat(Number.isSafeInteger(number), 'integer gave no whole number')
    if (!isNoNumber) requireThat(BigInt(text) === BigInt(number as number), 'integer is not exact')
    const [instant, isNoInstant] = faultsAfter(() => read.instant('value'))
    requireThat(!Number.isNaN((instant as Date).getTime()), 'instant gave no date')
    requireThat(!isNoNumber || isNoInstant, 'an instant without a number')
    const [, isNoJid] = faultsAfter(() => read.jid('value'))
    requireThat(isNoJid === (parseJid(text) === undefined), 'jid')
    read.jid('absent')
    read.instant('absent')
    requireThat(read.faults.every((fault) => fault.startsWith('fuzz: ') && fault.length < 60), 'a fault that tells the value')
  },
}

export const stanzaTargets: readonly Target[] = [stanzaDecode, inflating, frames, jids, attributes]
