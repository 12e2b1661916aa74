// Compiles protos/*.proto to lib/proto: types for the compiler, tables for the codec. Run with
// `node protos/compile.mjs` after a change of the schema.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import protobuf from 'protobufjs'
import { files, schemaVersion } from './write-protos.mjs'

/** Needed to connect and pair; everything else is loaded when a connection is opened. */
const coreFiles = ['common', 'adv', 'handshake', 'cert', 'clientPayload', 'companionPairing']

const root = new protobuf.Root()
root.resolvePath = (_, target) => fileURLToPath(new URL(target.split('/').pop(), import.meta.url))
root.loadSync(Object.keys(files).map((file) => `${file}.proto`), { keepCase: true }).resolveAll()
const schema = root.lookup('waproto')

const flat = (object) => object.fullName.replace(/^\.waproto\./, '').replaceAll('.', '_')
const all = (object) => [object, ...(object.nestedArray ?? []).flatMap(all)]
const declared = schema.nestedArray.flatMap(all)
const homeOf = (object) => {
  let top = object
  while (top.parent !== schema) top = top.parent
  return top.filename.split('/').pop().replace('.proto', '')
}
const isCore = (object) => coreFiles.includes(homeOf(object))
const types = declared.filter((object) => object instanceof protobuf.Type)
const enums = declared.filter((object) => object instanceof protobuf.Enum)

/** One letter per kind of value on the wire; see lib/proto/table.ts. */
const letters = {
  double: 'd', float: 'f', int32: 'i', uint32: 'u', sint32: 's', fixed32: 'x', sfixed32: 'z',
  int64: 'I', uint64: 'U', sint64: 'S', fixed64: 'X', sfixed64: 'Z', bool: 'b', string: 't', bytes: 'B',
}
const kindOf = (field) => (field.resolvedType instanceof protobuf.Enum ? 'e' : field.resolvedType ? `m${flat(field.resolvedType)}` : letters[field.type])
const fieldCode = (field) => {
  const rule = field.map ? `%${letters[field.keyType]}` : field.repeated ? (field.packed ? '#' : '*') : ''
  return `${field.id} ${field.name} ${rule}${kindOf(field)}`
}
const sorted = (type) => [...type.fieldsArray].sort((one, other) => one.id - other.id)
const table = (list) => list.map((type) => [flat(type), ...sorted(type).map(fieldCode)].join('|')).join('\n')

const scalarTypes = { double: 'number', float: 'number', int32: 'number', uint32: 'number', sint32: 'number', fixed32: 'number', sfixed32: 'number', bool: 'boolean', string: 'string', bytes: 'Uint8Array' }
const typeOf = (field) => {
  const single = field.resolvedType ? flat(field.resolvedType) : (scalarTypes[field.type] ?? 'Int64')
  if (field.map) return `Readonly<Record<string, ${single}>>`
  return field.repeated ? `readonly ${single}[]` : single
}
/** Explicit defaults are for readers: the codec leaves absent what is absent. */
const remark = (field) => (field.options?.default === undefined ? '' : `  /** Absent means ${field.options.default}. */\n`)
const property = (name) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : `'${name}'`)

const header = `// Written by protos/compile.mjs from protos/*.proto (${schemaVersion}); do not edit.\n`
/** The text of each module by the name of its file. */
export const modules = new Map()
const write = (file, text) => modules.set(file, header + text)

write(
  'types.generated.ts',
  `import type { Int64 } from './int64.ts'

export type { Int64 }

${enums.map((object) => `export type ${flat(object)} = ${[...new Set(Object.values(object.values))].join(' | ')} | (number & {})`).join('\n')}

${types
  .map((type) => {
    const fields = sorted(type).map((field) => `${remark(field)}  readonly ${property(field.name)}?: ${typeOf(field)}`)
    return fields.length > 0 ? `export interface ${flat(type)} {\n${fields.join('\n')}\n}` : `export type ${flat(type)} = Readonly<Record<never, never>>`
  })
  .join('\n')}
`,
)

write(
  'enums.generated.ts',
  enums
    .map((object) => `export const ${flat(object)} = /* @__PURE__ */ Object.freeze(${JSON.stringify(object.values).replaceAll('"', '').replaceAll(',', ', ').replaceAll(':', ': ').replace('{', '{ ').replace('}', ' }')} as const)`)
    .join('\n') + '\n',
)

const codecs = (list) =>
  list.map((type) => `export type ${flat(type)} = types.${flat(type)}\nexport const ${flat(type)}: ProtoCodec<types.${flat(type)}> = /* @__PURE__ */ codecOf('${flat(type)}', tables)`).join('\n')

const module = (list, imports, tables) =>
  `import { codecOf, type ProtoCodec } from './codec.ts'\nimport { createTables } from './table.ts'\nimport type * as types from './types.generated.ts'\n${imports}\n${tables}\n\n${codecs(list)}\n`

const core = types.filter(isCore)
const content = types.filter((type) => !isCore(type))
write('core.generated.ts', module(core, '', `/** What is needed to connect, log in and pair. */\nexport const coreTables = createTables(\`\n${table(core)}\n\`)\nconst tables = coreTables`))
write(
  'content.generated.ts',
  module(content, "import { coreTables } from './core.generated.ts'\n", `const tables = createTables(\`\n${table(content)}\n\`, coreTables)`),
)

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const [file, text] of modules) writeFileSync(new URL(`../lib/proto/${file}`, import.meta.url), text)
