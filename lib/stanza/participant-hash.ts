import { sha256 } from '#crypto'
import { toBase64, utf8 } from '../bytes/bytes.ts'
import type { Jid } from './jid.ts'

const HASHED_BYTES = 6

/**
 * Version 2 of the hash of a set of devices: the server compares it with what it knows (protocol document 05,
 * section 7.2). `2:` for nobody.
 */
export const participantHash = (devices: readonly Jid[]): string => {
  if (devices.length === 0) return '2:'
  const texts = devices.map(hashedText).sort()
  return `2:${toBase64(sha256(utf8(texts.join(''))).subarray(0, HASHED_BYTES))}`
}

/** Texts are ASCII, so sorting them sorts their bytes. */
const hashedText = ({ user, device, server }: Jid): string => {
  const name = server === 'c.us' ? 's.whatsapp.net' : server
  return user === '' ? name : `${user}.0:${device}@${name}`
}
