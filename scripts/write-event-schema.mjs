// Writes schema/events.schema.json (JSON Schema, draft 7) and the table `fromJson` reads by, both from the types
// of the events. Run it when a type of an event changes: node scripts/write-event-schema.mjs
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { project } from './steps.mjs'

const file = join(project, 'lib/events/wa-event.ts')
const { config } = ts.readConfigFile(join(project, 'tsconfig.json'), ts.sys.readFile)
const { options } = ts.parseJsonConfigFileContent(config, ts.sys, project)
const program = ts.createProgram([file], options)
const checker = program.getTypeChecker()
const source = program.getSourceFile(file)
const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(source))
const union = checker.getDeclaredTypeOfSymbol(exported.find(({ name }) => name === 'WaEvent'))

const TEXTS = { Jid: { kind: 'jid' }, Date: { kind: 'date' }, Uint8Array: { kind: 'bytes' } }
const SCHEMAS = {
  jid: { type: 'string', description: 'an address, user:device@server' },
  date: { type: 'string', format: 'date-time' },
  bytes: { type: 'string', description: 'bytes in base64', pattern: '^[A-Za-z0-9+/]*={0,2}$' },
  bigint: { type: 'string', pattern: '^-?[0-9]+$' },
  stanza: { $ref: '#/definitions/stanza' },
  error: { $ref: '#/definitions/error' },
  message: { type: 'object', description: 'protobuf content by field name; bytes are {"base64": text}, integers beyond 2^53 {"integer": text}' },
}
const without = (types) => types.filter((type) => !(type.flags & ts.TypeFlags.Undefined))
const fileOf = (type) => (type.aliasSymbol ?? type.symbol)?.declarations?.[0]?.getSourceFile().fileName ?? ''
const isError = (type) => type.symbol?.name === 'Error' || (type.isClassOrInterface() && checker.getBaseTypes(type).some(isError))

/** What a type is in JSON; notes in `paths` what has to be read back. */
const schemaOf = (type, path, paths, name) => {
  const special = (kind) => {
    paths[path] = kind
    return SCHEMAS[kind]
  }
  const symbol = type.symbol?.name
  if (symbol && symbol in TEXTS) return special(TEXTS[symbol].kind)
  if (symbol === 'Stanza') return special('stanza')
  if (fileOf(type).endsWith('types.generated.ts')) return special('message')
  if (type.flags & ts.TypeFlags.BigIntLike) return special('bigint')
  if (type.flags & (ts.TypeFlags.Unknown | ts.TypeFlags.Any)) return name === 'cause' ? special('error') : {}
  if (isError(type)) return special('error')
  if (type.flags & ts.TypeFlags.StringLiteral) return { const: type.value }
  if (type.flags & ts.TypeFlags.NumberLiteral) return { const: type.value }
  if (type.flags & ts.TypeFlags.String) return { type: 'string' }
  if (type.flags & ts.TypeFlags.Number) return { type: 'number' }
  if (type.flags & ts.TypeFlags.BooleanLike) return { type: 'boolean' }
  if (type.isUnion()) {
    const parts = without(type.types).map((part) => schemaOf(part, path, paths, name))
    const distinct = [...new Map(parts.map((part) => [JSON.stringify(part), part])).values()]
    // An open list of words is any text.
    if (distinct.some((part) => part.type === 'string' && !part.pattern && !part.format)) return { type: 'string' }
    if (distinct.every((part) => 'const' in part)) return { enum: distinct.map((part) => part.const) }
    return distinct.length === 1 ? distinct[0] : { anyOf: distinct }
  }
  if (type.isIntersection() && type.types.some((part) => part.flags & ts.TypeFlags.String)) return { type: 'string' }
  if (type.isIntersection() && type.types.some((part) => part.flags & ts.TypeFlags.Number)) return { type: 'number' }
  if (checker.isTupleType(type)) {
    const items = checker.getTypeArguments(type).map((item) => schemaOf(item, `${path}.*`, paths))
    return { type: 'array', items, minItems: items.length, maxItems: items.length }
  }
  if (checker.isArrayType(type)) return { type: 'array', items: schemaOf(checker.getTypeArguments(type)[0], `${path}.*`, paths) }
  const index = checker.getIndexInfosOfType(type)[0]
  const properties = checker.getPropertiesOfType(type)
  if (index && properties.length === 0) return { type: 'object', additionalProperties: schemaOf(index.type, `${path}.*`, paths) }
  const required = []
  const fields = {}
  for (const property of properties) {
    const of = checker.getTypeOfSymbol(property)
    // What is done, and what history weighs, is no part of its JSON.
    if (of.getCallSignatures().length > 0 || (symbol === 'LazyHistorySync' && ['compressedBytes', 'decompressedSize'].includes(property.name))) continue
    const isOptional = (property.flags & ts.SymbolFlags.Optional) !== 0 || (of.isUnion() && of.types.some(({ flags }) => flags & ts.TypeFlags.Undefined))
    if (!isOptional) required.push(property.name)
    fields[property.name] = schemaOf(of, path === '' ? property.name : `${path}.${property.name}`, paths, property.name)
  }
  return { type: 'object', properties: fields, ...(required.length > 0 && { required }) }
}

