/**
 * The shape of a stanza as it is written down. An attribute is a kind (`int`, `userJid`, `=literal`,
 * `(one|other)`, `int[1..5]`), with `?` behind it when it may be absent, with `!` when a document says that
 * it may not; a content is a kind too (`bytes[32..32]`).
 */
export interface WrittenShape {
  readonly tag: string
  readonly attrs?: Readonly<Record<string, string>>
  readonly children?: readonly WrittenShape[]
  /** How often it occurs in its parent; 0 when absent. */
  readonly min?: number
  /** Unbounded when absent. */
  readonly max?: number
  readonly content?: string
  /** Several alternatives written as one: what they need and which words they use is not known. */
  readonly isMerged?: boolean
  /** What is inside was not read, so every content is right, attributes too when none are named. */
  readonly isOpen?: boolean
  /** Stated by a document: meant as it stands, whatever is around it. */
  readonly isStated?: boolean
}

/** A kind of value, read once. */
export interface ValueKind {
  readonly name: string
  readonly isOptional: boolean
  readonly isStated: boolean
  /** The words of `=word` and `(one|other)`. */
  readonly words?: ReadonlySet<string> | undefined
  /** Of a number, or of a content in bytes. */
  readonly min?: number
  readonly max?: number
}

/** The shape of a stanza, ready to be compared with one. */
export interface Shape {
  readonly tag: string
  readonly attributes: ReadonlyMap<string, ValueKind>
  /** By tag; `*` stands for any other. */
  readonly children: ReadonlyMap<string, Shape>
  readonly min: number
  readonly max: number
  readonly content: ValueKind | undefined
  readonly isOpen: boolean
}

/** Reads a kind from its text. */
export const readKind = (text: string): ValueKind => {
  const isOptional = text.endsWith('?')
  const isStated = text.endsWith('!')
  const kind = isOptional || isStated ? text.slice(0, -1) : text
  const common = { isOptional, isStated }
  if (kind.startsWith('=')) return { name: 'word', ...common, words: new Set([kind.slice(1)]) }
  if (kind.startsWith('(')) return { name: 'word', ...common, words: new Set(kind.slice(1, -1).split('|')) }
  const [, name = kind, min, max] = /^(\w+)\[(\d+)\.\.(\d*)\]$/.exec(kind) ?? []
  return { name, ...common, ...(min !== undefined && { min: Number(min) }), ...(max && { max: Number(max) }) }
}

/**
 * Makes a written shape ready for comparisons.
 *
 * @param isVocabulary it lists what may occur, of all senders together, and not what one sender needs
 */
export const compileShape = (written: WrittenShape, isVocabulary = false, isPartOfMerged = false): Shape => {
  const isLoose = isVocabulary && !written.isStated
  const isMerged = written.isMerged ?? false
  const loosen = (kind: ValueKind): ValueKind => {
    if (kind.isStated) return kind
    const isOptional = kind.isOptional || isLoose || isMerged
    // Of merged literals only the first was kept.
    return isMerged && kind.words?.size === 1 ? { ...kind, name: 'string', words: undefined, isOptional } : { ...kind, isOptional }
  }
  return {
    tag: written.tag,
    attributes: new Map(Object.entries(written.attrs ?? {}).map(([name, text]) => [name, loosen(readKind(text))])),
    children: new Map((written.children ?? []).map((child) => [child.tag, compileShape(child, isLoose, isMerged)])),
    min: isLoose || (isPartOfMerged && !written.isStated) ? 0 : (written.min ?? 0),
    max: written.max ?? Infinity,
    content: written.content === undefined ? undefined : readKind(written.content),
    isOpen: written.isOpen ?? false,
  }
}
