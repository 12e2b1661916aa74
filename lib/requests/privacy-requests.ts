import type { DisallowedList, PrivacySettings } from '../events/account-events.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { childOf, childrenOf, stanza, type Stanza } from '../stanza/stanza.ts'
import type { RequestDescription } from './request.ts'

/** Categories that may leave some contacts out (protocol document 13, section 4). */
export const LIST_CATEGORIES = ['status', 'groupadd', 'last', 'profile'] as const

/** Most categories and people in one answer (published shapes). */
const MOST_CATEGORIES = 1_000
const MOST_PEOPLE = 64_000

/** Asks for all privacy settings (protocol document 13, section 4); those the server could not tell are left out. */
export const fetchPrivacySettings: RequestDescription<PrivacySettings> = {
  name: 'privacy.fetch',
  type: 'get',
  xmlns: 'privacy',
  content: [stanza('privacy')],
  parse: (reply, faults) => {
    const privacy = childOf(reply, 'privacy')
    if (!privacy) {
      faults.push('iq: privacy is missing')
      return undefined
    }
    return Object.fromEntries(childrenOf(privacy, 'category').slice(0, MOST_CATEGORIES).flatMap(readCategory))
  },
}

const readCategory = (category: Stanza): ReadonlyArray<readonly [string, string]> => {
  const read = attributesOf(category)
  const [name, value] = [read.optionalText('name'), read.optionalText('value')]
  return name === undefined || value === undefined || value === 'error' ? [] : [[name, value]]
}

/** Asks which contacts a category leaves out. */
export const fetchDisallowedList = (category: (typeof LIST_CATEGORIES)[number]): RequestDescription<DisallowedList> => ({
  name: 'privacy.list',
  type: 'get',
  xmlns: 'privacy',
  content: [stanza('privacy', { addressing_mode: 'lid' }, [stanza('list', { name: category, value: 'contact_blacklist' })])],
  parse: (reply, faults) => {
    const privacy = childOf(reply, 'privacy')
    if (!privacy) {
      faults.push('iq: privacy is missing')
      return undefined
    }
    // Without a list nobody is left out.
    const list = childOf(privacy, 'list')
    const dhash = list && attributesOf(list).optionalText('dhash')
    return { category, ...(dhash !== undefined && { dhash }), users: list ? childrenOf(list, 'user').slice(0, MOST_PEOPLE).flatMap(readUser) : [] }
  },
})

const readUser = (user: Stanza): DisallowedList['users'] => {
  const read = attributesOf(user)
  const jid = read.optionalJid('jid') ?? read.optionalJid('lid')
  const username = read.optionalText('username')
  return jid ? [{ jid, ...(username !== undefined && { username }) }] : []
}
