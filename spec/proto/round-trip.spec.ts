import { describe, expect, it } from '@jest/globals'
import fastCheck, { type Arbitrary } from 'fast-check'
import protobuf from 'protobufjs'

import { concat, toHex } from '../../lib/bytes/bytes.ts'
import { unknownFields } from '../../lib/proto/codec.ts'
import { byNumber, codecFor, isPackable, pathOf, referenceBytes, types, type Plain } from './reference.ts'

const scalar = (field: protobuf.Field): Arbitrary<unknown> => {
  if (field.resolvedType instanceof protobuf.Enum) return fastCheck.integer({ min: -1, max: 2000 })
  switch (field.type) {
    case 'string':
      return fastCheck.string({ unit: 'grapheme', maxLength: 150 })
    case 'bytes':
      return fastCheck.uint8Array({ maxLength: 150 })
    case 'bool':
      return fastCheck.boolean()
    case 'double':
      return fastCheck.double({ noNaN: true })
    case 'float':
      return fastCheck.float({ noNaN: true })
    case 'uint32':
    case 'fixed32':
      return fastCheck.nat({ max: 0xffffffff })
    case 'int32':
    case 'sint32':
    case 'sfixed32':
      return fastCheck.integer()
    case 'uint64':
    case 'fixed64':
      return fastCheck.maxSafeNat()
    default:
      return fastCheck.maxSafeInteger()
  }
}

const messageOf = (type: protobuf.Type, depth: number): Arbitrary<Plain> =>
  fastCheck.subarray([...type.fieldsArray], { maxLength: Math.min(5, type.fieldsArray.length) }).chain((fields) =>
    fastCheck.record(
      Object.fromEntries(
        fields.map((field): [string, Arbitrary<unknown>] => {
          const { resolvedType } = field
          const one = resolvedType instanceof protobuf.Type ? (depth === 0 ? fastCheck.constant({}) : messageOf(resolvedType, depth - 1)) : scalar(field)
          if (field.map) return [field.name, fastCheck.dictionary(fastCheck.string({ minLength: 1 }), one, { minKeys: 1, maxKeys: 3, noNullPrototype: true })]
          return [field.name, field.repeated ? fastCheck.array(one, { minLength: 1, maxLength: 3 }) : one]
        }),
      ),
    ),
  )

const anyMessage = fastCheck.constantFrom(...types).chain((type) => messageOf(type, 3).map((message) => ({ type, message })))

/** A field the type does not have: number 999, or 998 in the one type that has 999. */
const foreignTo = (type: protobuf.Type): Uint8Array => Uint8Array.of(type.fieldsById[999] ? 0xb2 : 0xba, 0x3e, 0x03, 0x61, 0x62, 0x63)

/** The wire form with an unknown field at the end of the message and of every message in it. */
const withForeign = (type: protobuf.Type, message: Plain): Uint8Array =>
  concat(
    ...byNumber(type).flatMap((field) => {
      const value = message[field.name]
      if (value === undefined) return []
      const { resolvedType } = field
      if (!(resolvedType instanceof protobuf.Type) || field.map) return [referenceBytes(type, { [field.name]: value })]
      return ((field.repeated ? value : [value]) as readonly Plain[]).map((item) =>
        Uint8Array.from(protobuf.Writer.create().uint32((field.id << 3) | 2).bytes(withForeign(resolvedType, item)).finish()),
      )
    }),
    foreignTo(type),
  )

const mark = (type: protobuf.Type, message: Plain): Plain => ({
  ...Object.fromEntries(
    Object.entries(message).map(([name, value]) => {
      const { resolvedType, repeated, map } = type.fields[name]!
      if (!(resolvedType instanceof protobuf.Type) || map) return [name, value]
      return [name, repeated ? (value as readonly Plain[]).map((item) => mark(resolvedType, item)) : mark(resolvedType, value as Plain)]
    }),
  ),
  [unknownFields]: [foreignTo(type)],
})

