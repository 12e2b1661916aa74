import { isLid, isPhoneNumber, userOf, type Jid } from '../stanza/jid.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { childOf, childrenOf, contentTextOf, stanza, type Stanza } from '../stanza/stanza.ts'
import type { RequestDescription } from './request.ts'

/** One person as the server answered for them. */
export interface FoundContact {
  /** As asked for. */
  readonly asked: Jid
  /** The number the server knows them by, which may be written otherwise than the one asked for. */
  readonly phoneNumber?: Jid
  readonly lid?: Jid
  /** Whether there is an account. */
  readonly isRegistered: boolean
}

/**
 * Asks which phone numbers have an account, and for their LIDs (protocol documents 05, section 8, and 13,
 * section 1.1). Numbers the server does not name are left out.
 *
 * @param phoneNumbers without devices
 * @param sessionId names this query; any unique text
 */
export const findByPhoneNumber = (phoneNumbers: readonly Jid[], sessionId: string): RequestDescription<readonly FoundContact[]> =>
  usync('contacts.by_phone_number', sessionId, [stanza('contact'), stanza('lid')], phoneNumbers.map(({ user }) => stanza('user', {}, [stanza('contact', {}, `+${user}`)])), (user) => {
    const contact = childOf(user, 'contact')
    const digits = contentTextOf(contact)?.replace(/\D/g, '')
    const jid = attributesOf(user).optionalJid('jid')
    const asked = phoneNumbers.find((number) => number.user === digits) ?? phoneNumbers.find((number) => number.user === jid?.user)
    const lid = lidIn(user)
    return asked && { asked, ...(jid && isPhoneNumber(jid) && { phoneNumber: userOf(jid) }), ...(lid && { lid }), isRegistered: contact?.attrs['type'] === 'in' }
  })

/**
 * Asks whose LIDs these are (protocol document 13, section 1.1). LIDs the server does not name are left out;
 * it may know an account and keep its number to itself.
 *
 * @param lids without devices
 * @param sessionId names this query; any unique text
 */
export const findByLid = (lids: readonly Jid[], sessionId: string): RequestDescription<readonly FoundContact[]> =>
  usync('contacts.by_lid', sessionId, [stanza('lid')], lids.map((jid) => stanza('user', { jid })), (user) => {
    const read = attributesOf(user)
    const [jid, phoneNumber] = [read.optionalJid('jid'), read.optionalJid('pn_jid')]
    const asked = lids.find((lid) => lid.user === jid?.user)
    return asked && { asked, ...(phoneNumber && isPhoneNumber(phoneNumber) && { phoneNumber: userOf(phoneNumber) }), lid: asked, isRegistered: true }
  })

const lidIn = (user: Stanza): Jid | undefined => {
  const found = childOf(user, 'lid')
  const lid = found && attributesOf(found).optionalJid('val')
  return lid && isLid(lid) ? userOf(lid) : undefined
}

const usync = (
  name: string,
  sid: string,
  protocols: readonly Stanza[],
  users: readonly Stanza[],
  read: (user: Stanza) => FoundContact | undefined,
): RequestDescription<readonly FoundContact[]> => ({
  name,
  type: 'get',
  xmlns: 'usync',
  content: [stanza('usync', { sid, mode: 'query', last: 'true', index: '0', context: 'interactive' }, [stanza('query', {}, protocols), stanza('list', {}, users)])],
  parse: (reply, faults) => {
    const answer = childOf(reply, 'usync')
    const list = answer && childOf(answer, 'list')
    const refused = childrenOf((answer && childOf(answer, 'result')) ?? reply).filter((protocol) => childOf(protocol, 'error'))
    if (!list) faults.push('iq: usync or its list is missing')
    faults.push(...refused.map(({ tag }) => `usync: ${tag} was refused`))
    return list && refused.length === 0 ? childrenOf(list, 'user').flatMap((user) => read(user) ?? []) : undefined
  },
})
