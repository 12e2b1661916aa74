import type { OfflineThreadMetadataEvent } from '../events/connection-events.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { childOf, childrenOf, type Stanza } from '../stanza/stanza.ts'
import { numberAt } from './notifications/notification-reading.ts'
import { optional } from './optional-field.ts'

/** Most chats in one list (protocol document 11, section 24). */
const MOST_THREADS = 50

/** Reads a `<thread_metadata>`: what waits for us, by chat; an entry that cannot be read is left out. */
export const readThreadMetadata = (metadata: Stanza): OfflineThreadMetadataEvent => {
  const watermark = childOf(metadata, 'watermark')
  const status = childOf(metadata, 'status_msgs')
  const notifications = childOf(metadata, 'notifications')
  return {
    type: 'offline_thread_metadata',
    threads: itemsOf(metadata, 't'),
    ...optional('readWatermarks', watermark && itemsOf(watermark, 'sts')),
    ...optional('pendingStatusMessages', status && { count: countOf(status), jids: childrenOf(status, 'item').slice(0, MOST_THREADS).flatMap((item) => attributesOf(item).optionalJid('from') ?? []) }),
    ...optional('pendingNotifications', notifications && countOf(notifications)),
  }
}

const countOf = (child: Stanza): number => numberAt(attributesOf(child), 'count') ?? 0

const itemsOf = (list: Stanza, time: string): OfflineThreadMetadataEvent['threads'] =>
  childrenOf(list, 'item')
    .slice(0, MOST_THREADS)
    .flatMap((item) => {
      const read = attributesOf(item)
      const [jid, timestamp] = [read.optionalJid('from'), read.optionalInstant(time)]
      return jid && timestamp ? [{ jid, timestamp }] : []
    })
