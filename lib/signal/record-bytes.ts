import { allocate } from '../bytes/allocate.ts'
import { SignalFailed } from '../errors/signal-error.ts'

/** Writes a stored record of known length: keys of 32 bytes, numbers of 4 bytes big endian, flags of one byte. */
export class RecordWriter {
  readonly bytes: Uint8Array
  readonly #view: DataView
  #offset = 0

  constructor(length: number) {
    this.bytes = allocate(length)
    this.#view = new DataView(this.bytes.buffer, this.bytes.byteOffset, length)
  }

  flag(value: number): this {
    this.bytes[this.#offset] = value
    this.#offset += 1
    return this
  }

  number(value: number): this {
    this.#view.setUint32(this.#offset, value)
    this.#offset += 4
    return this
  }

  key(value: Uint8Array): this {
    this.bytes.set(value, this.#offset)
    this.#offset += 32
    return this
  }
}

/** Reads what {@link RecordWriter} wrote; every method throws `SignalFailed` `malformed` beyond the end. */
export class RecordReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #offset = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  }

  #need(length: number): number {
    const start = this.#offset
    this.#offset += length
    if (this.#offset > this.#bytes.length) throw new SignalFailed('malformed')
    return start
  }

  flag(): number {
    return this.#view.getUint8(this.#need(1))
  }

  number(): number {
    return this.#view.getUint32(this.#need(4))
  }

  key(): Uint8Array {
    return this.#bytes.slice(this.#need(32), this.#offset)
  }

  /** A count of at most `limit`, then as many elements. */
  list<T>(limit: number, read: () => T): readonly T[] {
    const length = this.number()
    if (length > limit) throw new SignalFailed('malformed')
    return Array.from({ length }, read)
  }

  /** Nothing may follow. */
  end(): void {
    if (this.#offset !== this.#bytes.length) throw new SignalFailed('malformed')
  }
}
