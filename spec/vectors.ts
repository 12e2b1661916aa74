import { readFileSync } from 'node:fs'

import { fromHex } from '../lib/bytes/bytes.ts'

/** One case of a vector file; columns are told by its `kind`. */
export type VectorCase = Readonly<Record<string, unknown>> & { readonly id: string; readonly kind: string }

/** The cases of one file under `spec/vectors`, optionally of one kind. */
export const vectorCases = <Case = VectorCase>(family: string, kind?: string): readonly (Case & VectorCase)[] => {
  const { cases } = JSON.parse(readFileSync(new URL(`vectors/${family}.json`, import.meta.url), 'utf8')) as {
    readonly cases: readonly (Case & VectorCase)[]
  }
  return kind === undefined ? cases : cases.filter((vector) => vector.kind === kind)
}

/** Bytes of a hex column. */
export const hex = fromHex
