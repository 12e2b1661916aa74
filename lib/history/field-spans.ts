import { HistoryRejected } from '../errors/history-error.ts'

/** Called for each field: the number for a varint, the bytes for a string of bytes. */
export type OnField = (field: number, bytes: Uint8Array | undefined, number: number) => void

/**
 * Goes over one protobuf message that is in memory, one level, in the order of the wire, and builds nothing: what
 * the field holds is a range of the bytes. Numbers beyond 2^53 lose their last bits.
 */
export class FieldCursor {
  field = 0
  /** 2: a string of bytes, from `start` to `end`. */
  wireType = 0
  /** Of a varint. */
  number = 0
  start = 0
  end = 0
  #offset: number

  constructor(
    readonly bytes: Uint8Array,
    readonly from = 0,
    readonly limit: number = bytes.length,
  ) {
    this.#offset = from
  }

  /** Moves to the next field; false at the end. @throws HistoryRejected `malformed` */
  next(): boolean {
    if (this.#offset >= this.limit) return false
    const tag = this.#varint()
    this.wireType = tag % 8
    this.field = (tag - this.wireType) / 8
    if (this.field === 0) fail()
    switch (this.wireType) {
      case 0:
        this.number = this.#varint()
        return true
      case 2: {
        const size = this.#varint()
        if (size > this.limit - this.#offset) fail()
        this.start = this.#offset
        this.#offset += size
        this.end = this.#offset
        return true
      }
      case 1:
      case 5:
        this.#offset += this.wireType === 1 ? 8 : 4
        if (this.#offset > this.limit) fail()
        return true
      default:
        return fail()
    }
  }

  /** What is in the present field, field by field. */
  within(): FieldCursor {
    return new FieldCursor(this.bytes, this.start, this.end)
  }

  #varint(): number {
    const { bytes, limit } = this
    let offset = this.#offset
    let byte = offset < limit ? bytes[offset]! : fail()
    offset += 1
    if (byte < 0x80) {
      this.#offset = offset
      return byte
    }
    let value = byte & 0x7f
    for (let factor = 128, count = 1; count < 10; count += 1, factor *= 128) {
      byte = offset < limit ? bytes[offset]! : fail()
      offset += 1
      value += (byte & 0x7f) * factor
      if (byte < 0x80) {
        this.#offset = offset
        return value
      }
    }
    return fail()
  }
}

/** The same with a call for each field. @throws HistoryRejected `malformed` */
export const walkFields = (bytes: Uint8Array, onField: OnField): void => {
  for (const cursor = new FieldCursor(bytes); cursor.next(); ) {
    const { field, wireType, number, start, end } = cursor
    if (wireType === 0) onField(field, undefined, number)
    else if (wireType === 2) onField(field, bytes.subarray(start, end), 0)
  }
}

const fail = (): never => {
  throw new HistoryRejected('malformed')
}
