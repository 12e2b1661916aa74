import { randomBytes as nodeRandomBytes, randomFillSync } from 'node:crypto'

import type { CryptoBackend } from '../crypto.ts'
import { plain } from './plain.ts'

/** Random bytes drawn ahead, because a call costs more than what it brings; given out once, then wiped here. */
const drawn = new Uint8Array(4096)
let drawnFrom = drawn.length

export const randomBytes: CryptoBackend['randomBytes'] = (length) => {
  if (length > drawn.length / 8) return plain(nodeRandomBytes(length))
  if (drawnFrom + length > drawn.length) {
    randomFillSync(drawn)
    drawnFrom = 0
  }
  const bytes = drawn.slice(drawnFrom, drawnFrom + length)
  drawn.fill(0, drawnFrom, drawnFrom + length)
  drawnFrom += length
  return bytes
}
