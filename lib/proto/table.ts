/** Wire types of the encoding; groups (3 and 4) are in no schema of ours. */
export const WIRE = Object.freeze({ varint: 0, fixed64: 1, length: 2, fixed32: 5 } as const)

/** One field of a message type, as the codec needs it. */
export interface Field {
  readonly number: number
  readonly name: string
  /** One letter per kind of value, see {@link createTables}. */
  readonly kind: string
  readonly rule: 'single' | 'repeated' | 'packed' | 'map'
  /** Wire type of one value. */
  readonly wireType: number
  /** Number and wire type as they stand before one value. */
  readonly tag: number
  /** Kind of the keys of a map. */
  readonly keyKind: string
  /** Table of the message type of the value, for kind `m`. */
  readonly message: (() => MessageTable) | undefined
}

/** The fields of one message type. */
export interface MessageTable {
  readonly name: string
  /** In ascending order, which is the order of encoding. */
  readonly fields: readonly Field[]
  /** By number; sparse. */
  readonly byNumber: readonly (Field | undefined)[]
  readonly byName: ReadonlyMap<string, Field>
}

/** Tables by type name, unfolded when first asked for. */
export type Tables = (name: string) => MessageTable

/**
 * Reads the compact form: a line per type, `Name|number name kind|…`. A kind is a letter, after `*` for
 * repeated, `#` for packed, `%` and the kind of the key for a map:
 * `u` uint32, `i` int32, `s` sint32, `x` fixed32, `z` sfixed32, the same in capitals for 64 bits,
 * `b` bool, `e` enum, `f` float, `d` double, `t` string, `B` bytes, `m` with the name of a message type.
 *
 * @param others where types live that are not in this text
 */
export const createTables = (text: string, others?: Tables): Tables => {
  let lines: Map<string, string> | undefined
  const tables = new Map<string, MessageTable>()
  const find: Tables = (name) => {
    const known = tables.get(name)
    if (known) return known
    lines ??= new Map(text.trim().split('\n').map((line): [string, string] => [line.slice(0, (line + '|').indexOf('|')), line]))
    const line = lines.get(name)
    if (line === undefined) {
      if (others) return others(name)
      throw new RangeError(`no message type ${name}`)
    }
    const table = unfold(name, line, find)
    tables.set(name, table)
    return table
  }
  return find
}

const unfold = (name: string, line: string, find: Tables): MessageTable => {
  const fields = line.split('|').slice(1).map((code) => readField(code, find))
  const byNumber: (Field | undefined)[] = []
  for (const field of fields) byNumber[field.number] = field
  return { name, fields, byNumber, byName: new Map(fields.map((field) => [field.name, field])) }
}

const rules = { '*': 'repeated', '#': 'packed', '%': 'map' } as const

const readField = (code: string, find: Tables): Field => {
  const [text, name = '', type = ''] = code.split(' ')
  const number = Number(text)
  const mark = type[0]
  const rule = mark === '*' || mark === '#' || mark === '%' ? rules[mark] : 'single'
  const value = type.slice(rule === 'single' ? 0 : rule === 'map' ? 2 : 1)
  const kind = value.slice(0, 1)
  const typeName = value.slice(1)
  const wireType = rule === 'map' ? WIRE.length : wireTypeOf(kind)
  let table: MessageTable | undefined
  return {
    number,
    name,
    kind,
    rule,
    wireType,
    tag: ((number << 3) | wireType) >>> 0,
    keyKind: rule === 'map' ? type.slice(1, 2) : '',
    message: kind === 'm' ? () => (table ??= find(typeName)) : undefined,
  }
}

/** Wire type of one value of a kind. */
export const wireTypeOf = (kind: string): number => {
  switch (kind) {
    case 't':
    case 'B':
    case 'm':
      return WIRE.length
    case 'd':
    case 'X':
    case 'Z':
      return WIRE.fixed64
    case 'f':
    case 'x':
    case 'z':
      return WIRE.fixed32
    default:
      return WIRE.varint
  }
}
