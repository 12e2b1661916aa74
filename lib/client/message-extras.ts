import { isOwn } from '../pipeline/read-source.ts'
import { reportingNode } from '../pipeline/reporting-token.ts'
import type { Message } from '../proto/types.generated.ts'
import { isLid, isPhoneNumber, userOf, type Jid } from '../stanza/jid.ts'
import { stanza, type Stanza } from '../stanza/stanza.ts'
import type { Live } from './live.ts'

/** A/B properties: tokens go with every direct message, and substitutes where there is none (protocol document 13, section 8). */
const [SENDS_TOKENS, SENDS_SUBSTITUTES] = [10518, 24941]

/** People who are owed a token once the server took a message to them; those before are forgotten, they are owed one with the next. */
const MOST_OWED = 1_000

/** The message a stanza carries. */
export interface Carried {
  readonly message: Message
  readonly id: string
}

/**
 * What a message to a person carries besides its copies: a token for reports, and one of trust (protocol
 * document 05, sections 9 and 10). Takes note of who is to be given one in return.
 *
 * @param to the person in the address form of the stanza
 * @param content the message as bytes, without padding
 */
export const directExtras = (live: Live, { message, id }: Carried, to: Jid, content: Uint8Array): ReadonlyArray<Stanza | undefined> => {
  const { session } = live
  const { id: number, lid } = session.link()
  if (isOwn({ id: number, lid }, to)) return []
  if (isPerson(to) && session.tokens.isDue(to)) {
    session.owed.set(id, to)
    if (session.owed.size > MOST_OWED) session.owed.delete(session.owed.keys().next().value!)
  }
  return [reportingNode({ message, content, id, sender: isLid(to) ? lid : number, chat: to }), trustNode(live, to)]
}

/** What a message to a group, a list or the feed of status posts carries besides its keys. @param sender we, in the address form of the chat */
export const groupExtras = ({ message, id }: Carried, sender: Jid, chat: Jid, content: Uint8Array): Stanza | undefined =>
  reportingNode({ message, content, id, sender, chat })

/** The token a person gave us, or what stands in for it; nothing for ourselves, bots, groups and lists. */
export const trustNode = ({ session }: Pick<Live, 'session'>, to: Jid): Stanza | undefined => {
  if (!isPerson(to) || isOwn(session.link(), to)) return undefined
  const { tokens, hasProperty } = session
  const token = hasProperty(SENDS_TOKENS) ? tokens.tokenOf(userOf(to)) : undefined
  if (token) return stanza('tctoken', {}, token)
  const substitute = hasProperty(SENDS_SUBSTITUTES) ? tokens.substituteFor(userOf(to)) : undefined
  return substitute && stanza('cstoken', {}, substitute)
}

const isPerson = (jid: Jid): boolean => isLid(jid) || isPhoneNumber(jid)
