import { utf8, equalBytes } from '../bytes/bytes.ts'
import type { Jid } from '../stanza/jid.ts'
import { bytesOf, childOf, childrenOf, stanza, type Stanza } from '../stanza/stanza.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import type { Account } from './account.ts'
import { nextNotificationId } from './notification-ids.ts'
import { deliver, nowSeconds, type World } from './world.ts'

/** Gives somebody a token of an account: it is pushed to their devices (protocol document 13, sections 8 and 13). */
export const giveToken = (world: World, giver: Account, taker: Account, atSeconds = nowSeconds(world)): void => {
  if (giver === taker) return
  world.given.push({ from: giver.phoneNumber, to: taker.phoneNumber, atSeconds })
  for (const device of taker.devices.values())
    if (!device.isSilent)
      deliver(
        device,
        stanza('notification', { from: giver.phoneNumber, type: 'privacy_token', id: nextNotificationId(world), t: nowSeconds(world), sender_lid: world.faults.areLidsHidden ? undefined : giver.lid }, [
          stanza('tokens', {}, [stanza('token', { type: 'trusted_contact', t: atSeconds }, tokenFor(giver, taker))]),
        ]),
      )
}

/** Reads the tokens of a request, and gives them. */
export const giveTokens = (world: World, giver: Account, tokens: Stanza, find: (jid: Jid) => Account | undefined): void => {
  for (const token of childrenOf(tokens, 'token')) {
    const read = attributesOf(token)
    const jid = read.optionalJid('jid')
    const taker = jid && find(jid)
    if (taker) giveToken(world, giver, taker, read.optionalInteger('t'))
  }
}

/** Opaque to everybody. */
const tokenFor = (giver: Account, taker: Account): Uint8Array => utf8(`${giver.lid.user} trusts ${taker.lid.user}`)

/** Whether a message to somebody carries the token they gave its sender. */
export const isTrusted = (sender: Account, recipient: Account, message: Stanza): boolean => {
  const token = bytesOf(childOf(message, 'tctoken'))
  return sender === recipient || (token !== undefined && equalBytes(token, tokenFor(recipient, sender)))
}
