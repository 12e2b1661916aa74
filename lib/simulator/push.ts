import { SimulatorFailed } from '../errors/simulator-failed.ts'
import { toJid, type Jid } from '../stanza/jid.ts'
import type { Stanza } from '../stanza/stanza.ts'
import { nextNotificationId } from './notification-ids.ts'
import { deliver, findAccount, nowSeconds, type World } from './world.ts'

/** What waits for a device that is away, until it is acknowledged. */
const KEPT = ['message', 'receipt', 'notification', 'call', 'status']

/**
 * Tells all linked devices of an account something, in order. An id, a time and, for news about the account
 * itself, who it is are filled in. What the server keeps waits for those who are away; the rest they miss.
 *
 * @throws SimulatorFailed when nobody has this address
 */
export const push = (world: World, address: Jid | string, ...stanzas: readonly (Stanza | readonly Stanza[])[]): void => {
  const account = findAccount(world, toJid(address))
  if (!account) throw new SimulatorFailed('nobody has this address')
  for (const pushed of stanzas.flat()) {
    const isKept = KEPT.includes(pushed.tag)
    const complete: Stanza = {
      ...pushed,
      attrs: isKept ? { from: account.phoneNumber, id: nextNotificationId(world), t: String(nowSeconds(world)), ...pushed.attrs } : pushed.attrs,
    }
    for (const device of account.devices.values()) {
      if (device.id === 0) continue
      if (isKept) deliver(device, complete)
      else device.line?.send(complete)
    }
  }
}
