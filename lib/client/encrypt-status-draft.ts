import { map, type Observable } from 'rxjs'

import { fanOutOf } from '../pipeline/fan-out.ts'
import { isLid, userOf, type Jid } from '../stanza/jid.ts'
import { stanza, type Stanza } from '../stanza/stanza.ts'
import type { Audience } from './audience.ts'
import type { EncryptedDraft, Prepared } from './encrypt-draft.ts'
import type { EncryptedCopy } from './encrypt-for-devices.ts'
import { encryptForMany, toStanza, type ForAll } from './encrypt-group-draft.ts'
import { listDevices } from './find-devices.ts'
import type { Live } from './live.ts'
import { groupExtras } from './message-extras.ts'

/**
 * Encrypts a status post: once for everybody, with our key of the feed to those who lack it, and the names of
 * all who may read it (protocol document 05, section 3.3). Everybody is named by LID; people nobody knows a LID
 * of are left out. Somebody who is not to read this post but has the key makes us take a new one.
 */
export const encryptStatusDraft = (live: Live, draft: Prepared, audience: Audience): Observable<EncryptedDraft> =>
  encryptForMany(live, draft, {
    find: () => findReaders(live, audience),
    isCurrent: () => true,
    toStanza: (_, prepared, { group }, copies, forAll) => statusStanza(live, prepared, audience, group.members, copies, forAll),
  })

const findReaders = (live: Live, { people }: Audience) => {
  const { link, directory } = live.session
  const self = link().lid
  const me = userOf(self)
  return listDevices(live, [...people, me]).pipe(
    map((lists) => {
      const devices = lists.flat().map(directory.canonical).filter(isLid)
      const members = [...new Map([...people.map(directory.canonical).filter(isLid), me].map((user) => [user.user, user])).values()]
      return fanOutOf({ addressingMode: 'lid', members }, devices, self)
    }),
  )
}

const statusStanza = (
  live: Live,
  { chat, id, stanzaType, message }: Prepared,
  { setting }: Audience,
  readers: readonly Jid[],
  copies: readonly EncryptedCopy[],
  { ciphertext, content }: ForAll,
): Stanza => {
  const served = new Set(copies.map(({ device }) => device.user))
  return stanza('message', { to: chat, id, type: stanzaType }, [
    stanza('participants', {}, [...copies.map(toStanza), ...readers.filter(({ user }) => !served.has(user)).map((jid) => stanza('to', { jid }))]),
    copies.some(({ type }) => type === 'pkmsg') ? stanza('device-identity', {}, live.session.link().signedIdentity) : undefined,
    stanza('enc', { v: '2', type: 'skmsg' }, ciphertext),
    stanza('meta', { status_setting: setting ?? 'contacts' }),
    groupExtras({ message, id }, live.session.link().lid, chat, content),
  ])
}
