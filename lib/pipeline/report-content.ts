import { concat } from '../bytes/bytes.ts'

/**
 * Which fields of a message a report covers, by number: `*` stands for a whole message, `=n` for the same as
 * field n, braces for some fields of a message (protocol document 05, section 10, version 2).
 */
const TREE = `
1 3{2 3 8 11 17{21 22} 25} 4{1 16 17{21 22}} 5{3 4 5 16 17{21 22}} 6{1 17{21 22} 30}
7{2 7 10 17{21 22} 20} 8{2 7 9 17{21 22} 21} 9{2 6 7 13 17{21 22} 20} 12{1 2 14* 15}
18{6 16 17{21 22}} 26{4 5 8 13 17{21 22}} 28{1 2 4 5 6 7{21 22}} 37{1*}
49{2 3{1 2} 5{21 22} 8{1 2}} 53{1*} 55{1*} 58{1*} 59{1*} 60=49 64=49 66=9 74{1*} 87{1*}
88{1 2{1} 3{21 22}} 92{1*} 93{1*} 94{1*}`

/** What is kept of a field: all of it, or some fields of the message in it. */
type Kept = 'whole' | Fields
type Fields = Map<number, Kept>

const readTree = (): Fields => {
  const words = TREE.match(/\d+|[{}*=]/g) ?? []
  let at = 0
  const root: Fields = new Map()
  const readFields = (fields: Fields): Fields => {
    for (; at < words.length && words[at] !== '}'; ) {
      const field = Number(words[at++])
      if (words[at] === '{') {
        at += 1
        fields.set(field, readFields(new Map()))
        at += 1
      } else if (words[at] === '*') {
        at += 1
        fields.set(field, root)
      } else if (words[at] === '=') {
        fields.set(field, fields.get(Number(words[at + 1])) ?? 'whole')
        at += 2
      } else fields.set(field, 'whole')
    }
    return fields
  }
  return readFields(root)
}

let tree: Fields | undefined

/** Messages within messages, a quarter of what any reader follows. */
const DEPTH_LIMIT = 25

const NOTHING = new Uint8Array(0)

/** The part of a message that a report covers, from its bytes as they are sent; empty when there is none. */
export const reportContent = (message: Uint8Array): Uint8Array => extract(message, (tree ??= readTree()), 0)

interface Part {
  readonly field: number
  readonly bytes: Uint8Array
}

const extract = (message: Uint8Array, fields: Fields, depth: number): Uint8Array => {
  if (depth > DEPTH_LIMIT) return NOTHING
  const parts: Part[] = []
  let at = 0
  while (at < message.length) {
    const start = at
    const tag = readVarint(message, at)
    const field = Math.floor(tag.value / 8)
    const end = endOf(message, tag.next, tag.value & 7)
    if (end === undefined || end > message.length) return NOTHING
    at = end
    const kept = fields.get(field)
    if (kept === 'whole') parts.push({ field, bytes: message.subarray(start, end) })
    else if (kept && (tag.value & 7) === LENGTH_DELIMITED) {
      const { next } = readVarint(message, tag.next)
      const inner = extract(message.subarray(next, end), kept, depth + 1)
      if (inner.length > 0) parts.push({ field, bytes: concat(message.subarray(start, tag.next), varint(inner.length), inner) })
    }
  }
  if (parts.length === 1) return parts[0]!.bytes
  return concat(...parts.sort((one, other) => one.field - other.field).map(({ bytes }) => bytes))
}

const LENGTH_DELIMITED = 2

/** Where a field ends; undefined for a wire type nobody uses. */
const endOf = (bytes: Uint8Array, at: number, wireType: number): number | undefined => {
  switch (wireType) {
    case 0:
      return readVarint(bytes, at).next
    case 1:
      return at + 8
    case LENGTH_DELIMITED: {
      const { value, next } = readVarint(bytes, at)
      return next + value
    }
    case 5:
      return at + 4
    default:
      return undefined
  }
}

/** A number and where it ends; one that crosses the end ends beyond it. */
const readVarint = (bytes: Uint8Array, at: number): { readonly value: number; readonly next: number } => {
  let value = 0
  let factor = 1
  for (let next = at; next < bytes.length; next += 1) {
    const byte = bytes[next]!
    value += (byte & 0x7f) * factor
    if (byte < 0x80) return { value, next: next + 1 }
    factor *= 128
  }
  return { value, next: bytes.length + 1 }
}

const varint = (value: number): Uint8Array => {
  const bytes: number[] = []
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Uint8Array.from([...bytes, rest])
    bytes.push((rest % 128) | 0x80)
  }
}
