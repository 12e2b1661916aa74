// Writes lib/simulator/strict/published-shapes.generated.ts: the published shapes of stanzas, in the form that
// lib/simulator/strict/shape.ts reads, deflated. Run it when the published data changes:
//   node scripts/write-shapes.mjs FOLDER     where FOLDER holds operations.json, stanzas.json and version.json
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateSync } from 'fflate'
import { project } from './steps.mjs'

const folder = process.argv[2]
if (!folder) {
  process.stderr.write('usage: node scripts/write-shapes.mjs FOLDER\n')
  process.exit(2)
}
const read = (name) => JSON.parse(readFileSync(join(folder, name), 'utf8'))
const { operations } = read('operations.json')
const { stanzas } = read('stanzas.json')

const range = ({ min, max }) => (min === undefined && max === undefined ? '' : `[${min ?? 0}..${max ?? ''}]`)

/** `int`, `=literal`, `(one|other)`, each with `?` when it may be absent. */
const attribute = (spec) => {
  const kind =
    spec.type === 'literal' ? `=${spec.value}` : spec.type === 'enum' ? `(${spec.enumValues.join('|')})` : `${spec.type}${range(spec)}`
  return kind + (spec.optional ? '?' : '')
}

const contentOf = (spec) => (spec.type === 'enum' ? `(${spec.enumValues.join('|')})` : `${spec.type}${range(spec)}`)

/** `sent`, `received`, or `any` for what only goes one way anyhow. Unmarked attributes are read by the client. */
const goes = (side, direction) => side === 'any' || direction === 'both' || (side === 'sent') === (direction === 'out')

/** Whether anything of a node that two sides share belongs to this one; a bare node belongs to both. */
const isOn = (side, node) => {
  if (side === 'any') return true
  const marks = [...Object.values(node.attrs ?? {}), ...(node.content ? [node.content] : [])].map(({ direction }) => direction)
  const children = node.children ?? []
  if (marks.length === 0 && children.length === 0) return true
  // What is only checked for presence has no marks of its own, and is no reason to keep its parent.
  return marks.some((direction) => goes(side, direction)) || children.some((child) => (child.attrs || child.children || child.content) && isOn(side, child)) || (marks.length === 0 && children.every((child) => isOn(side, child)))
}

const shape = (node, side) => {
  const attrs = Object.entries(node.attrs ?? {}).filter(([, spec]) => goes(side, spec.direction)).map(([name, spec]) => [name, attribute(spec)])
  const children = (node.children ?? []).filter((child) => child.tag !== undefined && isOn(side, child)).map((child) => shape(child, side))
  const isOpen = node.presence || node.unknown || (node.children ?? []).some(({ unknown }) => unknown)
  return {
    tag: node.tag,
    ...(attrs.length > 0 && { attrs: Object.fromEntries(attrs) }),
    ...(children.length > 0 && { children }),
    ...(node.min !== undefined && { min: node.min }),
    ...(node.max !== undefined && { max: node.max }),
    ...(node.content && { content: contentOf(node.content) }),
    ...(node.__variants && { isMerged: true }),
    ...(isOpen && { isOpen: true }),
  }
}

const named = (list, name) => (list ?? []).map(({ node, outcome, variant }) => ({ name: `${name}.${outcome || variant}`, shape: shape(node, 'any') }))

const published = {
  operations: Object.entries(operations).map(([name, operation]) => ({
    name,
    ...(operation.request && { request: shape(operation.request.node, 'any') }),
    answers: named(operation.outgoingResponses, name),
    pushes: named(operation.responses.filter(({ incoming }) => incoming), name),
    responses: named(operation.responses.filter(({ incoming }) => !incoming), name),
  })),
  stanzas: Object.entries(stanzas).flatMap(([tag, entry]) =>
    Object.entries(entry.variants ?? { '': entry })
      .map(([variant, { node = { tag, presence: true }, inlinedOutgoingResponses }]) => ({
        name: variant === '' ? tag : `${tag}.${variant}`,
        ...(tag !== 'iq' && { sent: shape(node, tag === 'ack' ? 'any' : 'sent') }),
        ...(entry.outgoingOnly ? {} : { received: shape(node, tag === 'iq' ? 'any' : 'received') }),
        answers: named(inlinedOutgoingResponses, `${tag}.${variant}`),
      })),
  ),
}
const text = JSON.stringify(published)
const packed = Buffer.from(deflateSync(Buffer.from(text), { level: 9 })).toString('base64')
const lines = packed.match(/.{1,160}/g).map((line) => `  '${line}'`)
writeFileSync(
  join(project, 'lib/simulator/strict/published-shapes.generated.ts'),
  `// Written by scripts/write-shapes.mjs; not to be edited.\n\n/** Published shapes of stanzas: JSON, deflated, in base64. */\nexport const PUBLISHED_SHAPES =\n${lines.join(' +\n')}\n`,
)
process.stdout.write(`${published.operations.length} operations, ${published.stanzas.length} stanzas: ${text.length} bytes, ${packed.length} packed\n`)
