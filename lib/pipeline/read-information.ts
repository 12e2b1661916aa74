import type { WaEvent } from '../events/wa-event.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { bytesOf, childrenOf, type Stanza } from '../stanza/stanza.ts'
import { readThreadMetadata } from './read-thread-metadata.ts'

/** One child of an `<ib>`: news about the connection itself (protocol document 02, section 3.5). */
export type Information =
  | { readonly kind: 'event'; readonly event: WaEvent }
  | { readonly kind: 'offline_preview'; readonly event: WaEvent & { readonly type: 'offline_sync_preview' } }
  | { readonly kind: 'offline_completed'; readonly count: number }
  | { readonly kind: 'edge_routing'; readonly routingInfo: Uint8Array }
  | { readonly kind: 'client_expiration'; readonly atSeconds: number | undefined }
  | { readonly kind: 'nothing' }

/** Markers without a meaning of their own. */
const SILENT = ['priority_offline_complete', 'recovery_nonce', 'spam', 'tos']

/** Reads all children of an `<ib>`, in order. */
export const readInformation = (ib: Stanza): readonly Information[] => childrenOf(ib).map((child) => readChild(child))

const readChild = (child: Stanza): Information => {
  const read = attributesOf(child)
  const malformed = (): Information => ({ kind: 'event', event: { type: 'malformed_stanza', node: child, faults: read.faults } })
  switch (child.tag) {
    case 'offline_preview': {
      const event = {
        type: 'offline_sync_preview',
        total: read.integer('count'),
        appDataChanges: read.optionalInteger('appdata') ?? 0,
        messages: read.optionalInteger('message') ?? 0,
        notifications: read.optionalInteger('notification') ?? 0,
        receipts: read.optionalInteger('receipt') ?? 0,
        calls: read.optionalInteger('call') ?? 0,
        statuses: read.optionalInteger('status') ?? 0,
      } as const
      return read.faults.length > 0 ? malformed() : { kind: 'offline_preview', event }
    }
    case 'offline':
      return { kind: 'offline_completed', count: read.optionalInteger('count') ?? 0 }
    case 'edge_routing': {
      const routingInfo = bytesOf(childrenOf(child, 'routing_info')[0])
      return routingInfo && routingInfo.length > 0 ? { kind: 'edge_routing', routingInfo: routingInfo.slice() } : { kind: 'nothing' }
    }
    case 'dirty': {
      const dirtyType = read.text('type')
      const timestamp = read.optionalInstant('timestamp')
      if (read.faults.length > 0) return malformed()
      return {
        kind: 'event',
        event: {
          type: 'dirty_state',
          dirtyType,
          ...(timestamp && { timestamp }),
          protocols: childrenOf(child).map(({ tag }) => tag),
        },
      }
    }
    case 'client_expiration': {
      const atSeconds = read.optionalInteger('t')
      // Neither a number nor absent: says nothing.
      return read.faults.length > 0 || (atSeconds !== undefined && atSeconds < 0)
        ? { kind: 'nothing' }
        : { kind: 'client_expiration', atSeconds }
    }
    case 'thread_metadata':
      return { kind: 'event', event: readThreadMetadata(child) }
    case 'downgrade_webclient':
      return { kind: 'event', event: { type: 'qr_scanned_without_multidevice' } }
    default:
      return SILENT.includes(child.tag)
        ? { kind: 'nothing' }
        : { kind: 'event', event: { type: 'unhandled_stanza', node: child, reason: 'unknown child of ib' } }
  }
}
