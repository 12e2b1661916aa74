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
 * An address: a user, a device of a user, a group, a server. Immutable; parsed once in the decoder
 * or by {@link toJid}, compared with {@link sameJid} and {@link sameUser}, never by text.
 */
export class Jid {
  /** The text form is made once, when somebody asks for it. */
  #text: string | undefined

  constructor(
    /** Digits for people (phone number or LID), the group's id, empty for a server. */
    readonly user: string,
    readonly server: Server,
    /** 0 is the phone; 1 to 255 on the wire for linked devices. */
    readonly device: number = 0,
    /** Integrator of an `interop` address or agent of a legacy one; 0 elsewhere. */
    readonly agent: number = 0,
  ) {}
  toString(): string {
    return (this.#text ??= format(this))
  }
  toJSON(): string {
    return this.toString()
  }
}

/** The text form of protocol document 01, section 5.1. */
const format = ({ user, server, device }: Jid): string => {
  if (user === '') return server
  return device === 0 ? `${user}@${server}` : `${user}:${device}@${server}`
}
