import type { Reader } from 'protobufjs/minimal.js'

/** A 64-bit integer: a number while that is exact, otherwise a bigint; `Number(x)` reads either. */
export type Int64 = number | bigint

const TWO_32 = 4_294_967_296

/** A 64-bit value of two halves: a number while that is exact, otherwise a bigint. */
const join = (low: number, high: number, isSigned: boolean): Int64 => {
  const upper = isSigned ? high | 0 : high >>> 0
  if (upper >= -0x200000 && upper < 0x200000) return upper * TWO_32 + (low >>> 0)
  const value = (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0)
  return isSigned ? BigInt.asIntN(64, value) : value
}

/** Reads a varint of up to ten bytes. */
export const readInt64 = (reader: Reader, isSigned: boolean): Int64 => {
  const { buf } = reader
  let low = 0
  let high = 0
  for (let shift = 0; shift < 70; shift += 7) {
    if (reader.pos >= reader.len) throw new RangeError('a number crosses the end')
    const byte = buf[reader.pos]!
    reader.pos += 1
    const bits = byte & 0x7f
    if (shift < 28) low |= bits << shift
    else if (shift === 28) {
      low |= bits << 28
      high |= bits >> 4
    } else if (shift < 63) high |= bits << (shift - 32)
    else high |= bits << 31
    if (byte < 0x80) return join(low, high, isSigned)
  }
  throw new RangeError('a number of more than ten bytes')
}

/** Reads eight little-endian bytes. */
export const readInt64Fixed = (reader: Reader, isSigned: boolean): Int64 => {
  const low = reader.fixed32()
  return join(low, reader.fixed32(), isSigned)
}

/** A value as the writer of the library takes it: a number as it is, a bigint in halves. */
export const toLongBits = (value: Int64): Long | number => {
  if (typeof value === 'number') return value
  const low = Number(BigInt.asIntN(32, value))
  return { low, high: Number(BigInt.asIntN(32, value >> 32n)), unsigned: false } as unknown as Long
}

/** The library's own type for 64-bit values. */
type Long = Exclude<Parameters<import('protobufjs/minimal.js').Writer['uint64']>[0], number | string>

/** Signed values in zigzag form. */
export const zigZag = {
  encode: (value: Int64): Int64 => {
    const wide = BigInt(value)
    return BigInt.asUintN(64, (wide << 1n) ^ (wide >> 63n))
  },
  decode: (value: Int64): Int64 => {
    const wide = BigInt(value)
    const decoded = (wide >> 1n) ^ -(wide & 1n)
    return decoded >= BigInt(Number.MIN_SAFE_INTEGER) && decoded <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(decoded) : decoded
  },
}
