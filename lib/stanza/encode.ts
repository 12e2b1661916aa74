import { allocate } from '../bytes/allocate.ts'
import { StanzaCodecError } from '../errors/stanza-codec-error.ts'
import type { Jid } from './jid.ts'
import type { Stanza } from './stanza.ts'
import { tokenCodes } from './tokens.ts'
import {
  AD_JID,
  BINARY_20,
  BINARY_32,
  BINARY_8,
  DOMAINS,
  FB_JID,
  HEX_8,
  INTEROP_JID,
  JID_PAIR,
  LIST_16,
  LIST_8,
  LIST_EMPTY,
  NIBBLE_8,
  PACKED_MAX,
} from './wire-tags.ts'

/** One buffer serves all calls; what is returned is a copy of its exact length. */
let buffer = new Uint8Array(4096)
let offset = 0

const utf8 = new TextEncoder()

/** A larger buffer is given up after use, so that one big stanza does not stay in memory for ever. */
const KEPT_BYTES = 1 << 20

/**
 * The binary form of a stanza, flag byte included, never compressed (protocol document 01, section 3).
 *
 * @throws StanzaCodecError `list_too_long` (65,536 children), `invalid_jid` (a device its form cannot hold)
 */
export const encodeStanza = (stanza: Stanza): Uint8Array => {
  offset = 0
  writeByte(0)
  try {
    writeStanza(stanza)
    const encoded = allocate(offset)
    encoded.set(buffer.subarray(0, offset))
    return encoded
  } finally {
    if (buffer.length > KEPT_BYTES) buffer = new Uint8Array(4096)
  }
}

const reserve = (length: number): void => {
  if (offset + length <= buffer.length) return
  const larger = new Uint8Array(Math.max(buffer.length * 2, offset + length))
  larger.set(buffer.subarray(0, offset))
  buffer = larger
}

const writeByte = (byte: number): void => {
  if (offset === buffer.length) reserve(1)
  buffer[offset] = byte
  offset += 1
}

const writeTwo = (value: number): void => {
  writeByte(value >> 8)
  writeByte(value & 0xff)
}

const writeListHeader = (count: number): void => {
  if (count === 0) writeByte(LIST_EMPTY)
  else if (count < 256) {
    writeByte(LIST_8)
    writeByte(count)
  } else if (count < 65_536) {
    writeByte(LIST_16)
    writeTwo(count)
  } else throw new StanzaCodecError('list_too_long', count)
}

const writeStanza = ({ tag, attrs, content }: Stanza): void => {
  let attributes = 0
  for (const name in attrs) if (attrs[name] !== undefined) attributes += 1
  writeListHeader(1 + 2 * attributes + (content === undefined ? 0 : 1))
  writeText(tag)
  for (const name in attrs) {
    const value = attrs[name]
    if (value === undefined) continue
    writeText(name)
    if (typeof value === 'string') writeAttributeText(value)
    else writeJid(value)
  }
  if (content === undefined) return
  if (content instanceof Uint8Array) {
    writeBytes(content)
    return
  }
  writeListHeader(content.length)
  for (const child of content) writeStanza(child)
}

/** Text of the form `x@y` has to travel as an address (section 3.4). */
const writeAttributeText = (text: string): void => {
  const at = text.indexOf('@')
  if (at < 0 || at === text.length - 1 || text.indexOf('@', at + 1) >= 0) {
    writeText(text)
    return
  }
  const colon = text.indexOf(':')
  const server = text.slice(at + 1)
  if (colon < 0 || colon > at) {
    writeAddress(text.slice(0, at), server, 0)
    return
  }
  const digits = text.slice(colon + 1, at)
  const device = /^\d{1,5}$/.test(digits) ? Number(digits) : -1
  const limit = server === 'msgr' || server === 'interop' ? 65_535 : 255
  if (device < 0 || device > limit) writeText(text)
  else writeAddress(text.slice(0, colon), server, device)
}

const writeJid = ({ user, server, device }: Jid): void => {
  if (device > 255 && DOMAINS.has(server)) throw new StanzaCodecError('invalid_jid', device)
  writeAddress(user, server, device)
}

const writeAddress = (user: string, server: string, device: number): void => {
  const domain = device > 0 ? DOMAINS.get(server) : undefined
  if (domain !== undefined) {
    writeByte(AD_JID)
    writeByte(domain)
    writeByte(device)
    writeText(user)
    return
  }
  if (server === 'msgr' && device > 0) {
    writeByte(FB_JID)
    writeText(user)
    writeTwo(device)
    writeText(server)
    return
  }
  if (server === 'interop' && writeInterop(user, device)) return
  writeByte(JID_PAIR)
  if (user === '') writeByte(LIST_EMPTY)
  else writeText(user)
  writeText(server)
}

