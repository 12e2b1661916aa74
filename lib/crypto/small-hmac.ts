import { allocate } from '../bytes/allocate.ts'
import { compress } from './sha256-block.ts'

/*
 * SHA-256, HMAC and HKDF with it, for the short inputs of the ratchets. A call into a native library costs more
 * than the few blocks it hashes there, so this is faster than any backend.
 */

const START = Int32Array.of(0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19)

const BLOCK = 64
const DIGEST = 32
const INNER = 0x36363636
const OUTER = 0x5c5c5c5c

/** The longest message that takes this way; above it native code has caught up. */
export const SMALL_MESSAGE = 439

/** The longest key: one block, longer ones would have to be hashed first. */
export const SMALL_KEY = BLOCK

// Working memory: every call writes all it reads. The keys in it live in the ratchets of the callers as well.
const words = new Int32Array(16)
const message = new Uint8Array(7 * BLOCK)
const view = new DataView(message.buffer)
const inner = new Int32Array(8)
const outer = new Int32Array(8)
const digest = new Int32Array(8)

const loadBlock = (offset: number): void => {
  for (let i = 0; i < 16; i += 1) words[i] = view.getInt32(offset + i * 4)
}

/** Prepares `inner` and `outer` for a key in the first block of `message`. */
const padKey = (): void => {
  for (let i = 0; i < 16; i += 1) words[i] = view.getInt32(i * 4) ^ INNER
  compress(words, START, inner)
  for (let i = 0; i < 16; i += 1) words[i] = view.getInt32(i * 4) ^ OUTER
  compress(words, START, outer)
}

const setKey = (key: Uint8Array): void => {
  message.set(key)
  for (let i = key.length; i < BLOCK; i += 1) message[i] = 0
  padKey()
}

/** The hash of the first `length` bytes of `message`, in `digest`: from a state on that `hashed` bytes led to. */
const hash = (length: number, start: Int32Array, hashed: number): void => {
  const blocks = (length + 9 + BLOCK - 1) >> 6
  const end = blocks * BLOCK
  message[length] = 0x80
  for (let i = length + 1; i < end - 2; i += 1) message[i] = 0
  const bits = (hashed + length) * 8
  message[end - 2] = bits >>> 8
  message[end - 1] = bits
  let state = start
  for (let offset = 0; offset < end; offset += BLOCK) {
    loadBlock(offset)
    compress(words, state, digest)
    state = digest
  }
}

/** The HMAC of the first `length` bytes of `message`, in `digest`. */
const authenticate = (length: number): void => {
  hash(length, inner, BLOCK)
  finishMac()
}

/** The outer hash of the inner one in `digest`. */
const finishMac = (): void => {
  for (let i = 0; i < 8; i += 1) words[i] = digest[i]!
  words[8] = 0x80000000
  for (let i = 9; i < 15; i += 1) words[i] = 0
  words[15] = (BLOCK + DIGEST) * 8
  compress(words, outer, digest)
}

const writeDigest = (into: Uint8Array, offset: number): void => {
  for (let i = 0; i < 8; i += 1) {
    const word = digest[i]!
    const at = offset + i * 4
    into[at] = word >>> 24
    into[at + 1] = word >>> 16
    into[at + 2] = word >>> 8
    into[at + 3] = word
  }
}

const currentDigest = (): Uint8Array => {
  const bytes = new Uint8Array(DIGEST)
  writeDigest(bytes, 0)
  return bytes
}

/** Puts the parts into `message`; their length. */
const setMessage = (parts: readonly Uint8Array[]): number => {
  let length = 0
  for (const part of parts) {
    message.set(part, length)
    length += part.length
  }
  return length
}

/** SHA-256 of parts of together at most `SMALL_MESSAGE` bytes. */
export const smallSha256 = (parts: readonly Uint8Array[]): Uint8Array => {
  hash(setMessage(parts), START, 0)
  return currentDigest()
}

/** HMAC-SHA256 of two single bytes under one key of at most `SMALL_KEY` bytes; the key is prepared once. */
export const smallHmacSha256OfTwo = (key: Uint8Array, first: number, second: number): readonly [Uint8Array, Uint8Array] => {
  setKey(key)
  message[0] = first
  authenticate(1)
  const mac = currentDigest()
  message[0] = second
  authenticate(1)
  return [mac, currentDigest()]
}

