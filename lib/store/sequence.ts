/** Numbers from here on are none of ours: counting on from them would leave the twelve digits. */
export const MOST_ROWS = 2 ** 47

/** Row keys that sort like the whole numbers they stand for: 12 hex digits, enough for 2^48 rows. */
export const sequenceKey = (sequence: number): string => sequence.toString(16).padStart(12, '0')

/** The number of such a key; undefined when it is none. */
export const sequenceOf = (key: string): number | undefined => {
  const sequence = /^[0-9a-f]{12}$/.test(key) ? parseInt(key, 16) : MOST_ROWS
  return sequence < MOST_ROWS ? sequence : undefined
}
