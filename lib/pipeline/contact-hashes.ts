import { md5 } from '#crypto'
import { toBase64, utf8 } from '../bytes/bytes.ts'
import { Jid } from '../stanza/jid.ts'
import type { LidDirectory } from './lid-directory.ts'

/** Finds the person behind a hash the server names contacts by. */
export type FindByContactHash = (hash: string) => Jid | undefined

/** The hash of an address: the first three bytes of an MD5, base64 (protocol document 11, section 6). */
export const contactHash = (user: string): string => toBase64(md5(utf8(`${user}WA_ADD_NOTIF`)).subarray(0, 3))

/** Looks hashes up among the LIDs known; each is hashed once, when first somebody looks. */
export const createContactHashes = ({ lids }: Pick<LidDirectory, 'lids'>): FindByContactHash => {
  const users = new Map<string, string>()
  const hashed = new Set<string>()
  return (hash) => {
    for (const user of lids()) {
      if (hashed.has(user)) continue
      hashed.add(user)
      users.set(contactHash(user), user)
    }
    const user = users.get(hash)
    return user === undefined ? undefined : new Jid(user, 'lid')
  }
}
