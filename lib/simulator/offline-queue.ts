import type { SchedulerLike, Subscription } from 'rxjs'

import { SERVER } from '../stanza/jid.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { childrenOf, stanza, type Stanza } from '../stanza/stanza.ts'
import type { DeviceLine } from './device-line.ts'

/** What waits for a device until it is answered: messages, receipts, notifications, calls (protocol document 02, section 10.1). */
export interface OfflineQueue {
  /** Appends a stanza and sends it at once when the device is connected and its backlog is through. */
  readonly push: (stanza: Stanza, line: DeviceLine | undefined) => void
  /** The device is connected and active: delivers what waits. */
  readonly resume: (line: DeviceLine) => void
  /** The device asked for so many more. */
  readonly grant: (count: number) => void
  /** The device is gone; what it did not answer waits again. */
  readonly suspend: () => void
  /** A message was answered by a receipt or an ack; of receipts with one id the ack says which it means. */
  readonly answer: (kind: 'message' | 'receipt' | 'notification' | 'call', id: string, receiptType?: string, ack?: Stanza) => void
  readonly size: () => number
}

interface Entry {
  readonly stanza: Stanza
  readonly id: string
  isSent: boolean
  offered: number
}

/** Entries that come before the client asked for any. */
const PRIMER = 5

/** After this long without being asked, a lenient server sends the rest. */
const LENIENT_MS = 1_000

/** A queue that is empty. */
export const createOfflineQueue = (scheduler: SchedulerLike, isLenient: boolean): OfflineQueue => {
  /** In the order they came. */
  const entries = new Set<Entry>()
  const byId = new Map<string, Set<Entry>>()
  /** Those that were not sent yet, from `next` on. */
  let unsent: Entry[] = []
  let next = 0
  let line: DeviceLine | undefined
  let granted = 0
  let delivered = 0
  /** Entries that make up the backlog of this connection; 0 once it is through. */
  let backlog = 0
  let lenience: Subscription | undefined

  const send = (entry: Entry, isOffline: boolean): void => {
    entry.isSent = true
    if (!isOffline) {
      line!.send(entry.stanza)
      return
    }
    entry.offered += 1
    line!.send({ ...entry.stanza, attrs: { ...entry.stanza.attrs, offline: String(entry.offered) } })
  }

  const drain = (): void => {
    lenience?.unsubscribe()
    while (line && granted > 0 && backlog > 0) {
      const entry = unsent[next]
      if (!entry) break
      next += 1
      granted -= 1
      delivered += 1
      send(entry, true)
    }
    if (!line || backlog === 0) return
    if (next === unsent.length) {
      unsent = []
      next = 0
      backlog = 0
      line.send(stanza('ib', { from: SERVER }, [stanza('offline', { count: delivered })]))
    } else if (isLenient) {
      lenience = scheduler.schedule(() => {
        granted = Infinity
        drain()
      }, LENIENT_MS)
    }
  }

  return {
    push: (pushed) => {
      const entry: Entry = { stanza: pushed, id: attributesOf(pushed).text('id'), isSent: false, offered: 0 }
      entries.add(entry)
      byId.set(entry.id, (byId.get(entry.id) ?? new Set()).add(entry))
      if (line && backlog === 0) {
        send(entry, false)
        return
      }
      // While a backlog is under way nothing overtakes it.
      unsent.push(entry)
      if (line) drain()
    },
    resume: (opened) => {
      line = opened
      delivered = 0
      granted = PRIMER
      const pending = unsent.slice(next)
      if (pending.length === 0) {
        opened.send(stanza('ib', { from: SERVER }, [stanza('offline', { count: 0 })]))
        return
      }
      backlog = pending.length
      const count = (tag: string): number => pending.filter((entry) => entry.stanza.tag === tag).length
      opened.send(
        stanza('ib', { from: SERVER }, [
          stanza('offline_preview', {
            count: pending.length,
            message: count('message'),
            notification: count('notification'),
            receipt: count('receipt'),
            call: count('call'),
            appdata: 0,
          }),
        ]),
      )
      drain()
    },
    grant: (count) => {
      granted += count
      drain()
    },
    suspend: () => {
      lenience?.unsubscribe()
      line = undefined
      backlog = 0
      for (const entry of entries) entry.isSent = false
      unsent = [...entries]
      next = 0
    },
    answer: (kind, id, receiptType, ack) => {
      const named = byId.get(id)
      if (!named) return
      for (const entry of named) {
        if (entry.stanza.tag !== kind || !entry.isSent) continue
        if (kind === 'receipt' && ack && !isAbout(ack, entry.stanza)) continue
        // A copy of what we wrote elsewhere is cleared by its own receipt only (protocol document 06, simulator 1).
        if (kind === 'message' && entry.stanza.attrs['recipient'] !== undefined && receiptType !== 'sender') continue
        named.delete(entry)
        entries.delete(entry)
        // What was sent again under its id is answered on its own: a device that dies in between gets it once more.
        if (kind === 'message') break
      }
      if (named.size === 0) byId.delete(id)
    },
    size: () => entries.size,
  }
}

/** Whether an ack names who sent a receipt, and its kind. */
const isAbout = ({ attrs: { to, participant, type } }: Stanza, { attrs }: Stanza): boolean =>
  String(to) === String(attrs['from']) && (participant === undefined || String(participant) === String(attrs['participant'])) && String(type) === String(attrs['type'])

/** All message ids a receipt or ack speaks of. */
export const idsOf = (receipt: Stanza): readonly string[] => [
  attributesOf(receipt).text('id'),
  ...childrenOf(receipt, 'list').flatMap((list) => childrenOf(list, 'item').map((item) => attributesOf(item).text('id'))),
]
