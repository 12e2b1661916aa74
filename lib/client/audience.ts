import { OptionInvalid } from '../errors/option-invalid.ts'
import { isBroadcast, isLid, isPhoneNumber, isStatus, toJid, userOf, type Jid } from '../stanza/jid.ts'

/** By which rule the readers of a status post were chosen. */
export type AudienceSetting = 'contacts' | 'allowlist' | 'denylist'

/**
 * Who may read a status post, or a message to a broadcast list. The server keeps only the rule (protocol document 13, section 6); who the
 * contacts are, or who is on a list, the account's own devices know, so the people are named here.
 */
export interface StatusAudience {
  /** 1 to 5,000 people. */
  readonly people: ReadonlyArray<Jid | string>
  /** Told with a post; default `contacts`. Not for lists. */
  readonly setting?: AudienceSetting
}

/** The same, checked. */
export interface Audience {
  readonly people: readonly Jid[]
  /** Absent for lists. */
  readonly setting?: AudienceSetting
}

const SETTINGS: readonly AudienceSetting[] = ['contacts', 'allowlist', 'denylist']
const MOST_PEOPLE = 5_000

/** The audience of a draft: there for a status post or a list and for nothing else. @throws OptionInvalid, JidInvalid */
export const checkAudience = (chat: Jid, audience: StatusAudience | undefined): { readonly audience?: Audience } => {
  if (!isBroadcast(chat)) {
    if (audience !== undefined) throw new OptionInvalid('options.audience', 'absent, but for status posts and broadcast lists', typeof audience)
    return {}
  }
  const { people, setting } = audience ?? { people: [] }
  if (!Array.isArray(people) || people.length === 0 || people.length > MOST_PEOPLE)
    throw new OptionInvalid('options.audience', `1 to ${MOST_PEOPLE} people who may read it`, audience === undefined ? 'undefined' : `${people.length} people`)
  if (setting !== undefined && (!isStatus(chat) || !SETTINGS.includes(setting)))
    throw new OptionInvalid('options.audience.setting', `one of ${SETTINGS.join(', ')}, for status posts`, typeof setting)
  const jids = people.map((person: Jid | string) => userOf(toJid(person)))
  const stranger = jids.find((jid) => !isLid(jid) && !isPhoneNumber(jid))
  if (stranger) throw new OptionInvalid('options.audience', 'addresses of people', `an address on ${stranger.server}`)
  const distinct = [...new Map(jids.map((jid) => [jid.toString(), jid])).values()]
  return { audience: isStatus(chat) ? { people: distinct, setting: setting ?? 'contacts' } : { people: distinct } }
}
