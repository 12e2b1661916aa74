/** Type byte of an X25519 key in serialized form. */
export const KEY_TYPE = 5

/** The 33-byte form: type byte, then the raw key. */
export const serializeKey = (publicKey: Uint8Array): Uint8Array => {
  const serialized = new Uint8Array(33)
  serialized[0] = KEY_TYPE
  serialized.set(publicKey, 1)
  return serialized
}

/** The raw key of a serialized one (33 bytes with type 5, or 32 raw); undefined for anything else. */
export const rawKey = (bytes: Uint8Array): Uint8Array | undefined => {
  if (bytes.length === 33 && bytes[0] === KEY_TYPE) return bytes.slice(1)
  return bytes.length === 32 ? bytes.slice() : undefined
}
