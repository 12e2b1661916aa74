const P = 2n ** 255n - 19n

const fromLittleEndian = (bytes: Uint8Array): bigint => {
  let value = 0n
  for (let index = bytes.length - 1; index >= 0; index -= 1) value = (value << 8n) | BigInt(bytes[index]!)
  return value
}

const toLittleEndian = (value: bigint): Uint8Array => {
  const bytes = new Uint8Array(32)
  for (let index = 0, rest = value; index < 32; index += 1, rest >>= 8n) bytes[index] = Number(rest & 0xffn)
  return bytes
}

const mod = (value: bigint): bigint => ((value % P) + P) % P

/** Inverse by Euclid; public keys only, so its time may depend on the value. */
const invert = (value: bigint): bigint => {
  let [low, high] = [mod(value), P]
  let [x, y] = [1n, 0n]
  while (low !== 0n) {
    const quotient = high / low
    ;[low, high] = [high - quotient * low, low]
    ;[x, y] = [y - quotient * x, x]
  }
  return mod(y)
}

/** Public keys whose order is small; every signature rule differs on them, so they are refused (protocol document 02, section 1.6). */
const LOW_ORDER: ReadonlySet<bigint> = new Set([
  0n,
  1n,
  P - 1n,
  325606250916557431795983626356110631294008115727848805560023387167927233504n,
  39382357235489614581723060781553021112529911719440698176882885853963445705823n,
])

/**
 * The Ed25519 form of an X25519 public key, with sign bit 0: y = (u−1)/(u+1). Undefined for keys that
 * never verify: u = −1 and those of low order.
 */
export const edwardsOf = (publicKey: Uint8Array): Uint8Array | undefined => edwardsOfAll([publicKey])[0]

/** The same for many keys with one inversion between them, which is nearly all of the work (Montgomery's trick). */
export const edwardsOfAll = (publicKeys: readonly Uint8Array[]): ReadonlyArray<Uint8Array | undefined> => {
  const us = publicKeys.map((key) => {
    const u = (fromLittleEndian(key) & ((1n << 255n) - 1n)) % P
    return LOW_ORDER.has(u) ? undefined : u
  })
  /** Each the product of all before it. */
  const products: bigint[] = []
  let product = 1n
  for (const u of us) {
    products.push(product)
    if (u !== undefined) product = (product * (u + 1n)) % P
  }
  let inverse = invert(product)
  const edwards: Array<Uint8Array | undefined> = us.map(() => undefined)
  for (let index = us.length - 1; index >= 0; index -= 1) {
    const u = us[index]
    if (u === undefined) continue
    edwards[index] = toLittleEndian(mod((u - 1n) * ((inverse * products[index]!) % P)))
    inverse = (inverse * (u + 1n)) % P
  }
  return edwards
}

/** The X25519 form of an Ed25519 public key: u = (1+y)/(1−y), whatever the sign. */
export const montgomeryOf = (edwards: Uint8Array): Uint8Array => {
  const y = fromLittleEndian(edwards) & ((1n << 255n) - 1n)
  return toLittleEndian(mod((1n + y) * invert(1n - y)))
}

/** Clamps 32 bytes to an X25519 private key, in place. */
export const clamp = (scalar: Uint8Array): Uint8Array => {
  scalar[0]! &= 0xf8
  scalar[31] = (scalar[31]! & 0x7f) | 0x40
  return scalar
}