describe('any message', () => {
  it('is written as the reference library writes it, and read back', () =>
    fastCheck.assert(
      fastCheck.property(anyMessage, ({ type, message }) => {
        const bytes = codecFor(type).encode(message)
        expect(toHex(bytes)).toBe(toHex(referenceBytes(type, message)))
        expect(codecFor(type).decode(bytes)).toEqual(message)
      }),
      { numRuns: 1500 },
    ))

  it('is written the same whatever the order of its properties', () =>
    fastCheck.assert(
      fastCheck.property(anyMessage, ({ type, message }) => {
        const reversed = Object.fromEntries(Object.entries(message).reverse())
        expect(toHex(codecFor(type).encode(reversed))).toBe(toHex(codecFor(type).encode(message)))
      }),
      { numRuns: 300 },
    ))

  it('keeps an unknown field at every level and writes it back byte for byte', () =>
    fastCheck.assert(
      fastCheck.property(anyMessage, ({ type, message }) => {
        const wire = withForeign(type, message)
        const decoded = codecFor(type).decode(wire)
        expect(decoded).toEqual(mark(type, message))
        expect(toHex(codecFor(type).encode(decoded))).toBe(toHex(wire))
      }),
      { numRuns: 500 },
    ))

  it('is read from a `Buffer` as from any bytes, and never gives one', () =>
    fastCheck.assert(
      fastCheck.property(anyMessage, ({ type, message }) => {
        const decoded = codecFor(type).decode(Buffer.from(referenceBytes(type, message)))
        expect(decoded).toEqual(message)
        expect(toHex(codecFor(type).encode(decoded))).toBe(toHex(referenceBytes(type, message)))
      }),
      { numRuns: 200 },
    ))
})

describe('every field', () => {
  /** A value that is not the one an empty message reads as. */
  const some = (field: protobuf.Field): unknown => {
    if (field.resolvedType instanceof protobuf.Type) return {}
    if (field.resolvedType) return 1
    if (field.type === 'string') return 'é'
    if (field.type === 'bytes') return Uint8Array.of(1, 2)
    return field.type === 'bool' ? true : 300
  }

  it('stands where the reference library puts it', () => {
    for (const type of types) {
      const message = Object.fromEntries(
        type.fieldsArray.map((field) => [field.name, field.map ? { key: some(field) } : field.repeated ? [some(field), some(field)] : some(field)]),
      )
      const bytes = codecFor(type).encode(message)
      expect([pathOf(type), toHex(bytes)]).toEqual([pathOf(type), toHex(referenceBytes(type, message))])
      expect(codecFor(type).decode(bytes)).toEqual(message)
    }
  })

  it('that is a list of numbers reads packed and unpacked alike, and is written in its one form', () => {
    const lists = types.flatMap((type) => type.fieldsArray.filter((field) => field.repeated && isPackable(field)).map((field) => ({ type, field })))
    expect(lists.length).toBe(12)
    for (const { type, field } of lists) {
      const kind = (field.resolvedType ? 'int32' : field.type) as 'int32' | 'uint32'
      const writer = protobuf.Writer.create().uint32((field.id << 3) | 2).fork()
      for (const value of [1, 300]) writer[kind](value)
      const packed = Uint8Array.from(writer.ldelim().finish())
      const unpacked = Uint8Array.from([1, 300].reduce((out, value) => out.uint32(field.id << 3)[kind](value), protobuf.Writer.create()).finish())
      const codec = codecFor(type)
      expect(codec.decode(packed)).toEqual({ [field.name]: [1, 300] })
      expect(codec.decode(unpacked)).toEqual({ [field.name]: [1, 300] })
      expect(codec.decode(concat(packed, unpacked))).toEqual({ [field.name]: [1, 300, 1, 300] })
      expect(toHex(codec.encode({ [field.name]: [1, 300] }))).toBe(toHex(field.packed ? packed : unpacked))
    }
  })
})
