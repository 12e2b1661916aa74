/**
 * SHA-256, HMAC and HKDF for the short inputs of the ratchets. A call into a native library costs more
 * than the one or two blocks it hashes there, so this is several times faster than any backend.
 * Integer operations only: the time depends on the lengths alone.
 */

const ROUNDS = Int32Array.of(
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be,
  0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa,
  0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
  0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
  0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f,
  0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
)

const START = Int32Array.of(0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19)

const BLOCK = 64
const DIGEST = 32
const INNER = 0x36363636
const OUTER = 0x5c5c5c5c

/** The longest message that takes this way; above it native code has caught up. */
export const SMALL_MESSAGE = 183

/** The longest key: one block, longer ones would have to be hashed first. */
export const SMALL_KEY = BLOCK

// Working memory: every call writes all it reads. The keys in it live in the ratchets of the callers as well.
const words = new Int32Array(BLOCK)
const message = new Uint8Array(4 * BLOCK)
const view = new DataView(message.buffer)
const inner = new Int32Array(8)
const outer = new Int32Array(8)
const digest = new Int32Array(8)

/** Runs the block in the first sixteen `words` over `from`. */
const compress = (from: Int32Array, into: Int32Array): void => {
  for (let i = 16; i < 64; i += 1) {
    const x = words[i - 15]!
    const y = words[i - 2]!
    const sigma0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)
    const sigma1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10)
    words[i] = (words[i - 16]! + sigma0 + words[i - 7]! + sigma1) | 0
  }
  let a = from[0]!
  let b = from[1]!
  let c = from[2]!
  let d = from[3]!
  let e = from[4]!
  let f = from[5]!
  let g = from[6]!
  let h = from[7]!
  for (let i = 0; i < 64; i += 1) {
    const sum1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))
    const first = (h + sum1 + (g ^ (e & (f ^ g))) + ROUNDS[i]! + words[i]!) | 0
    const sum0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))
    const second = (sum0 + ((a & b) ^ (c & (a ^ b)))) | 0
    h = g
    g = f
    f = e
    e = (d + first) | 0
    d = c
    c = b
    b = a
    a = (first + second) | 0
  }
  into[0] = (from[0]! + a) | 0
  into[1] = (from[1]! + b) | 0
  into[2] = (from[2]! + c) | 0
  into[3] = (from[3]! + d) | 0
  into[4] = (from[4]! + e) | 0
  into[5] = (from[5]! + f) | 0
  into[6] = (from[6]! + g) | 0
  into[7] = (from[7]! + h) | 0
}

const loadBlock = (offset: number): void => {
  for (let i = 0; i < 16; i += 1) words[i] = view.getInt32(offset + i * 4)
}

/** Prepares `inner` and `outer` for a key in the first block of `message`. */
const padKey = (): void => {
  for (let i = 0; i < 16; i += 1) words[i] = view.getInt32(i * 4) ^ INNER
  compress(START, inner)
  for (let i = 0; i < 16; i += 1) words[i] = view.getInt32(i * 4) ^ OUTER
  compress(START, outer)
}

const setKey = (key: Uint8Array): void => {
  message.set(key)
  for (let i = key.length; i < BLOCK; i += 1) message[i] = 0
  padKey()
}

/** The HMAC of the first `length` bytes of `message`, in `digest`. */
const authenticate = (length: number): void => {
  const blocks = (length + 9 + BLOCK - 1) >> 6
  const end = blocks * BLOCK
  message[length] = 0x80
  for (let i = length + 1; i < end - 2; i += 1) message[i] = 0
  const bits = (BLOCK + length) * 8
  message[end - 2] = bits >>> 8
  message[end - 1] = bits
  let state = inner
  for (let offset = 0; offset < end; offset += BLOCK) {
    loadBlock(offset)
    compress(state, digest)
    state = digest
  }
  for (let i = 0; i < 8; i += 1) words[i] = digest[i]!
  words[8] = 0x80000000
  for (let i = 9; i < 15; i += 1) words[i] = 0
  words[15] = (BLOCK + DIGEST) * 8
  compress(outer, digest)
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

/** HMAC-SHA256 of the joined parts: a key of at most `SMALL_KEY`, parts of together at most `SMALL_MESSAGE` bytes. */
export const smallHmacSha256 = (key: Uint8Array, parts: readonly Uint8Array[]): Uint8Array => {
  setKey(key)
  let length = 0
  for (const part of parts) {
    message.set(part, length)
    length += part.length
  }
  authenticate(length)
  const mac = new Uint8Array(DIGEST)
  writeDigest(mac, 0)
  return mac
}

// An absent salt is 32 zero bytes, and by far the commonest: its two states are worked out once.
setKey(new Uint8Array(DIGEST))
const noSaltInner = inner.slice()
const noSaltOuter = outer.slice()

/** Whether an HKDF is small enough; the rest of the last block and the counter go with the info. */
export const isSmallHkdf = (input: Uint8Array, salt: Uint8Array | undefined, info: Uint8Array): boolean =>
  input.length <= SMALL_MESSAGE && (salt?.length ?? 0) <= SMALL_KEY && info.length < SMALL_MESSAGE - DIGEST

/** HKDF-SHA256 (RFC 5869) of inputs for which `isSmallHkdf` holds. */
export const smallHkdfSha256 = (input: Uint8Array, salt: Uint8Array | undefined, info: Uint8Array, length: number): Uint8Array => {
  if (salt) setKey(salt)
  else {
    inner.set(noSaltInner)
    outer.set(noSaltOuter)
  }
  message.set(input)
  authenticate(input.length)
  writeDigest(message, 0)
  for (let i = DIGEST; i < BLOCK; i += 1) message[i] = 0
  padKey()
  const output = new Uint8Array(Math.ceil(length / DIGEST) * DIGEST)
  for (let block = 0, offset = 0; offset < length; block += 1, offset += DIGEST) {
    const carried = block === 0 ? 0 : DIGEST
    if (carried > 0) writeDigest(message, 0)
    message.set(info, carried)
    message[carried + info.length] = block + 1
    authenticate(carried + info.length + 1)
    writeDigest(output, offset)
  }
  return output.subarray(0, length)
}
