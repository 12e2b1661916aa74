/** Character codes of a text being put together; filled first, then read by {@link textOfCodes}. */
export const codes = new Uint8Array(256)

/** The same codes, two at a time. */
export const codePairs = new Uint16Array(codes.buffer)

/** Two codes as {@link codePairs} holds them on this machine. */
export const pairOf = (first: number, second: number): number => {
  codes[0] = first
  codes[1] = second
  return codePairs[0]!
}

/**
 * The text of the first `length` codes. A few calls with a fixed number of arguments cost a quarter of
 * adding the characters up, and less than a decoder for texts this short.
 */
export const textOfCodes = (length: number): string => {
  let text = ''
  let at = 0
  for (; length - at > 8; at += 16) {
    const sixteen = String.fromCharCode(
      codes[at]!, codes[at + 1]!, codes[at + 2]!, codes[at + 3]!, codes[at + 4]!, codes[at + 5]!, codes[at + 6]!, codes[at + 7]!,
      codes[at + 8]!, codes[at + 9]!, codes[at + 10]!, codes[at + 11]!, codes[at + 12]!, codes[at + 13]!, codes[at + 14]!, codes[at + 15]!,
    )
    text += length - at < 16 ? sixteen.slice(0, length - at) : sixteen
  }
  if (at >= length) return text
  const eight = String.fromCharCode(
    codes[at]!, codes[at + 1]!, codes[at + 2]!, codes[at + 3]!, codes[at + 4]!, codes[at + 5]!, codes[at + 6]!, codes[at + 7]!,
  )
  return text + (length - at < 8 ? eight.slice(0, length - at) : eight)
}
