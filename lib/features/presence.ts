import { OptionInvalid } from '../errors/option-invalid.ts'
import { PushNameMissing } from '../errors/push-name-missing.ts'
import { isGroup, isLid, isPhoneNumber, toJid, userOf, type Jid } from '../stanza/jid.ts'
import { stanza, type Stanza } from '../stanza/stanza.ts'

/** What somebody who writes does. */
export type Typing = 'text' | 'audio' | 'paused'

/**
 * Says that we are there, or gone (protocol document 13, section 7).
 *
 * @throws PushNameMissing
 */
export const announcePresence = (isAvailable: boolean, name: string | undefined): Stanza => {
  if (!name) throw new PushNameMissing()
  return stanza('presence', { type: isAvailable ? 'available' : 'unavailable', name })
}

/** Asks to be told when somebody comes and goes, until the connection ends. */
export const subscribePresence = (jid: Jid): Stanza => stanza('presence', { type: 'subscribe', to: jid })

/** Asks not to be told any more. */
export const unsubscribePresence = (jid: Jid): Stanza => stanza('presence', { type: 'unsubscribe', to: jid })

/** Says that we write or speak in a chat, or stopped; nobody answers. */
export const typing = (chat: Jid, state: Typing): Stanza =>
  stanza('chatstate', { to: chat }, [state === 'paused' ? stanza('paused') : stanza('composing', { media: state === 'audio' ? 'audio' : undefined })])

/**
 * Somebody, or a group, that has a presence; a device counts as its user. Channels and lists have none.
 *
 * @throws JidInvalid, OptionInvalid
 */
export const presenceOf = (name: string, person: Jid | string): Jid => {
  const jid = toJid(person)
  if (isGroup(jid)) return jid
  if (!isLid(jid) && !isPhoneNumber(jid)) throw new OptionInvalid(name, 'the address of a person or a group', `an address on ${jid.server}`)
  return userOf(jid)
}
