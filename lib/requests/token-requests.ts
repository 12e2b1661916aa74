import type { Jid } from '../stanza/jid.ts'
import { stanza } from '../stanza/stanza.ts'
import type { RequestDescription } from './request.ts'

/**
 * Gives a person a token of trust: the server makes it and pushes it to them (protocol document 13, section 8).
 * The answer says nothing more.
 *
 * @param person without device
 * @param atSeconds since 1970
 */
export const giveToken = (person: Jid, atSeconds: number): RequestDescription<true> => ({
  name: 'privacy.tokens',
  type: 'set',
  xmlns: 'privacy',
  content: [stanza('tokens', {}, [stanza('token', { jid: person, t: atSeconds, type: 'trusted_contact' })])],
  parse: () => true,
})
