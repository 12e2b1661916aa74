import { parseJid, Jid } from '../../stanza/jid.ts'
import type { Stanza } from '../../stanza/stanza.ts'
import type { Shape, ValueKind } from './shape.ts'

/** What can be wrong with a stanza. */
export type ViolatedRule =
  /** Nothing like it is published. */
  | 'unknown_shape'
  | 'unknown_attribute'
  | 'missing_attribute'
  | 'wrong_attribute'
  | 'unknown_child'
  | 'missing_child'
  | 'too_many_children'
  | 'wrong_content'

/** One thing that is wrong, and where: tags from the root, `@name` for an attribute. */
export interface Mismatch {
  readonly rule: ViolatedRule
  readonly path: string
  readonly message: string
}

/** Compares a stanza with a shape: everything that differs, nothing when it fits. */
export const checkShape = (shape: Shape, stanza: Stanza, path = stanza.tag): readonly Mismatch[] => [
  ...checkAttributes(shape, stanza, path),
  ...(stanza.content instanceof Uint8Array ? checkBytes(shape, stanza.content, path) : checkChildren(shape, stanza.content ?? [], path)),
]

const checkAttributes = ({ attributes, isOpen }: Shape, { attrs }: Stanza, path: string): readonly Mismatch[] => {
  const mismatches: Mismatch[] = []
  for (const [name, value] of Object.entries(attrs)) {
    const kind = attributes.get(name)
    if (!kind) {
      if (!isOpen || attributes.size > 0) mismatches.push({ rule: 'unknown_attribute', path: `${path}@${name}`, message: 'is not published' })
    } else if (!isOfKind(kind, value)) mismatches.push({ rule: 'wrong_attribute', path: `${path}@${name}`, message: `must be ${describe(kind)}, is ${shown(value)}` })
  }
  for (const [name, kind] of attributes)
    if (!kind.isOptional && attrs[name] === undefined) mismatches.push({ rule: 'missing_attribute', path: `${path}@${name}`, message: `must be ${describe(kind)}, is missing` })
  return mismatches
}

const checkChildren = ({ children, content, isOpen }: Shape, present: readonly Stanza[], path: string): readonly Mismatch[] => {
  // An element without content is all there is to see of empty bytes.
  if (content) {
    if (present.length > 0) return [{ rule: 'wrong_content', path, message: `must be ${describe(content)}, is ${present.length} children` }]
    return (content.min ?? 0) > 0 ? [{ rule: 'wrong_content', path, message: `must be ${describe(content)}, is empty` }] : []
  }
  const mismatches: Mismatch[] = []
  const counts = new Map<string, number>()
  for (const child of present) {
    const shape = children.get(child.tag) ?? children.get('*')
    if (shape) {
      counts.set(shape.tag, (counts.get(shape.tag) ?? 0) + 1)
      mismatches.push(...checkShape(shape, child, `${path}/${child.tag}`))
    } else if (!isOpen) mismatches.push({ rule: 'unknown_child', path: `${path}/${child.tag}`, message: 'is not published' })
  }
  for (const { tag, min, max } of children.values()) {
    const count = counts.get(tag) ?? 0
    if (count < min) mismatches.push({ rule: 'missing_child', path: `${path}/${tag}`, message: `must occur ${min === 1 ? '' : `${min} times, occurs ${count}`}`.trim() })
    if (count > max) mismatches.push({ rule: 'too_many_children', path: `${path}/${tag}`, message: `must occur at most ${max} times, occurs ${count}` })
  }
  return mismatches
}

const checkBytes = ({ content, isOpen }: Shape, bytes: Uint8Array, path: string): readonly Mismatch[] => {
  if (!content) return isOpen ? [] : [{ rule: 'wrong_content', path, message: `must have no bytes, has ${bytes.length}` }]
  const { name, words, min = 0, max = Infinity } = content
  const isRight = words ? words.has(new TextDecoder().decode(bytes)) : name === 'int' ? isNumber(bytes) : bytes.length >= min && bytes.length <= max
  return isRight ? [] : [{ rule: 'wrong_content', path, message: `must be ${describe(content)}, is ${bytes.length} bytes` }]
}

/** Digits, or a number in up to eight bytes. */
const isNumber = (bytes: Uint8Array): boolean =>
  bytes.length > 0 && (bytes.length <= 8 || bytes.every((byte) => byte >= 0x30 && byte <= 0x39))

const PEOPLE: ReadonlySet<string> = new Set(['s.whatsapp.net', 'lid', 'hosted', 'hosted.lid', 'c.us', 'msgr', 'interop', 'bot'])

const isPerson = ({ server, user }: Jid): boolean => PEOPLE.has(server) && user !== ''

const JIDS: Readonly<Record<string, (jid: Jid) => boolean>> = {
  jid: () => true,
  userJid: (jid) => isPerson(jid) && jid.device === 0,
  deviceJid: isPerson,
  lidUserJid: (jid) => isPerson(jid) && jid.server.endsWith('lid') && jid.device === 0,
  // The groups' own server is addressed where a group is made.
  groupJid: ({ server }) => server === 'g.us',
  newsletterJid: ({ server }) => server === 'newsletter',
  broadcastJid: ({ server }) => server === 'broadcast',
}

const isOfKind = ({ name, words, min = -Infinity, max = Infinity }: ValueKind, value: string | Jid): boolean => {
  if (words) return words.has(value.toString())
  const isRightJid = JIDS[name]
  if (isRightJid) {
    const jid = value instanceof Jid ? value : parseJid(value)
    return jid !== undefined && isRightJid(jid)
  }
  const text = value.toString()
  switch (name) {
    case 'int':
      return /^-?\d+$/.test(text) && Number(text) >= min && Number(text) <= max
    case 'time':
      return /^\d+$/.test(text)
    case 'bool':
      return /^(true|false|1|0)$/.test(text)
    case 'stanzaId':
    case 'callId':
      return text !== ''
    default:
      return true
  }
}

const describe = ({ name, words, min, max }: ValueKind): string => {
  if (words) return [...words].map((word) => `“${word}”`).join(' or ')
  if (min === undefined && max === undefined) return name
  return `${name} of ${min === max ? min : `${min ?? 0} to ${max ?? 'any'}`}`
}

const shown = (value: string | Jid): string => {
  const text = value.toString()
  return `“${text.length > 40 ? `${text.slice(0, 40)}…` : text}”`
}
