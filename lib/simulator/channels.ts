import type { Jid } from '../stanza/jid.ts'
import { childOf, stanza, type Stanza } from '../stanza/stanza.ts'
import { malformed, result, unknown, type Answer } from './answer.ts'
import type { Device } from './account.ts'
import { pushLiveUpdates } from './push-newsletters.ts'
import { nextNotificationId } from './notification-ids.ts'
import { deliver, nowSeconds, type World } from './world.ts'

/** How long a device is told what becomes of posts, in seconds (protocol document 12, section 8). */
const LIVE_SECONDS = 300

/** Answers what is asked of a channel: live updates so far. */
export const answerChannels = (world: World, device: Device, channel: Jid, iq: Stanza): Answer => {
  if (!childOf(iq, 'live_updates')) return unknown
  if (channel.server !== 'newsletter') return malformed
  device.liveUpdates.set(channel.user, nowSeconds(world) + LIVE_SECONDS)
  return result(stanza('live_updates', { duration: LIVE_SECONDS }))
}

/** Tells every device that asked for it, and asked lately, what became of posts; how many were told. */
export const tellLive = (world: World, channel: Jid, messages?: readonly Stanza[]): number => {
  let told = 0
  for (const account of world.accounts.values())
    for (const device of account.devices.values()) {
      if ((device.liveUpdates.get(channel.user) ?? 0) <= nowSeconds(world)) continue
      const update = pushLiveUpdates({ channel, ...(messages && { messages }) })
      deliver(device, { ...update, attrs: { id: nextNotificationId(world), t: String(nowSeconds(world)), ...update.attrs } })
      told += 1
    }
  return told
}
