import protobuf, { type Reader, type Writer } from 'protobufjs/minimal.js'

import { ProtoMalformed } from '../errors/proto-error.ts'
import { readInt64, readInt64Fixed, toLongBits, zigZag } from './int64.ts'
import type { Field, MessageTable, Tables } from './table.ts'

/** Reads and writes one message type. */
export interface ProtoCodec<T> {
  /** Name of the type; nested types are joined by `_`. */
  readonly type: string
  /** The bytes of a message: fields in ascending order, what is absent left out, unknown fields last. */
  readonly encode: (message: T) => Uint8Array
  /**
   * Reads a message. Absent fields stay absent; byte fields are views into the input; what this schema
   * does not know is kept under {@link unknownFields} and written back.
   *
   * @throws ProtoMalformed
   */
  readonly decode: (bytes: Uint8Array) => T
}

/** Where a decoded message keeps the fields its type does not have: their wire forms, in order. */
export const unknownFields: unique symbol = Symbol('unknownFields')

/** Deepest nesting. */
const MAX_DEPTH = 100

type Fields = Record<string | symbol, unknown>

/** The codec of one type in a set of tables. */
export const codecOf = <T>(type: string, tables: Tables): ProtoCodec<T> => ({
  type,
  encode: (message) => {
    const writer = protobuf.Writer.create()
    writeMessage(writer, tables(type), message as Fields)
    return plain(writer.finish())
  },
  decode: (bytes) => {
    try {
      const reader = protobuf.Reader.create(bytes)
      return readMessage(reader, tables(type), reader.len, 0) as T
    } catch (cause) {
      throw new ProtoMalformed(type, { cause })
    }
  },
})

/** The library hands out `Buffer` on Node; nobody else shall see one. */
const plain = (bytes: Uint8Array): Uint8Array =>
  bytes.constructor === Uint8Array ? bytes : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)

const WIRE_VARINT = 0
const WIRE_64 = 1
const WIRE_LENGTH = 2
const WIRE_32 = 5

const readMessage = (reader: Reader, table: MessageTable, end: number, depth: number): Fields => {
  if (depth > MAX_DEPTH) throw new RangeError('nested too deep')
  const message: Fields = {}
  const { byNumber } = table
  while (reader.pos < end) {
    const start = reader.pos
    const tag = reader.uint32()
    const field = byNumber[tag >>> 3]
    if (field === undefined || !fits(field, tag & 7)) keepUnknown(reader, message, start, tag & 7)
    else readField(reader, message, field, tag & 7, depth)
  }
  if (reader.pos !== end) throw new RangeError('a field crosses the end of its message')
  return message
}

/** A known number with a foreign wire form is an unknown field. */
const fits = (field: Field, wireType: number): boolean =>
  wireTypeOf(field.kind) === wireType || (wireType === WIRE_LENGTH && field.rule !== 'single')

const wireTypeOf = (kind: string): number => {
  switch (kind) {
    case 't':
    case 'B':
    case 'm':
      return WIRE_LENGTH
    case 'd':
    case 'X':
    case 'Z':
      return WIRE_64
    case 'f':
    case 'x':
    case 'z':
      return WIRE_32
    default:
      return WIRE_VARINT
  }
}

const keepUnknown = (reader: Reader, message: Fields, start: number, wireType: number): void => {
  // Groups are in no schema of ours; skipping them would recurse.
  if (wireType === 3 || wireType === 4) throw new RangeError('a group')
  reader.skipType(wireType)
  const kept = (message[unknownFields] ??= []) as Uint8Array[]
  kept.push(plain(reader.buf.slice(start, reader.pos)))
}

const readField = (reader: Reader, message: Fields, field: Field, wireType: number, depth: number): void => {
  const { name, kind, rule } = field
  if (rule === 'single') {
    if (kind === 'm') {
      const end = readEnd(reader)
      const value = readMessage(reader, field.message!(), end, depth + 1)
      // A message that comes in parts is one message.
      const before = message[name] as Fields | undefined
      message[name] = before ? { ...before, ...value } : value
    } else message[name] = readScalar(reader, kind)
    return
  }
  if (rule === 'map') {
    readEntry(reader, (message[name] ??= {}) as Record<string, unknown>, field, depth)
    return
  }
  const list = (message[name] ??= []) as unknown[]
  if (kind === 'm') list.push(readMessage(reader, field.message!(), readEnd(reader), depth + 1))
  else if (wireType === WIRE_LENGTH && wireTypeOf(kind) !== WIRE_LENGTH) {
    const end = readEnd(reader)
    while (reader.pos < end) list.push(readScalar(reader, kind))
    if (reader.pos !== end) throw new RangeError('a packed list crosses its end')
  } else list.push(readScalar(reader, kind))
}

