import { SERVER } from '../stanza/jid.ts'
import { stanza } from '../stanza/stanza.ts'
import type { Device } from './account.ts'
import { nextNotificationId } from './notification-ids.ts'
import type { PublishedKey } from './prekey-pool.ts'
import { nowSeconds, type World } from './world.ts'

/**
 * Takes one of the one-time prekeys of a device, whoever wants to write to it: a client or a phone. A device that
 * has few left is told once until it uploads more (protocol document 11, section 25).
 */
export const takePrekey = (world: World, { keys, queue, line }: Device): PublishedKey | undefined => {
  const taken = keys.oneTime.shift()
  if (keys.hasUploaded && !keys.isReminded && keys.oneTime.length < world.options.lowPrekeys) {
    keys.isReminded = true
    const few = stanza('count', { value: keys.oneTime.length })
    queue.push(stanza('notification', { from: SERVER, type: 'encrypt', id: nextNotificationId(world), t: nowSeconds(world) }, [few]), line)
  }
  return taken
}
