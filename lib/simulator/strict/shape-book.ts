import { childrenOf, type Stanza } from '../../stanza/stanza.ts'
import { checkShape, type Mismatch } from './check-shape.ts'
import { DOCUMENTED_REQUESTS, DOCUMENTED_STANZAS, EXCEPTIONS } from './exceptions.ts'
import { readPublishedShapes } from './published-shapes.ts'
import { compileShape, type Shape, type WrittenShape } from './shape.ts'

/** One way a stanza may look. */
export interface Candidate {
  /** Name it is published or documented under. */
  readonly name: string
  readonly written: WrittenShape
  readonly shape: () => Shape
}

/** A request and what the server may say to it. */
export interface KnownRequest extends Candidate {
  /** Results and errors; empty when they are not known. */
  readonly responses: readonly Candidate[]
}

/** All known shapes, by what a stanza can be looked up with. */
export interface ShapeBook {
  /** Requests with this type and namespace. */
  readonly requests: (type: string, xmlns: string) => readonly KnownRequest[]
  /** Other stanzas of clients, by tag; for `iq` the answers to what the server asks. */
  readonly sent: (tag: string) => readonly Candidate[]
  /** Stanzas of the server, by tag; for `iq` its own requests. */
  readonly received: (tag: string) => readonly Candidate[]
}

/** How much differs between a stanza and the likeliest of its shapes. */
export interface Comparison {
  /** Name of the shape; undefined when there was none to compare with. */
  readonly name: string | undefined
  readonly mismatches: readonly Mismatch[]
}

let book: ShapeBook | undefined

/** The known shapes; read when they are first asked for, which takes some fifty milliseconds. */
export const shapeBook = (): ShapeBook => (book ??= makeBook())

/** Compares with each shape: the one that fits, otherwise the closest. */
export const compare = <Known extends Candidate>(stanza: Stanza, candidates: readonly Known[]): Comparison & { readonly candidate: Known | undefined } => {
  let closest: { readonly candidate: Known; readonly mismatches: readonly Mismatch[] } | undefined
  // Those that say the same thing at all; among shapes of other things the smallest would be the closest.
  const alike = candidates.filter(({ written }) => sharesChild(written, stanza))
  for (const candidate of alike.length > 0 ? alike : candidates) {
    const mismatches = checkShape(candidate.shape(), stanza)
    if (!closest || mismatches.length < closest.mismatches.length) closest = { candidate, mismatches }
    if (mismatches.length === 0) break
  }
  if (closest) return { name: closest.candidate.name, ...closest }
  const described = stanza.tag === 'iq' ? `iq ${String(stanza.attrs['type'])} ${String(stanza.attrs['xmlns'] ?? '')}`.trim() : stanza.tag
  return { name: undefined, candidate: undefined, mismatches: [{ rule: 'unknown_shape', path: stanza.tag, message: `no shape of “${described}” is published` }] }
}

const sharesChild = ({ children = [] }: WrittenShape, stanza: Stanza): boolean => {
  const [first] = childrenOf(stanza)
  return first !== undefined && children.some(({ tag }) => tag === first.tag)
}

