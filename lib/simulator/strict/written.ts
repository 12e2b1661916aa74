import type { WrittenShape } from './shape.ts'

/** A correction of a published shape. */
export interface ShapeException {
  /** Name of the published shape. */
  readonly of: string
  /** Tags to the corrected node, the root left out; the root itself when absent. */
  readonly at?: string
  /** Attributes in place of the published ones. */
  readonly attrs?: Readonly<Record<string, string>>
  /** Children in place of the published ones with the same tags. */
  readonly children?: readonly WrittenShape[]
  /** Attributes and children that may be absent. */
  readonly optional?: readonly string[]
  /** Children that are no children: readings of loops over whatever there is. */
  readonly without?: readonly string[]
  /** Protocol document and section that says otherwise. */
  readonly because: string
}

/** A request that the published shapes lack. */
export interface DocumentedRequest {
  readonly name: string
  readonly request: WrittenShape
  /** Children of its result, when they are documented. */
  readonly result?: readonly WrittenShape[]
  readonly because: string
}

/** Something else that one side sends and the published shapes lack. */
export interface DocumentedStanza {
  readonly name: string
  readonly from: 'client' | 'server'
  readonly shape: WrittenShape
  readonly because: string
}

/** What a written shape says besides its tag and number. */
export type Parts = Omit<WrittenShape, 'tag' | 'min' | 'max'>
/** Exactly one. */
export const one = (tag: string, parts: Parts = {}): WrittenShape => ({ tag, ...parts, min: 1, max: 1, isStated: true })
/** One at most. */
export const perhaps = (tag: string, parts: Parts = {}): WrittenShape => ({ tag, ...parts, max: 1, isStated: true })
/** Any number. */
export const many = (tag: string, parts: Parts = {}, min = 0): WrittenShape => ({ tag, ...parts, min, isStated: true })
/** Content in bytes, of any length or of one. */
export const bytes = (length?: number): Parts => ({ content: length === undefined ? 'bytes' : `bytes[${length}..${length}]` })

/** A request of a client. */
export const iq = (type: string, xmlns: string, children: readonly WrittenShape[], attrs: Readonly<Record<string, string>> = {}): WrittenShape => ({
  tag: 'iq',
  attrs: { id: 'stanzaId', to: '=s.whatsapp.net', type: `=${type}`, xmlns: `=${xmlns}`, ...attrs },
  children,
})
