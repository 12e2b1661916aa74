import type { Writer } from 'protobufjs/minimal.js'

import { toLongBits, zigZag, type Int64 } from './int64.ts'
import { WIRE, wireTypeOf, type Field, type MessageTable } from './table.ts'
import { unknownFields, type Fields } from './unknown-fields.ts'

/**
 * Writes what is present, in ascending order of the numbers, then the unknown fields. It walks the
 * properties of the message, not the fields of its type: `Message` has a hundred and carries two or three.
 */
export const writeMessage = (writer: Writer, table: MessageTable, message: Fields): void => {
  if (typeof message !== 'object') throw new TypeError(`a ${table.name} is an object`)
  const { byName } = table
  const present: Field[] = []
  for (const name of Object.keys(message)) {
    const field = byName.get(name)
    if (field === undefined || message[name] == null) continue
    // Decoded messages are in order already, composed ones nearly.
    let place = present.length
    while (place > 0 && present[place - 1]!.number > field.number) {
      present[place] = present[place - 1]!
      place -= 1
    }
    present[place] = field
  }
  for (const field of present) writeField(writer, field, message[field.name])
  const unknown = message[unknownFields] as readonly Uint8Array[] | undefined
  if (unknown) for (const bytes of unknown) writer.raw(bytes)
}

const writeField = (writer: Writer, field: Field, value: unknown): void => {
  switch (field.rule) {
    case 'single':
      writeOne(writer, field, field.tag, value)
      return
    case 'repeated':
      for (const item of value as readonly unknown[]) writeOne(writer, field, field.tag, item)
      return
    case 'packed': {
      const list = value as readonly unknown[]
      if (list.length === 0) return
      writer.uint32((field.number << 3) | WIRE.length).fork()
      for (const item of list) writeScalar(writer, field, field.kind, item)
      writer.ldelim()
      return
    }
    case 'map':
      writeEntries(writer, field, value as Readonly<Record<string, unknown>>)
  }
}

const writeEntries = (writer: Writer, field: Field, map: Readonly<Record<string, unknown>>): void => {
  for (const [key, item] of Object.entries(map)) {
    writer.uint32(field.tag).fork()
    writer.uint32((1 << 3) | wireTypeOf(field.keyKind))
    writeScalar(writer, field, field.keyKind, field.keyKind === 't' ? key : Number(key))
    writeOne(writer, field, (2 << 3) | wireTypeOf(field.kind), item)
    writer.ldelim()
  }
}

const writeOne = (writer: Writer, field: Field, tag: number, value: unknown): void => {
  writer.uint32(tag)
  if (field.message === undefined) {
    writeScalar(writer, field, field.kind, value)
    return
  }
  writer.fork()
  writeMessage(writer, field.message(), value as Fields)
  writer.ldelim()
}

const wrong = (field: Field, wanted: string): never => {
  throw new TypeError(`${field.name} wants ${wanted}`)
}

const numberOf = (field: Field, value: unknown): number => (typeof value === 'number' ? value : wrong(field, 'a number'))

const int64Of = (field: Field, value: unknown): Int64 =>
  typeof value === 'bigint' || Number.isInteger(value) ? (value as Int64) : wrong(field, 'an integer')

const writeScalar = (writer: Writer, field: Field, kind: string, value: unknown): void => {
  switch (kind) {
    case 't':
      writer.string(typeof value === 'string' ? value : wrong(field, 'a string'))
      return
    case 'B':
      // The library would take a string for base64.
      writer.bytes(ArrayBuffer.isView(value) ? (value as Uint8Array) : wrong(field, 'bytes'))
      return
    case 'u':
      writer.uint32(numberOf(field, value))
      return
    case 'e':
    case 'i':
      writer.int32(numberOf(field, value))
      return
    case 'b':
      writer.bool(typeof value === 'boolean' ? value : wrong(field, 'a boolean'))
      return
    case 'U':
    case 'I':
      writer.uint64(toLongBits(int64Of(field, value)))
      return
    case 'S':
      writer.uint64(toLongBits(zigZag.encode(int64Of(field, value))))
      return
    case 'X':
    case 'Z':
      writer.fixed64(toLongBits(int64Of(field, value)))
      return
    case 's':
      writer.sint32(numberOf(field, value))
      return
    case 'x':
      writer.fixed32(numberOf(field, value))
      return
    case 'z':
      writer.sfixed32(numberOf(field, value))
      return
    case 'f':
      writer.float(numberOf(field, value))
      return
    default:
      writer.double(numberOf(field, value))
  }
}
