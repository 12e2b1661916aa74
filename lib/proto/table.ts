/** One field of a message type, as the codec needs it. */
export interface Field {
  readonly number: number
  readonly name: string
  /** One letter per wire form, see {@link createTables}. */
  readonly kind: string
  readonly rule: 'single' | 'repeated' | 'packed' | 'map'
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
}

/** Tables by type name, unfolded when first asked for. */
export type Tables = (name: string) => MessageTable

/**
 * Reads the compact form: a line per type, `Name|number name kind|…`. A kind is a letter (d f i u s x z
 * I U S X Z b t B e, as the script that writes the tables says, `m` with the name of a message type),
 * after `*` for repeated, `#` for packed, `%` and the kind of the key for a map.
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
  return { name, fields, byNumber }
}

const rules = { '*': 'repeated', '#': 'packed', '%': 'map' } as const

const readField = (code: string, find: Tables): Field => {
  const [number, name = '', type = ''] = code.split(' ')
  const mark = type[0]
  const rule = mark === '*' || mark === '#' || mark === '%' ? rules[mark] : 'single'
  const keyKind = rule === 'map' ? type[1]! : ''
  const value = type.slice(rule === 'single' ? 0 : rule === 'map' ? 2 : 1)
  const typeName = value.slice(1)
  let table: MessageTable | undefined
  return {
    number: Number(number),
    name,
    kind: value[0]!,
    rule,
    keyKind,
    message: value[0] === 'm' ? () => (table ??= find(typeName)) : undefined,
  }
}
