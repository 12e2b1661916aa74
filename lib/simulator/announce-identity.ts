import { stanza } from '../stanza/stanza.ts'
import type { Account } from './account.ts'
import { nextNotificationId } from './notification-ids.ts'
import { deliver, nowSeconds, type World } from './world.ts'

/** Tells everybody else's linked devices that a person has a new phone (protocol document 11, section 5). */
export const announceIdentity = (world: World, account: Account): void => {
  for (const other of world.accounts.values())
    for (const receiver of other.devices.values())
      if (receiver.id !== 0 && other !== account && !receiver.isSilent)
        deliver(
          receiver,
          stanza('notification', { from: account.phoneNumber, type: 'encrypt', id: nextNotificationId(world), t: nowSeconds(world), lid: account.lid }, [stanza('identity')]),
        )
}
