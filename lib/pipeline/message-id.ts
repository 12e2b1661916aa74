import { randomBytes, sha256 } from '#crypto'
import { bigEndian, toHex, utf8 } from '../bytes/bytes.ts'
import type { Jid } from '../stanza/jid.ts'

/**
 * A fresh message id: `3EB0` and 18 upper-case hex digits (protocol document 05, section 1).
 *
 * @param user our own phone number
 */
export const messageId = (user: Jid, nowMs: number, random: Uint8Array = randomBytes(16)): string => {
  const digest = sha256(bigEndian(Math.floor(nowMs / 1000), 8), utf8(`${user.user}@c.us`), random)
  return `3EB0${toHex(digest.subarray(0, 9)).toUpperCase()}`
}