const readEnd = (reader: Reader): number => {
  const length = reader.uint32()
  const end = reader.pos + length
  if (end > reader.len) throw new RangeError('a length points behind the end')
  return end
}

const readEntry = (reader: Reader, map: Record<string, unknown>, field: Field, depth: number): void => {
  const end = readEnd(reader)
  let key: unknown = ''
  let value: unknown
  while (reader.pos < end) {
    const tag = reader.uint32()
    if (tag >>> 3 === 1) key = readScalar(reader, field.keyKind)
    else if (tag >>> 3 === 2)
      value = field.message ? readMessage(reader, field.message(), readEnd(reader), depth + 1) : readScalar(reader, field.kind)
    else reader.skipType(tag & 7)
  }
  Object.defineProperty(map, String(key), { value, enumerable: true, configurable: true, writable: true })
}

const readScalar = (reader: Reader, kind: string): unknown => {
  switch (kind) {
    case 't':
      return reader.string()
    case 'B':
      return plain(reader.bytes())
    case 'u':
      return reader.uint32()
    case 'i':
    case 'e':
      return reader.int32()
    case 'b':
      return reader.bool()
    case 'U':
      return readInt64(reader, false)
    case 'I':
      return readInt64(reader, true)
    case 'S':
      return zigZag.decode(readInt64(reader, false))
    case 'X':
      return readInt64Fixed(reader, false)
    case 'Z':
      return readInt64Fixed(reader, true)
    case 's':
      return reader.sint32()
    case 'x':
      return reader.fixed32()
    case 'z':
      return reader.sfixed32()
    case 'f':
      return reader.float()
    default:
      return reader.double()
  }
}

const writeMessage = (writer: Writer, table: MessageTable, message: Fields): void => {
  for (const field of table.fields) {
    const value = message[field.name]
    if (value !== undefined && value !== null) writeField(writer, field, value)
  }
  const unknown = message[unknownFields] as readonly Uint8Array[] | undefined
  if (unknown) for (const bytes of unknown) writer.raw(bytes)
}

const writeField = (writer: Writer, field: Field, value: unknown): void => {
  const { number, kind, rule } = field
  switch (rule) {
    case 'single':
      writeOne(writer, field, value)
      return
    case 'repeated':
      for (const item of value as readonly unknown[]) writeOne(writer, field, item)
      return
    case 'packed': {
      const list = value as readonly unknown[]
      if (list.length === 0) return
      writer.uint32((number << 3) | WIRE_LENGTH).fork()
      for (const item of list) writeScalar(writer, kind, item)
      writer.ldelim()
      return
    }
    case 'map':
      for (const [key, item] of Object.entries(value as Readonly<Record<string, unknown>>)) {
        writer.uint32((number << 3) | WIRE_LENGTH).fork()
        writer.uint32((1 << 3) | wireTypeOf(field.keyKind))
        writeScalar(writer, field.keyKind, field.keyKind === 't' ? key : Number(key))
        writeOne(writer, { ...field, number: 2 }, item)
        writer.ldelim()
      }
  }
}

const writeOne = (writer: Writer, field: Field, value: unknown): void => {
  const { number, kind } = field
  writer.uint32(((number << 3) | wireTypeOf(kind)) >>> 0)
  if (kind !== 'm') {
    writeScalar(writer, kind, value)
    return
  }
  writer.fork()
  writeMessage(writer, field.message!(), value as Fields)
  writer.ldelim()
}

const writeScalar = (writer: Writer, kind: string, value: unknown): void => {
  switch (kind) {
    case 't':
      writer.string(value as string)
      return
    case 'B':
      writer.bytes(value as Uint8Array)
      return
    case 'u':
      writer.uint32(value as number)
      return
    case 'i':
    case 'e':
      writer.int32(value as number)
      return
    case 'b':
      writer.bool(value as boolean)
      return
    case 'U':
    case 'I':
      writer.uint64(toLongBits(value as number | bigint))
      return
    case 'S':
      writer.uint64(toLongBits(zigZag.encode(value as number | bigint)))
      return
    case 'X':
    case 'Z':
      writer.fixed64(toLongBits(value as number | bigint))
      return
    case 's':
      writer.sint32(value as number)
      return
    case 'x':
      writer.fixed32(value as number)
      return
    case 'z':
      writer.sfixed32(value as number)
      return
    case 'f':
      writer.float(value as number)
      return
    default:
      writer.double(value as number)
  }
}
