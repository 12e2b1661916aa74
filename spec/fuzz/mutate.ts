import { concat } from '../../lib/bytes/bytes.ts'
import type { Random } from './random.ts'

/** Bytes that mean something in many formats: borders of numbers, tags, lengths. */
const INTERESTING = [0, 1, 2, 3, 0x0f, 0x10, 0x1f, 0x20, 0x3f, 0x40, 0x7e, 0x7f, 0x80, 0x81, 0xbf, 0xc0, 0xf0, 0xf7, 0xf8, 0xf9, 0xfa, 0xfb, 0xfc, 0xfd, 0xfe, 0xff]

type Change = (input: Uint8Array, random: Random, corpus: readonly Uint8Array[], dictionary: readonly Uint8Array[]) => Uint8Array

const splice = (input: Uint8Array, start: number, end: number, between: Uint8Array): Uint8Array =>
  concat(input.subarray(0, start), between, input.subarray(end))

const span = (input: Uint8Array, random: Random): readonly [start: number, end: number] => {
  const start = random.below(input.length + 1)
  return [start, Math.min(input.length, start + 1 + random.below(random.oneIn(4) ? input.length + 1 : 8))]
}

const at = (input: Uint8Array, random: Random, change: (byte: number) => number): Uint8Array => {
  if (input.length === 0) return random.bytes(1)
  const copy = input.slice()
  const place = random.below(copy.length)
  copy[place] = change(copy[place]!)
  return copy
}

const changes: readonly Change[] = [
  (input, random) => at(input, random, (byte) => byte ^ (1 << random.below(8))),
  (input, random) => at(input, random, () => random.below(256)),
  (input, random) => at(input, random, () => random.pick(INTERESTING)),
  (input, random) => at(input, random, (byte) => byte + random.below(9) - 4),
  (input, random) => splice(input, ...span(input, random), new Uint8Array(0)),
  (input, random) => input.subarray(0, random.below(input.length + 1)),
  (input, random) => {
    const place = random.below(input.length + 1)
    return splice(input, place, place, random.oneIn(2) ? random.bytes(1 + random.below(8)) : new Uint8Array(1 + random.below(64)).fill(random.pick(INTERESTING)))
  },
  // A piece once more, here or often.
  (input, random) => {
    const [start, end] = span(input, random)
    const piece = input.slice(start, end)
    const place = random.below(input.length + 1)
    return splice(input, place, place, concat(...Array.from({ length: 1 + random.below(random.oneIn(8) ? 64 : 2) }, () => piece)))
  },
  // A piece of another input.
  (input, random, corpus) => {
    const other = random.pick(corpus)
    const [start, end] = span(other, random)
    return splice(input, ...span(input, random), other.subarray(start, end))
  },
  (input, random, corpus) => {
    const other = random.pick(corpus)
    return concat(input.subarray(0, random.below(input.length + 1)), other.subarray(random.below(other.length + 1)))
  },
  (input, random, _, dictionary) => {
    if (dictionary.length === 0) return at(input, random, () => 0xff)
    const place = random.below(input.length + 1)
    return splice(input, place, random.oneIn(2) ? place : Math.min(input.length, place + 4), random.pick(dictionary))
  },
  // A number of several bytes.
  (input, random) => {
    const length = random.pick([2, 3, 4, 8])
    const place = random.below(input.length + 1)
    return splice(input, place, place + length, new Uint8Array(length).fill(random.pick([0, 0x7f, 0x80, 0xff])))
  },
]

/** An input with one to five changes. */
export const mutateBytes = (input: Uint8Array, random: Random, corpus: readonly Uint8Array[], dictionary: readonly Uint8Array[], longestBytes: number): Uint8Array => {
  let changed = input
  for (let left = 1 + random.below(random.oneIn(3) ? 5 : 2); left > 0; left -= 1) changed = random.pick(changes)(changed, random, corpus, dictionary)
  return changed.slice(0, longestBytes)
}
