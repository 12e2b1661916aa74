import { codePairs, codes, pairOf, textOfCodes } from '../bytes/short-text.ts'
import { StanzaCodecError } from '../errors/stanza-codec-error.ts'
import { inflate } from './inflate.ts'
import { Jid } from './jid.ts'
import { keepName, keptName } from './name-cache.ts'
import type { Stanza } from './stanza.ts'
import { doubleByteTokens, singleByteTokens } from './tokens.ts'
import {
  AD_JID,
  BINARY_20,
  BINARY_32,
  BINARY_8,
  COMPRESSED,
  FB_JID,
  HEX_8,
  INTEROP_JID,
  JID_PAIR,
  LIST_16,
  LIST_8,
  LIST_EMPTY,
  NIBBLE_8,
} from './wire-tags.ts'

/** Deepest nesting; the root is depth 0 (protocol document 01, section 4). */
export const MAX_DEPTH = 128

/**
 * Nodes and attributes of one stanza together. A compressed frame of 16 KB can hold five million of them; the
 * largest answers to real questions, device lists of thousands of people, hold a third of this.
 */
export const MOST_PARTS = 1 << 19

/** Longest text; longer ones are bytes of some content in the wrong place. */
const MAX_TEXT_BYTES = 1 << 20

/** Leniency of a server towards clients: the server's name of an interop address may be missing. */
export interface DecodeOptions {
  readonly isInteropServerOptional?: boolean
}

/** The plaintext that ends a stream without saying so in a stanza. */
const STREAM_END: Stanza = Object.freeze({ tag: 'xmlstreamend', attrs: Object.freeze({}) })

/**
 * Reads a decrypted frame: flag byte, then one stanza, inflated when the flag says so. Contents are
 * views into the frame (or into what it inflated to): copy what is kept.
 *
 * @throws StanzaCodecError naming what is wrong; nothing is allocated on the word of a count
 */
export const decodeStanza = (plaintext: Uint8Array, options?: DecodeOptions): Stanza => {
  if (plaintext.length === 0) throw new StanzaCodecError('empty_data')
  const isCompressed = (plaintext[0]! & COMPRESSED) !== 0
  if (plaintext.length === 1 && isCompressed) return STREAM_END
  bytes = isCompressed ? inflate(plaintext.subarray(1)) : plaintext
  offset = isCompressed ? 0 : 1
  isLenient = options?.isInteropServerOptional ?? false
  partsLeft = MOST_PARTS
  try {
    const stanza = readStanza(readByte(), 0)
    if (offset < bytes.length) throw new StanzaCodecError('leftover_data', bytes.length - offset)
    return stanza
  } finally {
    bytes = NOTHING
  }
}

// The reader is synchronous and never re-entered, so its place can live outside the functions.
const NOTHING = new Uint8Array(0)
let bytes: Uint8Array = NOTHING
let offset = 0
let isLenient = false
let partsLeft = 0

/** Attributes without a prototype, so that `constructor` and `__proto__` are ordinary names. */
const AttributeMap = function () {} as unknown as { new (): Record<string, string | Jid>; prototype: object }
AttributeMap.prototype = Object.create(null) as object

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const toUtf8 = new TextEncoder()

const readByte = (): number => {
  if (offset >= bytes.length) throw new StanzaCodecError('unexpected_eof')
  return bytes[offset++]!
}

const readTwo = (): number => (readByte() << 8) | readByte()

const take = (length: number): Uint8Array => {
  if (length > bytes.length - offset) throw new StanzaCodecError('unexpected_eof')
  const taken = bytes.subarray(offset, offset + length)
  offset += length
  return taken
}

/** Trusted for nothing: the children are read one by one until the bytes end. */
const readCount = (tag: number): number => (tag === LIST_8 ? readByte() : readTwo())

