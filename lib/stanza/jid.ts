import { JidInvalid } from '../errors/jid-invalid.ts'

/** Servers an address can live on; the list is open, unknown names are kept as text. */
export type Server =
  | 's.whatsapp.net'
  | 'lid'
  | 'g.us'
  | 'broadcast'
  | 'newsletter'
  | 'call'
  | 'hosted'
  | 'hosted.lid'
  | 'msgr'
  | 'interop'
  | 'bot'
  | 'c.us'
  | (string & {})

/**
 * An address: a user, a device of a user, a group, a server. Immutable; made once in the decoder or by
 * {@link toJid}, compared with {@link sameJid} and {@link sameUser}, never by text.
 */
export class Jid {
  /** The text form, made when somebody first asks for it. */
  #text: string | undefined

  constructor(
    /** Digits for people (phone number or LID), the group's id; empty for a server. */
    readonly user: string,
    readonly server: Server,
    /** 0 is the phone, 1 to 255 are linked devices (65535 at most on msgr and interop). */
    readonly device: number = 0,
    /** Agent of a legacy address; takes no part in comparisons. */
    readonly agent: number = 0,
  ) {}

  /** `user:device@server`, without the device when it is 0, the server alone when there is no user. */
  toString(): string {
    return (this.#text ??= format(this))
  }

  /** JSON holds the text form. */
  toJSON(): string {
    return this.toString()
  }
}

const format = ({ user, server, device }: Jid): string => {
  if (user === '') return server
  return device === 0 && server !== 'interop' ? `${user}@${server}` : `${user}:${device}@${server}`
}

/** Largest device number in text; the address forms of the wire hold 255. */
const MAX_DEVICE = 65_535

/**
 * Reads the text form (protocol document 01, section 5.1): a device that is no number counts as 0,
 * `user.n` is a legacy device on s.whatsapp.net and an agent elsewhere, dots belong to the user on lid.
 * Undefined when there is no `@` and the word is not the name of a server, and for what is no text at all.
 */
export const parseJid = (text: string): Jid | undefined => {
  if (typeof text !== 'string') return undefined
  const at = text.indexOf('@')
  if (at < 0) return isServerName(text) ? new Jid('', text) : undefined
  const server = text.slice(at + 1)
  if (server === '' || server.includes('@')) return undefined
  const local = text.slice(0, at)
  if (local === '') return new Jid('', server)
  const colon = local.indexOf(':')
  const name = colon < 0 ? local : local.slice(0, colon)
  const device = colon < 0 ? 0 : deviceOf(local.slice(colon + 1))
  if (name === '') return undefined
  const dot = server === 'lid' || server === 'hosted.lid' ? -1 : name.lastIndexOf('.')
  const suffix = dot <= 0 ? undefined : name.slice(dot + 1)
  if (suffix === undefined || !/^\d{1,3}$/.test(suffix) || Number(suffix) > 255) return new Jid(name, server, device)
  const user = name.slice(0, dot)
  if (server === 's.whatsapp.net' || server === 'c.us') return new Jid(user, server, colon < 0 ? Number(suffix) : device)
  return new Jid(user, server, device, Number(suffix))
}

/** The servers of protocol document 01, section 5.2; another word without `@` is no address. */
const SERVER_NAMES: ReadonlySet<string> = new Set([
  's.whatsapp.net',
  'lid',
  'g.us',
  'broadcast',
  'newsletter',
  'call',
  'hosted',
  'hosted.lid',
  'msgr',
  'interop',
  'bot',
  'c.us',
])

const isServerName = (text: string): boolean => SERVER_NAMES.has(text)

const deviceOf = (text: string): number => {
  if (!/^\d{1,5}$/.test(text)) return 0
  const device = Number(text)
  return device > MAX_DEVICE ? 0 : device
}

/**
 * The address in a text, or the address itself; one of the old form `15550100001@c.us` in its form of today.
 *
 * @throws JidInvalid when the text is none
 */
export const toJid = (jid: Jid | string): Jid => {
  const parsed = typeof jid === 'string' ? parseJid(jid) : jid
  if (!(parsed instanceof Jid)) throw new JidInvalid()
  return parsed.server === 'c.us' ? new Jid(parsed.user, 's.whatsapp.net', parsed.device) : parsed
}

/** The server itself, as addressee of requests. */
export const SERVER = new Jid('', 's.whatsapp.net')

/** The feed of status posts. */
export const STATUS = new Jid('status', 'broadcast')

/** The person behind a device. */
export const userOf = (jid: Jid): Jid => (jid.device === 0 && jid.agent === 0 ? jid : new Jid(jid.user, jid.server))

/** One device of a person. */
export const withDevice = (jid: Jid, device: number): Jid =>
  jid.device === device && jid.agent === 0 ? jid : new Jid(jid.user, jid.server, device)

/** Hosted devices belong to the same space of numbers, the legacy server to that of phones. */
const familyOf = (server: Server): Server => {
  if (server === 'hosted' || server === 'c.us') return 's.whatsapp.net'
  return server === 'hosted.lid' ? 'lid' : server
}

/** Same user in the same space of numbers, on any device. */
export const sameUser = (one: Jid, other: Jid): boolean => one.user === other.user && familyOf(one.server) === familyOf(other.server)

/** Same device of the same user. */
export const sameJid = (one: Jid, other: Jid): boolean => one.device === other.device && sameUser(one, other)

/** A hidden-number address. */
export const isLid = ({ server }: Jid): boolean => server === 'lid' || server === 'hosted.lid'

/** A phone-number address of a person. */
export const isPhoneNumber = ({ server, user }: Jid): boolean =>
  (server === 's.whatsapp.net' || server === 'hosted' || server === 'c.us') && user !== ''

/** A group. */
export const isGroup = ({ server, user }: Jid): boolean => server === 'g.us' && user !== ''

/** A broadcast list or the status feed. */
export const isBroadcast = ({ server, user }: Jid): boolean => server === 'broadcast' && user !== ''

/** The status feed. */
export const isStatus = ({ server, user }: Jid): boolean => server === 'broadcast' && user === 'status'

/** A channel. */
export const isNewsletter = ({ server }: Jid): boolean => server === 'newsletter'

/** A server rather than somebody on it. */
export const isServer = ({ user }: Jid): boolean => user === ''
