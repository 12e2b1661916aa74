/** Where a UTF-16 unit stands among code points: surrogates, which spell the highest ones, come last. */
const rankOf = (unit: number): number => (unit >= 0xe000 ? unit - 0x800 : unit >= 0xd800 ? unit + 0x2000 : unit)

/**
 * The order of keys: ascending UTF-8 bytes, which is the order of code points. JavaScript's own `<`
 * compares UTF-16 units and puts U+10000 before U+FFFF.
 */
export const compareKeys = (left: string, right: string): number => {
  const length = Math.min(left.length, right.length)
  for (let index = 0; index < length; index += 1) {
    const one = left.charCodeAt(index)
    const other = right.charCodeAt(index)
    if (one !== other) return rankOf(one) - rankOf(other)
  }
  return left.length - right.length
}
