import { randomBytes } from '#crypto'
import { fromBigEndian } from '../bytes/bytes.ts'

/** Two random 16-bit numbers that make ids unique to a connection (protocol document 02, section 4.1). */
export const randomPrefix = (): string => {
  const bytes = randomBytes(4)
  return `${fromBigEndian(bytes.subarray(0, 2))}.${fromBigEndian(bytes.subarray(2))}`
}
