import { allocate } from './allocate.ts'
import { codePairs, codes, pairOf, textOfCodes } from './short-text.ts'

/** Joins byte arrays into one. */
export const concat = (...parts: readonly Uint8Array[]): Uint8Array => {
  let length = 0
  for (const part of parts) length += part.length
  const joined = allocate(length)
  let offset = 0
  for (const part of parts) {
    joined.set(part, offset)
    offset += part.length
  }
  return joined
}

/** Byte for byte equality in a time that depends on the lengths only. */
export const equalBytes = (left: Uint8Array, right: Uint8Array): boolean => {
  if (left.length !== right.length) return false
  let difference = 0
  for (let index = 0; index < left.length; index += 1) difference |= left[index]! ^ right[index]!
  return difference === 0
}

const HEX_DIGITS = '0123456789abcdef'
const hexPairs = Uint16Array.from({ length: 256 }, (_, byte) => pairOf(HEX_DIGITS.charCodeAt(byte >> 4), HEX_DIGITS.charCodeAt(byte & 15)))

/** Lower-case hex. Not added up digit by digit: as the key of a map such a text would stay a chain of its pieces. */
export const toHex = (bytes: Uint8Array): string => {
  let text = ''
  for (let start = 0; start < bytes.length; start += codePairs.length) {
    const length = Math.min(bytes.length - start, codePairs.length)
    for (let index = 0; index < length; index += 1) codePairs[index] = hexPairs[bytes[start + index]!]!
    text += textOfCodes(length * 2)
  }
  return text
}

/** Bytes of a hex text of even length; throws a `RangeError` on anything else. */
export const fromHex = (text: string): Uint8Array => {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(text)) throw new RangeError('not a hex text')
  const bytes = new Uint8Array(text.length / 2)
  for (let index = 0; index < bytes.length; index += 1) bytes[index] = parseInt(text.slice(index * 2, index * 2 + 2), 16)
  return bytes
}

/** An unsigned integer in `length` bytes, big endian. */
export const bigEndian = (value: number, length: number): Uint8Array => {
  const bytes = new Uint8Array(length)
  for (let index = length - 1, rest = value; index >= 0; index -= 1, rest = Math.floor(rest / 256)) bytes[index] = rest % 256
  return bytes
}

/** Reads a big-endian unsigned integer of up to six bytes. */
export const fromBigEndian = (bytes: Uint8Array): number => bytes.reduce((value, byte) => value * 256 + byte, 0)

const base64Alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Standard base64 with padding. */
export const toBase64 = (bytes: Uint8Array): string => {
  let text = ''
  let length = 0
  for (let index = 0; index < bytes.length; index += 3) {
    const group = (bytes[index]! << 16) | ((bytes[index + 1] ?? 0) << 8) | (bytes[index + 2] ?? 0)
    const rest = bytes.length - index
    codes[length] = base64Alphabet.charCodeAt(group >> 18)
    codes[length + 1] = base64Alphabet.charCodeAt((group >> 12) & 63)
    codes[length + 2] = rest > 1 ? base64Alphabet.charCodeAt((group >> 6) & 63) : PADDING
    codes[length + 3] = rest > 2 ? base64Alphabet.charCodeAt(group & 63) : PADDING
    length += 4
    if (length < codes.length) continue
    text += textOfCodes(length)
    length = 0
  }
  return text + textOfCodes(length)
}

const PADDING = '='.charCodeAt(0)

/** Bytes of a base64 text, standard or URL alphabet, with or without padding; undefined when it is none. */
export const fromBase64 = (text: string): Uint8Array | undefined => {
  const body = text.replace(/-/g, '+').replace(/_/g, '/').replace(/={1,2}$/, '')
  if (!/^[A-Za-z0-9+/]*$/.test(body) || body.length % 4 === 1) return undefined
  const bytes = new Uint8Array((body.length * 3) >> 2)
  let bits = 0
  let held = 0
  let offset = 0
  for (const character of body) {
    bits = ((bits << 6) | base64Alphabet.indexOf(character)) & 0xffffff
    held += 6
    if (held >= 8) {
      held -= 8
      bytes[offset++] = (bits >> held) & 0xff
    }
  }
  return bytes
}

const encoder = new TextEncoder()

/** UTF-8 bytes of a text. */
export const utf8 = (text: string): Uint8Array => encoder.encode(text)
