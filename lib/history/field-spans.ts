import { HistoryRejected } from '../errors/history-error.ts'

/** Called for each field: the number for a varint, the bytes for a string of bytes. */
export type OnField = (field: number, bytes: Uint8Array | undefined, number: number) => void

const NO_BYTES = undefined

/**
 * Walks over one protobuf message that is in memory, without building anything: one level, in the order of the
 * wire. Numbers beyond 2^53 lose their last bits.
 *
 * @throws HistoryRejected `malformed`
 */
export const walkFields = (bytes: Uint8Array, onField: OnField): void => {
  const { length } = bytes
  let offset = 0

  const varint = (): number => {
    let byte = offset < length ? bytes[offset]! : fail()
    offset += 1
    if (byte < 0x80) return byte
    let value = byte & 0x7f
    for (let factor = 128, count = 1; count < 10; count += 1, factor *= 128) {
      byte = offset < length ? bytes[offset]! : fail()
      offset += 1
      value += (byte & 0x7f) * factor
      if (byte < 0x80) return value
    }
    return fail()
  }

  while (offset < length) {
    const tag = varint()
    const wireType = tag % 8
    const field = (tag - wireType) / 8
    if (field === 0) fail()
    if (wireType === 0) onField(field, NO_BYTES, varint())
    else if (wireType === 2) {
      const size = varint()
      if (size > length - offset) fail()
      const start = offset
      offset += size
      onField(field, bytes.subarray(start, offset), 0)
    } else if (wireType === 1 || wireType === 5) {
      offset += wireType === 1 ? 8 : 4
      if (offset > length) fail()
    } else fail()
  }
}

const fail = (): never => {
  throw new HistoryRejected('malformed')
}
