import { SimulatorFailed } from '../errors/simulator-failed.ts'
import { Jid, toJid } from '../stanza/jid.ts'

/** Somebody, by an address or as a phone. */
export type Person = Jid | string | { readonly lid: Jid }

/** @throws JidInvalid for a text that is no address, SimulatorFailed for what is neither */
export const addressOf = (person: Person): Jid => {
  if (typeof person === 'string') return toJid(person)
  const address = person instanceof Jid ? person : (person as { readonly lid?: unknown } | undefined | null)?.lid
  if (!(address instanceof Jid)) throw new SimulatorFailed('a person is named by an address or a phone')
  return address
}
