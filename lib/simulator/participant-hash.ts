import { sha256 } from '#crypto'
import { toBase64, utf8 } from '../bytes/bytes.ts'
import type { Jid } from '../stanza/jid.ts'

/** Version 2 of the hash over a set of devices (protocol document 05, section 7.2). */
export const participantHash = (devices: readonly Jid[]): string => {
  const names = devices.map(({ user, device, server }) => `${user}.0:${device}@${server === 'c.us' ? 's.whatsapp.net' : server}`).sort()
  return `2:${toBase64(sha256(utf8(names.join(''))).subarray(0, 6))}`
}
