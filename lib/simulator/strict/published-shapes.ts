import { inflateSync } from 'fflate'

import { fromBase64 } from '../../bytes/bytes.ts'
import { PUBLISHED_SHAPES } from './published-shapes.generated.ts'
import type { WrittenShape } from './shape.ts'

/** A shape with the name it is published under. */
export interface NamedShape {
  readonly name: string
  readonly shape: WrittenShape
}

/** Something one side asks or tells, with what the other may say to it. */
export interface PublishedOperation {
  readonly name: string
  /** What the client sends; absent when the server begins. */
  readonly request?: WrittenShape
  /** What the client answers to a push. */
  readonly answers: readonly NamedShape[]
  readonly pushes: readonly NamedShape[]
  /** What the server answers to the request. */
  readonly responses: readonly NamedShape[]
}

/** Everything of one kind of stanza, from all its builders and parsers. */
export interface PublishedStanza {
  readonly name: string
  readonly sent?: WrittenShape
  readonly received?: WrittenShape
  readonly answers: readonly NamedShape[]
}

/** The published shapes. */
export interface PublishedShapes {
  readonly operations: readonly PublishedOperation[]
  readonly stanzas: readonly PublishedStanza[]
}

/** Reads the published shapes; some fifty milliseconds. */
export const readPublishedShapes = (): PublishedShapes =>
  JSON.parse(new TextDecoder().decode(inflateSync(fromBase64(PUBLISHED_SHAPES)!))) as PublishedShapes