/** HMAC-SHA256 of the joined parts: a key of at most `SMALL_KEY`, parts of together at most `SMALL_MESSAGE` bytes. */
export const smallHmacSha256 = (key: Uint8Array, parts: readonly Uint8Array[]): Uint8Array => {
  setKey(key)
  authenticate(setMessage(parts))
  return currentDigest()
}

// An absent salt is 32 zero bytes, and by far the commonest: its two states are worked out once.
setKey(new Uint8Array(DIGEST))
const noSaltInner = inner.slice()
const noSaltOuter = outer.slice()

/** HKDF counts its blocks in one byte. */
const LONGEST_OUTPUT = 255 * DIGEST

/** Whether an HKDF is small enough; the rest of the last block and the counter go with the info. */
export const isSmallHkdf = (input: Uint8Array, salt: Uint8Array | undefined, info: Uint8Array, length: number): boolean =>
  input.length <= SMALL_MESSAGE &&
  (salt?.length ?? 0) <= SMALL_KEY &&
  info.length < SMALL_MESSAGE - DIGEST &&
  length <= LONGEST_OUTPUT

/** HKDF-SHA256 (RFC 5869) of inputs for which `isSmallHkdf` holds. */
export const smallHkdfSha256 = (input: Uint8Array, salt: Uint8Array | undefined, info: Uint8Array, length: number): Uint8Array => {
  if (salt) setKey(salt)
  else {
    inner.set(noSaltInner)
    outer.set(noSaltOuter)
  }
  message.set(input)
  authenticate(input.length)
  keyFromDigest()
  const output = allocate(Math.ceil(length / DIGEST) * DIGEST)
  if (info.length % 4 === 0 && info.length <= MOST_WORDS * 4) expandByWords(info, length, output)
  else expand(info, length, output)
  return output.subarray(0, length)
}

/** What was just hashed is the key from here on. */
const keyFromDigest = (): void => {
  for (let i = 0; i < 8; i += 1) words[i] = digest[i]! ^ INNER
  words.fill(INNER, 8)
  compress(words, START, inner)
  for (let i = 0; i < 8; i += 1) words[i] = digest[i]! ^ OUTER
  words.fill(OUTER, 8)
  compress(words, START, outer)
}

const expand = (info: Uint8Array, length: number, output: Uint8Array): void => {
  for (let block = 0, offset = 0; offset < length; block += 1, offset += DIGEST) {
    const carried = block === 0 ? 0 : DIGEST
    if (carried > 0) writeDigest(message, 0)
    message.set(info, carried)
    message[carried + info.length] = block + 1
    authenticate(carried + info.length + 1)
    writeDigest(output, offset)
  }
}

/** Info of so many words leaves room for the counter in the block that carries the last digest. */
const MOST_WORDS = 7
const infoWords = new Int32Array(MOST_WORDS)

/** The same without a way over bytes: a hash of the app state does it for every entry. */
const expandByWords = (info: Uint8Array, length: number, output: Uint8Array): void => {
  const count = info.length >> 2
  for (let i = 0, at = 0; i < count; i += 1, at += 4) infoWords[i] = (info[at]! << 24) | (info[at + 1]! << 16) | (info[at + 2]! << 8) | info[at + 3]!
  for (let block = 1, offset = 0; offset < length; block += 1, offset += DIGEST) {
    const carried = block === 1 ? 0 : 8
    for (let i = 0; i < carried; i += 1) words[i] = digest[i]!
    for (let i = 0; i < count; i += 1) words[carried + i] = infoWords[i]!
    const used = carried + count
    // The counter is a byte; the bit that ends a message follows it.
    words[used] = (block << 24) | 0x800000
    for (let i = used + 1; i < 16; i += 1) words[i] = 0
    const bits = (BLOCK + used * 4 + 1) * 8
    if (used < 14) {
      words[15] = bits
      compress(words, inner, digest)
    } else {
      compress(words, inner, digest)
      words.fill(0)
      words[15] = bits
      compress(words, digest, digest)
    }
    finishMac()
    writeDigest(output, offset)
  }
}