const readStanza = (listTag: number, depth: number): Stanza => {
  if (depth >= MAX_DEPTH) throw new StanzaCodecError('max_depth_exceeded', depth)
  if (listTag !== LIST_8 && listTag !== LIST_16) throw new StanzaCodecError('invalid_node', listTag)
  const size = readCount(listTag)
  if (size === 0) throw new StanzaCodecError('invalid_node', 0)
  partsLeft -= (size + 1) >> 1
  if (partsLeft < 0) throw new StanzaCodecError('list_too_long', MOST_PARTS)
  const tag = readName(readByte())
  if (tag === undefined || tag === '') throw new StanzaCodecError('invalid_node')
  const attrs = new AttributeMap()
  for (let left = (size - 1) >> 1; left > 0; left -= 1) {
    const name = readName(readByte())
    if (name === undefined) throw new StanzaCodecError('non_string_key')
    attrs[name] = readValue(readByte())
  }
  if ((size & 1) === 1) return { tag, attrs }
  const content = readContent(depth)
  return content === undefined ? { tag, attrs } : { tag, attrs, content }
}

const readContent = (depth: number): readonly Stanza[] | Uint8Array | undefined => {
  const tag = readByte()
  switch (tag) {
    case LIST_EMPTY:
      return undefined
    case LIST_8:
    case LIST_16: {
      const count = readCount(tag)
      if (count === 0) return undefined
      const children: Stanza[] = []
      for (let left = count; left > 0; left -= 1) children.push(readStanza(readByte(), depth + 1))
      return children
    }
    case BINARY_8:
    case BINARY_20:
    case BINARY_32:
      return take(readLength(tag))
    default: {
      // Text that travelled as a token, packed or as an address is bytes to the reader as well.
      const value = readValue(tag)
      return toUtf8.encode(typeof value === 'string' ? value : value.toString())
    }
  }
}

const readLength = (tag: number): number => {
  if (tag === BINARY_8) return readByte()
  if (tag === BINARY_20) return ((readByte() & 0x0f) << 16) | readTwo()
  return readTwo() * 65_536 + readTwo()
}

/** An attribute value: text or an address; the empty list counts as empty text. */
const readValue = (tag: number): string | Jid => {
  switch (tag) {
    case JID_PAIR: {
      const user = readText(readByte()) ?? ''
      const server = readText(readByte())
      if (server === undefined || server === '') throw new StanzaCodecError('invalid_jid')
      return new Jid(user, server)
    }
    case AD_JID: {
      const server = serverOfDomain(readByte())
      const device = readByte()
      return new Jid(readUser(), server, device)
    }
    case FB_JID: {
      const user = readUser()
      const device = readTwo()
      if (readText(readByte()) !== 'msgr') throw new StanzaCodecError('invalid_jid')
      return new Jid(user, 'msgr', device)
    }
    case INTEROP_JID: {
      const user = readUser()
      const device = readTwo()
      const integrator = readTwo()
      if (!(isLenient && !namesInterop()) && readText(readByte()) !== 'interop') throw new StanzaCodecError('invalid_jid')
      return new Jid(`${integrator}-${user}`, 'interop', device)
    }
    default:
      return readText(tag) ?? ''
  }
}

const INTEROP = toUtf8.encode('interop')

/** Whether the next bytes spell the server's name (a client may leave it out). */
const namesInterop = (): boolean =>
  bytes[offset] === BINARY_8 && bytes[offset + 1] === INTEROP.length && INTEROP.every((byte, index) => bytes[offset + 2 + index] === byte)

const readUser = (): string => {
  const user = readText(readByte())
  if (user === undefined) throw new StanzaCodecError('invalid_jid')
  return user
}

/** Bit 7 without bit 0 means hosted, whatever the rest says; the other bytes are unassigned. */
const serverOfDomain = (domain: number): string => {
  switch (domain) {
    case 0:
      return 's.whatsapp.net'
    case 1:
      return 'lid'
    case 129:
      return 'hosted.lid'
    default:
      if ((domain & 0x81) === 0x80) return 'hosted'
      throw new StanzaCodecError('invalid_domain_type', domain)
  }
}

