/** A source of numbers that gives the same ones for the same seed. */
export interface Random {
  /** A whole number from 0 to below a bound. */
  readonly below: (bound: number) => number
  readonly pick: <T>(list: readonly T[]) => T
  /** True once in so many times. */
  readonly oneIn: (times: number) => boolean
  readonly bytes: (length: number) => Uint8Array
}

/** Numbers of a seed (mulberry32). */
export const seededRandom = (seed: number): Random => {
  let state = seed >>> 0
  const below = (bound: number): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * bound)
  }
  return {
    below,
    pick: (list) => list[below(list.length)]!,
    oneIn: (times) => below(times) === 0,
    bytes: (length) => Uint8Array.from({ length }, () => below(256)),
  }
}
