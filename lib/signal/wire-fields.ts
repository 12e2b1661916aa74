import { allocate } from '../bytes/allocate.ts'
import { SignalFailed } from '../errors/signal-error.ts'

/** Fields of one protobuf message by number: numbers and byte strings, the last value of each. */
export interface WireFields {
  readonly number: (field: number) => number | undefined
  readonly bytes: (field: number) => Uint8Array | undefined
}

const malformed = (): never => {
  throw new SignalFailed('malformed')
}

/**
 * Reads a small protobuf message strictly: a known field in a foreign wire form makes it malformed,
 * unknown fields are skipped (protocol document 04, section 6). Hand-written because these messages
 * are in every envelope and this is several times faster than a general reader.
 *
 * @param numbers field numbers that hold a `uint32`
 * @param byteStrings field numbers that hold bytes
 * @throws SignalFailed `malformed`
 */
export const readFields = (bytes: Uint8Array, numbers: readonly number[], byteStrings: readonly number[]): WireFields => {
  const foundNumbers: (number | undefined)[] = []
  const foundBytes: (Uint8Array | undefined)[] = []
  let offset = 0

  const varint = (): number => {
    let value = 0
    for (let shift = 0; shift < 70; shift += 7) {
      if (offset >= bytes.length) malformed()
      const byte = bytes[offset]!
      offset += 1
      // Bits above 32 are dropped, as for every uint32.
      if (shift < 28) value |= (byte & 0x7f) << shift
      else if (shift === 28) value |= byte << 28
      if (byte < 0x80) return value >>> 0
    }
    return malformed()
  }
  const take = (length: number): Uint8Array => {
    if (length > bytes.length - offset) malformed()
    const taken = bytes.subarray(offset, offset + length)
    offset += length
    return taken
  }

  while (offset < bytes.length) {
    const tag = varint()
    const field = tag >>> 3
    const wireType = tag & 7
    if (field === 0) malformed()
    const isNumber = numbers.includes(field)
    if (isNumber !== (wireType === 0) && (isNumber || byteStrings.includes(field))) malformed()
    if (wireType === 0) {
      const value = varint()
      if (isNumber) foundNumbers[field] = value
    } else if (wireType === 2) {
      const value = take(varint())
      if (byteStrings.includes(field)) foundBytes[field] = value
    } else if (byteStrings.includes(field)) malformed()
    else if (wireType === 1) take(8)
    else if (wireType === 5) take(4)
    else malformed()
  }
  return { number: (field) => foundNumbers[field], bytes: (field) => foundBytes[field] }
}

/** Writes a small protobuf message; grows by doubling. */
export class WireWriter {
  #bytes = allocate(256)
  #length = 0

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return
    const larger = allocate(Math.max(this.#bytes.length * 2, this.#length + more))
    larger.set(this.#bytes)
    this.#bytes = larger
  }

  /** One byte as it is. */
  byte(value: number): this {
    this.#reserve(1)
    this.#bytes[this.#length] = value
    this.#length += 1
    return this
  }

  #varint(value: number): void {
    this.#reserve(5)
    let rest = value >>> 0
    while (rest > 0x7f) {
      this.#bytes[this.#length] = (rest & 0x7f) | 0x80
      this.#length += 1
      rest >>>= 7
    }
    this.#bytes[this.#length] = rest
    this.#length += 1
  }

  /** A `uint32` field, also when it is zero. */
  number(field: number, value: number): this {
    this.#varint(field << 3)
    this.#varint(value)
    return this
  }

  /** A field of bytes. */
  bytes(field: number, value: Uint8Array): this {
    this.#varint((field << 3) | 2)
    this.#varint(value.length)
    return this.raw(value)
  }

  /** A field that holds a public key in serialized form. */
  key(field: number, publicKey: Uint8Array): this {
    this.#varint((field << 3) | 2)
    this.#varint(33)
    return this.byte(5).raw(publicKey)
  }

  /** Bytes as they are. */
  raw(value: Uint8Array): this {
    this.#reserve(value.length)
    this.#bytes.set(value, this.#length)
    this.#length += value.length
    return this
  }

  /** What was written so far; a view that the next write may change. */
  written(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }
}
