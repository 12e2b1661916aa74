// Writes protos/*.proto: the closure of what this package needs from the published schema, split by
// domain, fields in ascending order, plus the overlay. Run with `node protos/write-protos.mjs` after an
// update of @wppconnect/wa-proto, then read the diff.
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import protobuf from 'protobufjs'

const require = createRequire(import.meta.url)
const schemaPath = require.resolve('@wppconnect/wa-proto/WAProto.proto')
const { version } = JSON.parse(readFileSync(schemaPath.replace('WAProto.proto', 'package.json'), 'utf8'))
/** Which schema this is. */
export const schemaVersion = `@wppconnect/wa-proto ${version} and overlay.json`
const overlay = JSON.parse(readFileSync(new URL('overlay.json', import.meta.url), 'utf8'))

/** The files in order of dependency, each with its roots; what a root needs lands in the first file that needs it. */
export const files = {
  common: ['MessageKey', 'DisappearingMode', 'LimitSharing', 'MediaVisibility', 'ProcessedVideo', 'KeepType', 'ADVEncryptionType'],
  adv: ['ADVSignedDeviceIdentityHMAC', 'ADVSignedDeviceIdentity', 'ADVDeviceIdentity', 'ADVSignedKeyIndexList', 'ADVKeyIndexList', 'DeviceListMetadata'],
  handshake: ['HandshakeMessage'],
  cert: ['CertChain', 'NoiseCertificate'],
  clientPayload: ['ClientPayload', 'DeviceProps', 'ClientPairingProps'],
  companionPairing: ['CompanionCommitment', 'ProloguePayload', 'PairingRequest', 'EncryptedPairingRequest', 'PrimaryEphemeralIdentity', 'CompanionEphemeralIdentity', 'DeviceConsistencyCodeMessage'],
  signal: ['SignalMessage', 'PreKeySignalMessage', 'SenderKeyMessage', 'SenderKeyDistributionMessage'],
  signalStore: ['SessionStructure', 'RecordStructure', 'SenderKeyRecordStructure', 'SenderKeyStateStructure', 'PreKeyRecordStructure', 'SignedPreKeyRecordStructure', 'IdentityKeyPairStructure'],
  mediaRetry: ['MediaRetryNotification', 'ServerErrorReceipt'],
  vname: ['VerifiedNameCertificate', 'BizIdentityInfo', 'BizAccountPayload', 'BizAccountLinkInfo', 'LocalizedName'],
  reporting: ['Reportable', 'ReportingTokenInfo'],
  deviceCapabilities: ['DeviceCapabilities', 'ChatLockSettings', 'UserPassword'],
  syncd: ['SyncdPatch', 'SyncdSnapshot', 'SyncdMutations', 'ExternalBlobReference', 'KeyId', 'ExitCode', 'PatchDebugData'],
  message: ['Message', 'MessageContextInfo', 'ContextInfo', 'BotMetadata', 'AIRichResponseMessage'],
  webMessage: ['WebMessageInfo', 'MessageAddOn'],
  callLog: ['CallLogRecord'],
  syncAction: ['SyncActionData', 'SyncActionValue', 'SyncdSnapshotRecovery', 'SyncdPlainTextRecord'],
  historySync: ['HistorySync', 'Conversation', 'GlobalSettings'],
  addons: ['MsgOpaqueData', 'PollEncValue', 'MediaEntry'],
  groupHistory: ['GroupHistory', 'UnCountedAssociatedMessageList'],
  lidMigration: ['LIDMigrationMapping', 'LIDMigrationMappingSyncPayload'],
}

/** The package says proto3 and means proto2. */
const source = readFileSync(schemaPath, 'utf8').replace(/syntax = "proto3"/, 'syntax = "proto2"')
const schema = protobuf.parse(source, { keepCase: true }).root.lookup('waproto')

const addOverlay = () => {
  for (const [path, json] of Object.entries(overlay.types)) {
    const parts = path.split('.')
    const name = parts.pop()
    const parent = parts.length === 0 ? schema : schema.lookupType(parts.join('.'))
    parent.add(protobuf.Type.fromJSON(name, json))
  }
  for (const [path, fields] of Object.entries(overlay.fields))
    for (const [name, json] of Object.entries(fields)) {
      const type = schema.lookupType(path)
      if (!type.fieldsById[json.id]) type.add(protobuf.Field.fromJSON(name, json))
    }
}
addOverlay()
schema.resolveAll()

