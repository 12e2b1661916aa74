import { bufferCount, concatMap, from, map, merge, of, reduce, type Observable } from 'rxjs'

import { JidInvalid } from '../errors/jid-invalid.ts'
import { OptionInvalid, requireObject } from '../errors/option-invalid.ts'
import { requestOperation, type Operation } from '../operation/operation.ts'
import type { ChangeAppState } from './app-state-change.ts'
import type { LidDirectory } from '../pipeline/lid-directory.ts'
import { findByLid, findByPhoneNumber, type FoundContact } from '../requests/contact-requests.ts'
import type { Request, RequestDescription } from '../requests/request.ts'
import type { Write } from '../store/store.ts'
import { isLid, isPhoneNumber, toJid, userOf, type Jid } from '../stanza/jid.ts'

/** One person under both addresses, as far as they are known. */
export interface ResolvedContact {
  /** The address asked for, without device. */
  readonly asked: Jid
  /** Absent when the server keeps it to itself. */
  readonly phoneNumber?: Jid
  /** Absent when the server names none. */
  readonly lid?: Jid
  /** Whether there is an account under the address. */
  readonly isRegistered: boolean
}

/** What is known of people. */
export interface Contacts {
  /**
   * Both addresses of people, in the order asked: phone numbers to LIDs and LIDs to phone numbers. The server
   * is asked only for those we do not know.
   *
   * @param people addresses of people, as values or as text such as `15550100001@s.whatsapp.net`
   * @throws JidInvalid for an address that is not of a person
   * @example
   * const [ben] = await client.contacts.resolve(['15550100002@s.whatsapp.net'])
   * if (ben?.isRegistered) await client.send(ben.lid ?? ben.asked, { text: 'hello' })
   */
  readonly resolve: (people: ReadonlyArray<Jid | string>) => Operation<readonly ResolvedContact[], readonly ResolvedContact[]>
  /** Puts a person into the address book of the account, or changes the name there. @throws JidInvalid, OptionInvalid */
  readonly save: (person: Jid | string, contact: ContactCard) => Operation<void, void>
  /** Takes a person out of the address book of the account. @throws JidInvalid */
  readonly remove: (person: Jid | string) => Operation<void, void>
}

/** How a person stands in the address book. */
export interface ContactCard {
  /** 1 to 256 characters. */
  readonly fullName: string
  /** Default: what comes before the first space. */
  readonly firstName?: string
  /** On the phone as well, not only in this account; default false. */
  readonly saveOnPhone?: boolean
}

/** What asking about people needs of a connection. */
export interface ContactsLine {
  readonly request: Request
  readonly nextQueryId: () => string
  readonly session: { readonly directory: LidDirectory; readonly commit: (writes: readonly Write[]) => Observable<void> }
}

/** Most people asked for in one request. */
const PEOPLE_PER_REQUEST = 256

/** Contacts over whatever connection there is when something is asked. */
export const createContacts = (onLine: <T>(what: string, use: (line: ContactsLine) => Observable<T>) => Observable<T>, change: ChangeAppState): Contacts => ({
  resolve: (people) => {
    if (!Array.isArray(people)) throw new OptionInvalid('people', 'a list of addresses', typeof people)
    const asked = people.map(personOf)
    return requestOperation(onLine('contacts.resolve', (line) => resolveContacts(line, asked)))
  },
  save: (person, contact) => {
    requireObject('contact', contact, 'an object with fullName')
    const { fullName, firstName, saveOnPhone = false } = contact
    if (typeof fullName !== 'string' || fullName.length === 0 || fullName.length > 256) throw new OptionInvalid('contact.fullName', 'a text of 1 to 256 characters', typeof fullName)
    const contactAction = { fullName, firstName: firstName ?? fullName.split(' ', 1)[0]!, saveOnPrimaryAddressbook: saveOnPhone }
    return change([{ index: ['contact', numberOf(person)], value: { contactAction } }])
  },
  remove: (person) => change([{ index: ['contact', numberOf(person)] }]),
})

/** Contacts are known by their phone numbers (protocol document 08, section 8). @throws JidInvalid */
const numberOf = (address: Jid | string): string => {
  const jid = userOf(toJid(address))
  if (!isPhoneNumber(jid)) throw new JidInvalid()
  return jid.toString()
}

/** @throws JidInvalid */
const personOf = (address: Jid | string): Jid => {
  const jid = userOf(toJid(address))
  if (!isLid(jid) && !isPhoneNumber(jid)) throw new JidInvalid()
  return jid
}

const resolveContacts = (line: ContactsLine, asked: readonly Jid[]): Observable<readonly ResolvedContact[]> => {
  const { directory, commit } = line.session
  const unknown = asked.filter((jid) => !directory.alternate(jid))
  const ask = (jids: readonly Jid[], describe: (some: readonly Jid[], id: string) => RequestDescription<readonly FoundContact[]>) =>
    from(jids).pipe(bufferCount(PEOPLE_PER_REQUEST), concatMap((some) => line.request(describe(some, line.nextQueryId()))))
  return merge(ask(unknown.filter(isPhoneNumber), findByPhoneNumber), ask(unknown.filter(isLid), findByLid)).pipe(
    reduce((all, found) => [...all, ...found], [] as readonly FoundContact[]),
    concatMap((found) => {
      const byAddress = new Map(found.map((contact) => [contact.asked.toString(), contact]))
      const writes = found.flatMap(({ asked: address, phoneNumber, lid }) => [...directory.learn(phoneNumber, lid), ...directory.learn(address, isLid(address) ? phoneNumber : lid)])
      const saved$ = writes.length === 0 ? of(undefined) : commit(writes)
      return saved$.pipe(map(() => asked.map((address) => byAddress.get(address.toString()) ?? knownContact(directory, address))))
    }),
  )
}

const knownContact = (directory: LidDirectory, asked: Jid): ResolvedContact => {
  const alternate = directory.alternate(asked)
  const [phoneNumber, lid] = isLid(asked) ? [alternate, asked] : [asked, alternate]
  return { asked, ...(alternate && phoneNumber && { phoneNumber }), ...(alternate && lid && { lid }), isRegistered: alternate !== undefined }
}
