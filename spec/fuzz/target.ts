import { isDeepStrictEqual } from 'node:util'

import type { RxwaError } from '../../lib/errors/rxwa-error.ts'
import type { Random } from './random.ts'

/** One parser under test. */
export interface Target {
  /** Names its folder of the corpus, too. */
  readonly name: string
  /** Well-formed inputs to begin with. */
  readonly seeds: () => readonly Uint8Array[]
  /** Feeds one input; throws when the parser does what it must not. */
  readonly feed: (input: Uint8Array) => void | Promise<void>
  /** A change that knows the form of the inputs; half of all changes when given. */
  readonly mutate?: (input: Uint8Array, random: Random) => Uint8Array
  /** Words the parser looks for. */
  readonly dictionary?: readonly Uint8Array[]
  /** Longest input that is made; default 4096. */
  readonly longestBytes?: number
  /** Memory an input of so many bytes may take; default 16 MiB and 512 bytes for each. */
  readonly memoryLimit?: (inputBytes: number) => number
}

type ErrorClass = abstract new (...values: never[]) => RxwaError

/** What a parser makes of an input; undefined when it refuses with one of the errors it documents. Any other error passes. */
export const accepted = <T>(errors: readonly ErrorClass[], parse: () => T): T | undefined => {
  try {
    return parse()
  } catch (error) {
    if (errors.some((known) => error instanceof known)) return undefined
    throw error
  }
}

/** Throws when two values differ that must be the same. */
export const requireEqual = (one: unknown, other: unknown, what: string): void => {
  if (!isDeepStrictEqual(one, other)) throw new Error(`${what}: the second reading differs from the first`)
}

/** Throws when something that must hold does not. */
export const requireThat = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(what)
}
