import { OptionInvalid } from '../errors/option-invalid.ts'
import { isLid, isPhoneNumber, isStatus, toJid, userOf, type Jid } from '../stanza/jid.ts'

/** By which rule the readers of a status post were chosen. */
export type AudienceSetting = 'contacts' | 'allowlist' | 'denylist'

/**
 * Who may read a status post. The server keeps only the rule (protocol document 13, section 6); who the
 * contacts are, the account's own devices know, so the people are named here.
 */
export interface StatusAudience {
  /** 1 to 5,000 people. */
  readonly people: ReadonlyArray<Jid | string>
  /** Told with the post; default `contacts`. */
  readonly setting?: AudienceSetting
}

/** The same, checked. */
export interface Audience {
  readonly people: readonly Jid[]
  readonly setting: AudienceSetting
}

const SETTINGS: readonly AudienceSetting[] = ['contacts', 'allowlist', 'denylist']
const MOST_PEOPLE = 5_000

/** The audience of a draft: there for a status post and for nothing else. @throws OptionInvalid, JidInvalid */
export const checkAudience = (chat: Jid, audience: StatusAudience | undefined): { readonly audience?: Audience } => {
  if (!isStatus(chat)) {
    if (audience !== undefined) throw new OptionInvalid('options.audience', 'absent, but for status posts', typeof audience)
    return {}
  }
  const { people, setting = 'contacts' } = audience ?? { people: [] }
  if (!Array.isArray(people) || people.length === 0 || people.length > MOST_PEOPLE)
    throw new OptionInvalid('options.audience', `1 to ${MOST_PEOPLE} people who may read a status post`, audience === undefined ? 'undefined' : `${people.length} people`)
  if (!SETTINGS.includes(setting)) throw new OptionInvalid('options.audience.setting', `one of ${SETTINGS.join(', ')}`, typeof setting)
  const jids = people.map((person: Jid | string) => userOf(toJid(person)))
  const stranger = jids.find((jid) => !isLid(jid) && !isPhoneNumber(jid))
  if (stranger) throw new OptionInvalid('options.audience', 'addresses of people', `an address on ${stranger.server}`)
  return { audience: { people: [...new Map(jids.map((jid) => [jid.toString(), jid])).values()], setting } }
}
