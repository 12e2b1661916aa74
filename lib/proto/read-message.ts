import type { Reader } from 'protobufjs/minimal.js'

import { readInt64, readInt64Fixed, zigZag } from './int64.ts'
import { WIRE, wireTypeOf, type Field, type MessageTable } from './table.ts'
import { unknownFields, type Fields } from './unknown-fields.ts'

/** Deepest nesting that is read. */
const MAX_DEPTH = 100

/**
 * Reads a message up to `end`, into `message` if a part of it came before: single values are replaced,
 * lists and unknown fields continued, messages joined.
 */
export const readMessage = (reader: Reader, table: MessageTable, end: number, depth: number, message: Fields = {}): Fields => {
  if (depth > MAX_DEPTH) throw new RangeError('nested too deep')
  const { byNumber } = table
  while (reader.pos < end) {
    const start = reader.pos
    const tag = reader.tag()
    const field = byNumber[tag >>> 3]
    if (field === undefined) keepUnknown(reader, message, start, tag)
    else if (field.rule === 'single') {
      if (field.tag !== tag) keepUnknown(reader, message, start, tag)
      else if (field.message === undefined) message[field.name] = readScalar(reader, field.kind)
      else {
        const before = message[field.name] as Fields | undefined
        message[field.name] = readMessage(reader, field.message(), readEnd(reader), depth + 1, before)
      }
    } else if (field.tag === tag || (tag & 7) === WIRE.length) readMany(reader, message, field, tag & 7, depth)
    else keepUnknown(reader, message, start, tag)
  }
  if (reader.pos !== end) throw new RangeError('a field crosses the end of its message')
  return message
}

/** A known number in a foreign wire form is an unknown field, too. */
const keepUnknown = (reader: Reader, message: Fields, start: number, tag: number): void => {
  skip(reader, tag)
  const kept = (message[unknownFields] ??= []) as Uint8Array[]
  kept.push(reader.raw(start, reader.pos))
}

const skip = (reader: Reader, tag: number): void => {
  if (tag >>> 3 === 0) throw new RangeError('a field with the number 0')
  // Groups are in no schema of ours; skipping them would recurse.
  if ((tag & 7) === 3 || (tag & 7) === 4) throw new RangeError('a group')
  reader.skipType(tag & 7)
}

/** Lists, whether packed or not, and maps. */
const readMany = (reader: Reader, message: Fields, field: Field, wireType: number, depth: number): void => {
  const { name, kind } = field
  if (field.rule === 'map') {
    readEntry(reader, (message[name] ??= {}) as Record<string, unknown>, field, depth)
    return
  }
  const list = (message[name] ??= []) as unknown[]
  if (field.message) list.push(readMessage(reader, field.message(), readEnd(reader), depth + 1))
  else if (wireType === field.wireType) list.push(readScalar(reader, kind))
  else {
    const end = readEnd(reader)
    while (reader.pos < end) list.push(readScalar(reader, kind))
    if (reader.pos !== end) throw new RangeError('a packed list crosses its end')
  }
}

const readEnd = (reader: Reader): number => {
  const length = reader.size()
  const end = reader.pos + length
  if (end > reader.len) throw new RangeError('a length points behind the end')
  return end
}

const readEntry = (reader: Reader, map: Record<string, unknown>, field: Field, depth: number): void => {
  const end = readEnd(reader)
  const keyTag = (1 << 3) | wireTypeOf(field.keyKind)
  const valueTag = (2 << 3) | wireTypeOf(field.kind)
  let key: unknown
  let value: unknown
  while (reader.pos < end) {
    const tag = reader.tag()
    if (tag === keyTag) key = readScalar(reader, field.keyKind)
    else if (tag !== valueTag) skip(reader, tag)
    else value = field.message ? readMessage(reader, field.message(), readEnd(reader), depth + 1) : readScalar(reader, field.kind)
  }
  if (reader.pos !== end) throw new RangeError('a map entry crosses its end')
  // A key may be `__proto__`.
  Object.defineProperty(map, String(key ?? emptyOf(field.keyKind)), {
    value: value ?? emptyOf(field.kind),
    enumerable: true,
    configurable: true,
    writable: true,
  })
}

/** What an absent half of a map entry means. */
const emptyOf = (kind: string): unknown => {
  switch (kind) {
    case 't':
      return ''
    case 'B':
      return new Uint8Array(0)
    case 'm':
      return {}
    case 'b':
      return false
    default:
      return 0
  }
}

const readScalar = (reader: Reader, kind: string): unknown => {
  switch (kind) {
    case 't':
      return reader.string()
    case 'B':
      return reader.bytes()
    case 'u':
      return reader.uint32()
    case 'e':
    case 'i':
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
