import { toJid, type Jid } from '../stanza/jid.ts'
import { stanza, type Stanza } from '../stanza/stanza.ts'

type Address = Jid | string

/** Somebody nobody plays. */
export const SOMEBODY = '15550100002@s.whatsapp.net'

const from = (person: Address, type: string, child?: Stanza): Stanza => stanza('notification', { from: toJid(person), type }, child && [child])

/** A contact's profile changed. */
export const pushContactUpdated = (person: Address = SOMEBODY): Stanza => from(person, 'contacts', stanza('update', { jid: toJid(person) }))

/** A contact has another number. */
export const pushNumberChanged = (
  { from: old = SOMEBODY, to = '15550100003@s.whatsapp.net', oldLid, newLid }: { readonly from?: Address; readonly to?: Address; readonly oldLid?: Address; readonly newLid?: Address } = {},
): Stanza =>
  from(
    old,
    'contacts',
    stanza('modify', { old: toJid(old), new: toJid(to), old_lid: oldLid === undefined ? undefined : toJid(oldLid), new_lid: newLid === undefined ? undefined : toJid(newLid) }),
  )

/** Contacts should be looked up again. */
export const pushContactSync = (afterSeconds = 1_767_225_600): Stanza => from('s.whatsapp.net', 'contacts', stanza('sync', { after: afterSeconds }))

/** A picture was set, or removed when `id` is absent; of a group when `of` is one. */
export const pushPicture = ({ of = SOMEBODY, id, author }: { readonly of?: Address; readonly id?: string; readonly author?: Address } = {}): Stanza =>
  from(of, 'picture', stanza(id === undefined ? 'delete' : 'set', { jid: toJid(of), id, author: author === undefined ? undefined : toJid(author) }))

/** Somebody changed the text about themselves. */
export const pushAbout = ({ of = SOMEBODY, text = 'Hello' }: { readonly of?: Address; readonly text?: string } = {}): Stanza => from(of, 'status', stanza('set', {}, text))

/** Somebody's new chats keep their messages for so long. */
export const pushDisappearingMode = ({ of = SOMEBODY, seconds = 86_400, at = 1_767_225_600 }: { readonly of?: Address; readonly seconds?: number; readonly at?: number } = {}): Stanza =>
  from(of, 'disappearing_mode', stanza('disappearing_mode', { duration: seconds, t: at }))

/** Something about a business changed; the child says what. */
export const pushBusiness = ({ of = SOMEBODY, change = stanza('profile', { hash: 'abcd' }) }: { readonly of?: Address; readonly change?: Stanza } = {}): Stanza => from(of, 'business', change)

/** Somebody comes or goes; `last` in seconds since 1970, or the word of the wire. */
export const pushPresence = ({ of = SOMEBODY, isAvailable = true, last }: { readonly of?: Address; readonly isAvailable?: boolean; readonly last?: number | string } = {}): Stanza =>
  stanza('presence', { from: toJid(of), type: isAvailable ? undefined : 'unavailable', last })

/** Somebody writes or speaks, in a group when that is given. */
export const pushTyping = (
  { of = SOMEBODY, group, state = 'text' }: { readonly of?: Address; readonly group?: Address; readonly state?: 'text' | 'audio' | 'paused' } = {},
): Stanza =>
  stanza('chatstate', group === undefined ? { from: toJid(of) } : { from: toJid(group), participant: toJid(of) }, [
    state === 'paused' ? stanza('paused') : stanza('composing', { media: state === 'audio' ? 'audio' : undefined }),
  ])