const byType = new Map()
for (const member of union.types) {
  const type = checker.getTypeOfSymbol(member.getProperty('type')).value
  const known = byType.get(type) ?? { paths: {}, schemas: [], description: '' }
  byType.set(type, known)
  known.description ||= ts.displayPartsToString(member.symbol?.getDocumentationComment(checker) ?? [])
  const schema = schemaOf(member, '', known.paths)
  known.schemas.push({ ...schema, properties: { schemaVersion: { const: 1 }, ...schema.properties }, required: ['schemaVersion', ...schema.required] })
}
const sorted = [...byType].sort(([one], [other]) => (one < other ? -1 : 1))
const schema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Events of rxwa as JSON',
  description: 'What toJson makes of an event. Types and optional fields are added with minor versions of the package; `schemaVersion` changes when something else does.',
  oneOf: sorted.map(([type]) => ({ $ref: `#/definitions/event.${type}` })),
  definitions: {
    stanza: {
      type: 'object',
      properties: {
        tag: { type: 'string' },
        attrs: { type: 'object', additionalProperties: { type: 'string' } },
        jids: { type: 'array', items: { type: 'string' }, description: 'names of the attributes that are addresses' },
        children: { type: 'array', items: { $ref: '#/definitions/stanza' } },
        bytes: SCHEMAS.bytes,
      },
      required: ['tag', 'attrs'],
    },
    error: { type: 'object', properties: { code: { type: 'string' }, message: { type: 'string' } }, required: ['message'] },
    ...Object.fromEntries(
      sorted.map(([type, { schemas, description }]) => [`event.${type}`, { ...(description && { description }), ...(schemas.length === 1 ? schemas[0] : { anyOf: schemas }) }]),
    ),
  },
}
mkdirSync(join(project, 'schema'), { recursive: true })
writeFileSync(join(project, 'schema/events.schema.json'), `${JSON.stringify(schema, undefined, 1)}\n`)
const table = sorted.map(([type, { paths }]) => `  ${type}: { ${Object.entries(paths).map(([path, kind]) => `'${path}': '${kind}'`).join(', ')} },`.replace('{  }', '{}')).join('\n')
writeFileSync(
  join(project, 'lib/events/json/conversions.generated.ts'),
  `// Written by scripts/write-event-schema.mjs from the types of the events; do not edit.
import type { WaEventType } from '../wa-event.ts'
import type { JsonKind } from './json-kinds.ts'

/** What is more than JSON in each event, by its path; \`*\` stands for every element. */
export const CONVERSIONS: Readonly<Record<WaEventType, Readonly<Record<string, JsonKind>>>> = {
${table}
}
`,
)