/** The server's name is left out, as the official writer does; it is always read. */
const writeInterop = (user: string, device: number): boolean => {
  const dash = user.indexOf('-')
  const integrator = dash > 0 ? user.slice(0, dash) : ''
  if (!/^\d{1,5}$/.test(integrator) || Number(integrator) < 1 || Number(integrator) > 65_535 || dash === user.length - 1) return false
  writeByte(INTEROP_JID)
  writeText(user.slice(dash + 1))
  writeTwo(device)
  writeTwo(Number(integrator))
  return true
}

const writeText = (text: string): void => {
  const { length } = text
  if (length === 0) {
    writeTwo(BINARY_8 << 8)
    return
  }
  if (length <= LONGEST_TOKEN) {
    // Numbers of people are longer than any number in the dictionary and need not be looked for there.
    const isLong = length > LONGEST_PACKABLE_TOKEN
    if (isLong && writePacked(text)) return
    const code = tokenCodes.get(text)
    if (code !== undefined) {
      if (code > 255) writeTwo(code)
      else writeByte(code)
      return
    }
    if (!isLong && writePacked(text)) return
  } else if (length <= PACKED_MAX && writePacked(text)) return
  writeUtf8(text)
}

const IS_NIBBLE = 1
const IS_HEX = 2

/** Per ASCII character: the packings it fits, and its half byte in each. */
const classes = new Uint8Array(128)
const nibbles = new Uint8Array(128)
const hexDigits = new Uint8Array(128)
'0123456789-.'.split('').forEach((character, value) => {
  classes[character.charCodeAt(0)]! |= IS_NIBBLE
  nibbles[character.charCodeAt(0)] = value
})
'0123456789ABCDEF'.split('').forEach((character, value) => {
  classes[character.charCodeAt(0)]! |= IS_HEX
  hexDigits[character.charCodeAt(0)] = value
})

/** `NIBBLE_8`, `HEX_8` or 0 for text that cannot be packed; one pass. */
const packingOf = (text: string): number => {
  let fits = IS_NIBBLE | IS_HEX
  for (let index = 0; index < text.length && fits !== 0; index += 1) {
    const code = text.charCodeAt(index)
    fits &= code < 128 ? classes[code]! : 0
  }
  if ((fits & IS_NIBBLE) !== 0) return NIBBLE_8
  return (fits & IS_HEX) !== 0 ? HEX_8 : 0
}

const words = [...tokenCodes.keys()]
const LONGEST_TOKEN = Math.max(...words.map((word) => word.length))
const LONGEST_PACKABLE_TOKEN = Math.max(...words.filter((word) => packingOf(word) !== 0).map((word) => word.length))

/** Writes a text two characters a byte; false when it cannot be packed. */
const writePacked = (text: string): boolean => {
  const packing = packingOf(text)
  if (packing === 0) return false
  const digits = packing === NIBBLE_8 ? nibbles : hexDigits
  const { length } = text
  const isOdd = length & 1
  reserve(2 + ((length + 1) >> 1))
  const bytes = buffer
  let at = offset
  bytes[at] = packing
  bytes[at + 1] = ((length + 1) >> 1) | (isOdd << 7)
  at += 2
  for (let index = 0; index + 1 < length; index += 2, at += 1)
    bytes[at] = (digits[text.charCodeAt(index)]! << 4) | digits[text.charCodeAt(index + 1)]!
  if (isOdd) bytes[at++] = (digits[text.charCodeAt(length - 1)]! << 4) | 0x0f
  offset = at
  return true
}

/** Texts up to here fit a one-byte length whatever their characters are. */
const SURELY_SHORT = 85

const writeUtf8 = (text: string): void => {
  const { length } = text
  if (length > SURELY_SHORT) {
    writeBytes(utf8.encode(text))
    return
  }
  reserve(2 + length * 3)
  const written = writeAscii(text) ? length : utf8.encodeInto(text, buffer.subarray(offset + 2)).written
  buffer[offset] = BINARY_8
  buffer[offset + 1] = written
  offset += 2 + written
}

/** Texts this short are written faster by hand than by an encoder; room for them is reserved. */
const SHORT_TEXT = 40

/** Writes the characters behind the two bytes of the length; false when one of them is not ASCII. */
const writeAscii = (text: string): boolean => {
  if (text.length > SHORT_TEXT) return false
  const bytes = buffer
  const start = offset + 2
  let seen = 0
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    seen |= code
    bytes[start + index] = code
  }
  return seen < 128
}

const writeBytes = (bytes: Uint8Array): void => {
  const { length } = bytes
  reserve(5 + length)
  if (length < 256) {
    buffer[offset++] = BINARY_8
  } else if (length < 1 << 20) {
    buffer[offset++] = BINARY_20
    buffer[offset++] = length >> 16
    buffer[offset++] = (length >> 8) & 0xff
  } else {
    buffer[offset++] = BINARY_32
    buffer[offset++] = length >>> 24
    buffer[offset++] = (length >> 16) & 0xff
    buffer[offset++] = (length >> 8) & 0xff
  }
  buffer[offset++] = length & 0xff
  buffer.set(bytes, offset)
  offset += length
}
