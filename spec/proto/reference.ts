import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import protobuf from 'protobufjs'

import type { ProtoCodec } from '../../lib/proto/codec.ts'
import * as proto from '../../lib/proto/index.ts'

const folder = new URL('../../protos/', import.meta.url)
const root = new protobuf.Root()
root.resolvePath = (_, target) => fileURLToPath(new URL(target.split('/').pop()!, folder))
root.loadSync(readdirSync(folder).filter((name) => name.endsWith('.proto')), { keepCase: true }).resolveAll()

/** The schema of protos/*.proto as the reference library reads it. */
export const schema = root.lookup('waproto') as protobuf.Namespace

const nestedIn = (object: protobuf.ReflectionObject): readonly protobuf.ReflectionObject[] => [
  object,
  ...(object instanceof protobuf.Namespace ? object.nestedArray.flatMap(nestedIn) : []),
]
const declared = schema.nestedArray.flatMap(nestedIn)

export const types = declared.filter((object) => object instanceof protobuf.Type)
export const enums = declared.filter((object) => object instanceof protobuf.Enum)

/** Name without its package, nested names joined by dots. */
export const pathOf = (object: protobuf.ReflectionObject): string => object.fullName.replace(/^\.waproto\./, '')

/** The `.proto` an object stands in, without the ending. */
export const fileOf = (object: protobuf.ReflectionObject): string => {
  let top = object
  while (top.parent && top.parent !== schema) top = top.parent
  return top.filename!.split('/').pop()!.replace('.proto', '')
}

export type Plain = Readonly<Record<string, unknown>>

/** Our codec of a type of the reference library. */
export const codecFor = (type: protobuf.Type): ProtoCodec<Plain> => {
  const found = (proto as unknown as Readonly<Record<string, ProtoCodec<Plain>>>)[pathOf(type).replaceAll('.', '_')]
  if (!found) throw new Error(`no codec of ${pathOf(type)}`)
  return found
}

/** The bytes the reference library writes. */
export const referenceBytes = (type: protobuf.Type, message: Plain): Uint8Array => Uint8Array.from(type.encode(message).finish())

export const byNumber = (type: protobuf.Type): readonly protobuf.Field[] => type.fieldsArray.toSorted((one, other) => one.id - other.id)

/** Whether a list of this field can be packed. */
export const isPackable = (field: protobuf.Field): boolean =>
  field.resolvedType instanceof protobuf.Enum || (field.resolvedType === null && field.type !== 'string' && field.type !== 'bytes')