/** Text, or undefined for the empty list. */
const readText = (tag: number): string | undefined => {
  if (tag === LIST_EMPTY) return undefined
  if (tag < 236) return singleByteTokens[tag]!
  if (tag < 240) {
    const word = doubleByteTokens[tag - 236]![readByte()]
    if (word === undefined) throw new StanzaCodecError('invalid_token', tag)
    return word
  }
  switch (tag) {
    case NIBBLE_8:
      return readPacked(NIBBLES, nibblePairs)
    case HEX_8:
      return readPacked(HEX_DIGITS, hexPairs)
    case BINARY_8:
    case BINARY_20:
    case BINARY_32: {
      const length = readLength(tag)
      if (length > MAX_TEXT_BYTES) throw new StanzaCodecError('string_too_long', length)
      return readUtf8(length)
    }
    default:
      throw new StanzaCodecError('invalid_token', tag)
  }
}

/** A tag or the name of an attribute: text that repeats, so one string serves all its places. */
const readName = (tag: number): string | undefined => {
  if (tag !== BINARY_8) return readText(tag)
  const length = readByte()
  if (length > bytes.length - offset) throw new StanzaCodecError('unexpected_eof')
  const start = offset
  const kept = keptName(bytes, start, length)
  if (kept !== undefined) {
    offset += length
    return kept
  }
  const name = readUtf8(length)
  keepName(bytes, start, length, name)
  return name
}

/** Texts up to here are put together by hand when they are ASCII. */
const SHORT_TEXT_BYTES = 32

const readUtf8 = (length: number): string => {
  if (length <= SHORT_TEXT_BYTES && length <= bytes.length - offset) {
    let seen = 0
    for (let index = 0; index < length; index += 1) seen |= codes[index] = bytes[offset + index]!
    if (seen < 128) {
      offset += length
      return textOfCodes(length)
    }
  }
  const text = take(length)
  try {
    return utf8.decode(text)
  } catch (cause) {
    throw new StanzaCodecError('invalid_utf8', undefined, { cause })
  }
}

const NIBBLES = '0123456789-.'
const HEX_DIGITS = '0123456789ABCDEF'

/** The two characters of every byte, 0 for a byte with a half that has none. */
const pairsOf = (digits: string): Uint16Array =>
  Uint16Array.from({ length: 256 }, (_, byte) =>
    byte >> 4 < digits.length && (byte & 0x0f) < digits.length ? pairOf(digits.charCodeAt(byte >> 4), digits.charCodeAt(byte & 0x0f)) : 0,
  )
const nibblePairs = pairsOf(NIBBLES)
const hexPairs = pairsOf(HEX_DIGITS)

const readPacked = (digits: string, pairs: Uint16Array): string => {
  const head = readByte()
  const isOdd = head > 127
  const length = head & 0x7f
  if (length === 0 && isOdd) throw new StanzaCodecError('invalid_packed_length', head)
  if (length > bytes.length - offset) throw new StanzaCodecError('unexpected_eof')
  const whole = isOdd ? length - 1 : length
  for (let index = 0; index < whole; index += 1) {
    const pair = pairs[bytes[offset + index]!]!
    if (pair === 0) throw invalidNibble(bytes[offset + index]!, digits)
    codePairs[index] = pair
  }
  offset += length
  if (!isOdd) return textOfCodes(2 * whole)
  const last = bytes[offset - 1]!
  // The last half byte is dropped whatever it is, but it must be padding or one that exists.
  if (pairs[last & 0xf0] === 0 || ((last & 0x0f) !== 15 && pairs[last] === 0)) throw invalidNibble(last, digits)
  codes[2 * whole] = digits.charCodeAt(last >> 4)
  return textOfCodes(2 * whole + 1)
}

const invalidNibble = (byte: number, digits: string): StanzaCodecError =>
  new StanzaCodecError('invalid_nibble', byte >> 4 >= digits.length ? byte >> 4 : byte & 0x0f)
