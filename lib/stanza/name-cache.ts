const SLOTS = 256
const NAME_BYTES_LIMIT = 32

/**
 * Names outside the dictionary come again and again; one string each keeps them cheap to read and as
 * keys. A fixed number of short tags and attribute names, never values.
 */
const names: string[] = new Array<string>(SLOTS).fill('')

/** Ends and middle tell the few names in use apart; a clash only costs time. */
const slotOf = (bytes: Uint8Array, start: number, length: number): number =>
  (bytes[start]! * 31 + bytes[start + (length >> 1)]! * 7 + bytes[start + length - 1]! + length * 13) & (SLOTS - 1)

/** The string kept for these bytes, if there is one. */
export const keptName = (bytes: Uint8Array, start: number, length: number): string | undefined => {
  if (length === 0 || length > NAME_BYTES_LIMIT) return undefined
  const name = names[slotOf(bytes, start, length)]!
  if (name.length !== length) return undefined
  // Only ASCII names are kept, so their codes are their bytes.
  for (let index = 0; index < length; index += 1) if (name.charCodeAt(index) !== bytes[start + index]) return undefined
  return name
}

/** Keeps the name these bytes spell for the next time. */
export const keepName = (bytes: Uint8Array, start: number, length: number, name: string): void => {
  if (length === 0 || length > NAME_BYTES_LIMIT || name.length !== length) return
  // A name that has been a key is the one string the engine uses for it.
  names[slotOf(bytes, start, length)] = Object.keys({ [name]: 0 })[0]!
}