const makeBook = (): ShapeBook => {
  const { operations, stanzas } = readPublishedShapes()
  const candidate = (name: string, published: WrittenShape, isVocabulary = false): Candidate => {
    let shape: Shape | undefined
    const written = corrected(name, published)
    return { name, written, shape: () => (shape ??= compileShape(written, isVocabulary)) }
  }
  const named = ({ name, shape }: { readonly name: string; readonly shape: WrittenShape }): Candidate => candidate(name, shape)

  const requests: KnownRequest[] = [
    ...operations.flatMap(({ name, request, responses }) => (request?.tag === 'iq' ? [{ ...candidate(name, request), responses: responses.map(named) }] : [])),
    ...DOCUMENTED_REQUESTS.map(({ name, request, result }) => ({ ...candidate(name, request), responses: result ? [candidate(`${name}.Success`, resultOf(result)), candidate(`${name}.Error`, REFUSAL)] : [] })),
  ]
  const documented = (side: 'client' | 'server'): readonly Candidate[] => DOCUMENTED_STANZAS.filter(({ from }) => from === side).map(named)
  const answers = [...operations, ...stanzas].flatMap((entry) => entry.answers.map(named))
  const pushes = operations.flatMap((entry) => entry.pushes.map(named))
  const sent: Candidate[] = [
    ...stanzas.flatMap((entry) => (entry.sent ? [candidate(entry.name, entry.sent, true)] : [])),
    ...operations.flatMap(({ name, request }) => (request && request.tag !== 'iq' ? [candidate(name, request)] : [])),
    ...answers,
    ...documented('client'),
  ]
  const received: Candidate[] = [
    ...stanzas.flatMap((entry) => (entry.received ? [candidate(`${entry.name} received`, entry.received, true)] : [])),
    ...pushes,
    ...documented('server'),
    // Acknowledgements answer what is no request.
    ...operations.flatMap(({ responses }) => responses.filter(({ shape }) => shape.tag !== 'iq').map(named)),
  ]

  const byKey = groupBy(requests, ({ written }) => `${wordOf(written, 'type')} ${wordOf(written, 'xmlns')}`)
  const sentByTag = groupBy(sent, ({ written }) => written.tag)
  const receivedByTag = groupBy(received, ({ written }) => written.tag)
  return {
    requests: (type, xmlns) => [...(byKey.get(`${type} ${xmlns}`) ?? []), ...(byKey.get(`undefined ${xmlns}`) ?? [])],
    sent: (tag) => sentByTag.get(tag) ?? [],
    received: (tag) => receivedByTag.get(tag) ?? [],
  }
}

/** The only value a literal attribute of the root may have. */
const wordOf = ({ attrs }: WrittenShape, name: string): string | undefined => {
  const kind = attrs?.[name]
  return kind?.startsWith('=') ? kind.slice(1) : undefined
}

const resultOf = (children: readonly WrittenShape[]): WrittenShape => ({
  tag: 'iq',
  attrs: { from: 'jid', id: 'stanzaId', type: '=result' },
  children,
})

/** How a request is refused (protocol document 02, section 4.2). */
const REFUSAL: WrittenShape = {
  tag: 'iq',
  attrs: { from: 'jid', id: 'stanzaId', type: '=error' },
  children: [{ tag: 'error', min: 1, max: 1, attrs: { code: 'int', text: 'string?', type: 'string?', backoff: 'int?' } }],
}

/** A published shape with what the table of exceptions says about it. */
const corrected = (name: string, published: WrittenShape): WrittenShape =>
  EXCEPTIONS.filter(({ of }) => of === name).reduce(
    (shape, { at, ...exception }) => correctedAt(shape, at === undefined ? [] : at.split('/'), exception),
    published,
  )

type Correction = Omit<(typeof EXCEPTIONS)[number], 'of' | 'at'>

const correctedAt = (shape: WrittenShape, [next, ...rest]: readonly string[], correction: Correction): WrittenShape => {
  if (next !== undefined) return { ...shape, children: (shape.children ?? []).map((child) => (child.tag === next ? correctedAt(child, rest, correction) : child)) }
  const { attrs = {}, children = [], optional = [], without = [] } = correction
  const replaced = new Set([...children.map(({ tag }) => tag), ...without])
  return {
    ...shape,
    attrs: Object.fromEntries(
      Object.entries({ ...shape.attrs, ...attrs }).map(([name, kind]) => [name, optional.includes(name) && !kind.endsWith('?') ? `${kind}?` : kind]),
    ),
    children: [
      ...(shape.children ?? []).filter(({ tag }) => !replaced.has(tag)).map((child) => (optional.includes(child.tag) ? { ...child, min: 0 } : child)),
      ...children,
    ],
  }
}

const groupBy = <Value>(values: readonly Value[], keyOf: (value: Value) => string): ReadonlyMap<string, readonly Value[]> => {
  const groups = new Map<string, Value[]>()
  for (const value of values) {
    const group = groups.get(keyOf(value))
    if (group) group.push(value)
    else groups.set(keyOf(value), [value])
  }
  return groups
}