const topOf = (object) => {
  let top = object
  while (top.parent !== schema) top = top.parent
  return top
}

/** Every type and enum a declaration mentions, its nested ones included. */
const mentioned = (declaration) => {
  const found = new Set()
  const visit = (object) => {
    if (!(object instanceof protobuf.Type)) return
    for (const field of object.fieldsArray) if (field.resolvedType) found.add(topOf(field.resolvedType))
    for (const nested of object.nestedArray) visit(nested)
  }
  visit(declaration)
  found.delete(declaration)
  return found
}

const placed = new Map()
const place = (declaration, file) => {
  if (placed.has(declaration.name)) return
  placed.set(declaration.name, file)
  for (const other of mentioned(declaration)) place(other, file)
}
for (const [file, roots] of Object.entries(files))
  for (const name of roots) {
    const declaration = schema.get(name)
    if (!declaration) throw new Error(`the schema has no ${name}`)
    place(declaration, file)
  }

/** The four repeated numbers that travel packed; all others do not. */
const packed = ['ADVKeyIndexList.validIndexes', 'DeviceListMetadata.senderKeyIndexes', 'DeviceListMetadata.recipientKeyIndexes', 'Message.AppStateSyncKeyFingerprint.deviceIndexes']

const nameOf = (object) => object.fullName.replace(/^\.waproto\./, '')

const printField = (field, indent) => {
  const type = field.resolvedType ? nameOf(field.resolvedType) : field.type
  if (field.map) return `${indent}map<${field.keyType}, ${type}> ${field.name} = ${field.id};`
  const path = `${nameOf(field.parent)}.${field.name}`
  const options = []
  if (packed.includes(path)) options.push('packed = true')
  if (overlay.defaults[path] !== undefined) options.push(`default = ${overlay.defaults[path]}`)
  const rule = field.repeated ? 'repeated' : 'optional'
  return `${indent}${rule} ${type} ${field.name} = ${field.id}${options.length ? ` [${options.join(', ')}]` : ''};`
}

const print = (object, indent = '') => {
  if (object instanceof protobuf.Enum) {
    const values = Object.entries(object.values).map(([name, value]) => `${indent}  ${name} = ${value};`)
    const alias = new Set(Object.values(object.values)).size < values.length ? [`${indent}  option allow_alias = true;`] : []
    return [`${indent}enum ${object.name} {`, ...alias, ...values, `${indent}}`]
  }
  const fields = [...object.fieldsArray].sort((one, other) => one.id - other.id)
  return [
    `${indent}message ${object.name} {`,
    ...fields.map((field) => printField(field, `${indent}  `)),
    ...object.nestedArray.flatMap((nested) => print(nested, `${indent}  `)),
    `${indent}}`,
  ]
}

const render = (file) => {
  const declarations = [...placed].filter(([, home]) => home === file).map(([name]) => schema.get(name))
  const imports = new Set(declarations.flatMap((declaration) => [...mentioned(declaration)]).map(({ name }) => placed.get(name)))
  imports.delete(file)
  const order = Object.keys(files)
  for (const home of imports) if (order.indexOf(home) > order.indexOf(file)) throw new Error(`${file} would need ${home}`)
  const lines = [
    `// Written by protos/write-protos.mjs from ${schemaVersion}; do not edit.`,
    'syntax = "proto2";',
    'package waproto;',
    ...[...imports].sort().map((home) => `import "${home}.proto";`),
    '',
    ...declarations.flatMap((declaration) => [...print(declaration), '']),
  ]
  return lines.join('\n')
}

/** The text of each `.proto` by the name of its file. */
export const protos = new Map(Object.keys(files).map((file) => [`${file}.proto`, render(file)]))

for (const path of [...packed, ...Object.keys(overlay.defaults)]) {
  const type = schema.lookupType(path.slice(0, path.lastIndexOf('.')))
  if (!placed.has(topOf(type).name) || !type.fields[path.slice(path.lastIndexOf('.') + 1)]) throw new Error(`the schema has no ${path}`)
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const [file, text] of protos) writeFileSync(new URL(file, import.meta.url), text)
