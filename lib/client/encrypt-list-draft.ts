import { map, type Observable } from 'rxjs'

import { fanOutOf, type FanOut } from '../pipeline/fan-out.ts'
import { isLid, userOf, withDevice, type Jid } from '../stanza/jid.ts'
import { stanza } from '../stanza/stanza.ts'
import type { Audience } from './audience.ts'
import type { EncryptedDraft, ForMissed, Prepared } from './encrypt-draft.ts'
import { encryptForMany, encryptForMissedReaders, toStanza, type WayToMany } from './encrypt-group-draft.ts'
import { listDevices } from './find-devices.ts'
import type { Live } from './live.ts'
import { groupExtras } from './message-extras.ts'

/**
 * Encrypts a message for a broadcast list: as for a group, by phone numbers, without a form of address; our device
 * goes by its number too (protocol document 05, section 3.4). Somebody whose number nobody knows goes by the LID.
 */
export const encryptListDraft = (live: Live, draft: Prepared, audience: Audience): Observable<EncryptedDraft> => encryptForMany(live, draft, listWay(audience))

/** A message that is out already, once more for devices of the list's people that were not known then. */
export const encryptForMissedOnList = (live: Live, draft: Prepared, audience: Audience): Observable<ForMissed | undefined> =>
  encryptForMissedReaders(live, draft, listWay(audience))

const listWay = (audience: Audience): WayToMany => ({
  find: (live) => findReaders(live, audience),
  isCurrent: () => true,
  toStanza: ({ session }, { chat, id, stanzaType, message }, { hash }, copies, { ciphertext, content }) =>
    stanza('message', { to: chat, id, type: stanzaType, phash: hash }, [
      copies.length === 0 ? undefined : stanza('participants', {}, copies.map(toStanza)),
      copies.some(({ type }) => type === 'pkmsg') ? stanza('device-identity', {}, session.link().signedIdentity) : undefined,
      stanza('enc', { v: '2', type: 'skmsg' }, ciphertext),
      groupExtras({ message, id }, session.link().id, chat, content),
    ]),
})

const findReaders = (live: Live, { people }: Audience): Observable<FanOut> => {
  const { link, directory } = live.session
  const self = link().id
  const byNumber = (jid: Jid): Jid => {
    const number = isLid(jid) ? directory.phoneNumberOf(jid) : undefined
    return number ? withDevice(number, jid.device) : jid
  }
  const members = [...new Map([...people.map(byNumber), userOf(self)].map((user) => [user.toString(), user])).values()]
  return listDevices(live, members).pipe(map((lists) => fanOutOf({ addressingMode: 'pn', members }, lists.flat().map(byNumber), self)))
}
