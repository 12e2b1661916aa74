import { hkdfSha256 } from '#crypto'

/** Bytes of a hash: 64 numbers of 16 bits, little-endian. */
export const LT_HASH_BYTES = 128

/** The hash of nothing. */
export const EMPTY_LT_HASH: Uint8Array = new Uint8Array(LT_HASH_BYTES)

const INFO = new TextEncoder().encode('WhatsApp Patch Integrity')

const expand = (valueMac: Uint8Array): Uint8Array => hkdfSha256(valueMac, undefined, INFO, LT_HASH_BYTES)

/**
 * A hash of a set that can be added to and taken from in any order (protocol document 08, section 5).
 * Returns a new one.
 */
export const ltHashOf = (base: Uint8Array, { subtract, add }: { readonly subtract: Iterable<Uint8Array>; readonly add: Iterable<Uint8Array> }): Uint8Array => {
  const hash = base.slice()
  for (const valueMac of subtract) change(hash, expand(valueMac), -1)
  for (const valueMac of add) change(hash, expand(valueMac), 1)
  return hash
}

const change = (hash: Uint8Array, item: Uint8Array, sign: 1 | -1): void => {
  for (let i = 0; i < LT_HASH_BYTES; i += 2) {
    const sum = (hash[i]! | (hash[i + 1]! << 8)) + sign * (item[i]! | (item[i + 1]! << 8))
    hash[i] = sum
    hash[i + 1] = sum >> 8
  }
}
