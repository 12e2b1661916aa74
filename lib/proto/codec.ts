import protobuf from 'protobufjs/minimal.js'

import { ProtoMalformed } from '../errors/proto-error.ts'
import { readMessage } from './read-message.ts'
import type { Tables } from './table.ts'
import type { Fields } from './unknown-fields.ts'
import { writeMessage } from './write-message.ts'

export { unknownFields } from './unknown-fields.ts'

/** Reads and writes one message type. */
export interface ProtoCodec<T> {
  /** Name of the type; nested types are joined by `_`. */
  readonly type: string
  /**
   * The bytes of a message: fields in ascending order, what is absent left out, what is present written
   * even if it is zero, false or empty, unknown fields last.
   *
   * @throws ProtoMalformed when a value is of another kind than its field, or messages nest without end
   */
  readonly encode: (message: T) => Uint8Array
  /**
   * Reads a message. Absent fields stay absent; byte fields are views into the input, so copy what must
   * outlive or must not follow it; what this schema does not know is kept under {@link unknownFields} and
   * written back. Of a single value that comes twice the last one counts, messages in parts are joined.
   * Text that is no UTF-8 is read with replacement characters.
   *
   * @throws ProtoMalformed when the bytes are cut, hold a group or a field 0, or nest deeper than 100
   */
  readonly decode: (bytes: Uint8Array) => T
}

/** The codec of one type in a set of tables. */
export const codecOf = <T>(type: string, tables: Tables): ProtoCodec<T> => ({
  type,
  encode: (message) => {
    try {
      const writer = protobuf.Writer.create()
      writeMessage(writer, tables(type), message as Fields)
      // `finish` would copy; the writer is not used again, so its bytes can be given away.
      return new Uint8Array(writer.buf.buffer, writer.buf.byteOffset, writer.pos)
    } catch (cause) {
      throw new ProtoMalformed(type, { cause })
    }
  },
  decode: (bytes) => {
    try {
      const reader = new protobuf.Reader(plain(bytes))
      return readMessage(reader, tables(type), reader.len, 0) as T
    } catch (cause) {
      throw new ProtoMalformed(type, { cause })
    }
  },
})

/** Callers may pass a `Buffer`; the views in the message shall be none. */
const plain = (bytes: Uint8Array): Uint8Array =>
  bytes.constructor === Uint8Array ? bytes : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
