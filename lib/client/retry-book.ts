import type { SchedulerLike } from 'rxjs'

import type { RetryRefusal } from '../events/explanation.ts'
import type { RetryRequest } from '../pipeline/read-retry-request.ts'
import type { Jid } from '../stanza/jid.ts'

/** What is remembered of retry requests, so that answering stays bounded (protocol document 06, section 8). */
export interface RetryBook {
  /** Why this request is not to be answered, if so; counts it. */
  readonly refuses: (request: RetryRequest) => RetryRefusal | undefined
  /** How long a message to a group waits before it is sent again, so that there are not too many at once; undefined when too many wait. Counts it. */
  readonly groupPauseMs: (group: Jid) => number | undefined
  readonly rememberBaseKey: (address: string, id: string, baseKey: Uint8Array) => void
  readonly baseKeyOf: (address: string, id: string) => Uint8Array | undefined
  readonly forgetBaseKey: (address: string, id: string) => void
  /** Whether the session with a device may be made anew; once an hour. */
  readonly mayRecreate: (device: Jid) => boolean
}

/** A fifth request is refused, whatever it says. */
const MOST_COUNT = 4

/** Answers per message and device, whatever counts they come with. */
const MOST_ANSWERS = 10

/** Requests of one device within a minute; a storm costs no more than this. */
const MOST_PER_MINUTE = 60

/** Resends to one group: so many at once, and so many more each minute. */
const GROUP_BURST = 20
const GROUP_PER_MINUTE = 10

/** Resends to one group that wait for their turn: ten minutes' worth. What is beyond is refused. */
const GROUP_WAITING = 100

const RECREATE_PAUSE_MS = 3_600_000

/** Entries of each kind; the oldest is forgotten first. */
const REMEMBERED = 2_000

/** An empty book. */
export const createRetryBook = (scheduler: Pick<SchedulerLike, 'now'>): RetryBook => {
  const answers = new Map<string, number>()
  const minutes = new Map<string, { readonly minute: number; count: number }>()
  const buckets = new Map<string, { readonly left: number; readonly atMs: number }>()
  const baseKeys = new Map<string, Uint8Array>()
  const recreated = new Map<string, number>()

  const put = <Value>(map: Map<string, Value>, key: string, value: Value): void => {
    map.delete(key)
    map.set(key, value)
    if (map.size > REMEMBERED) map.delete(map.keys().next().value!)
  }

  const isStorm = (device: string): boolean => {
    const minute = Math.floor(scheduler.now() / 60_000)
    const known = minutes.get(device)
    const current = known?.minute === minute ? known : { minute, count: 0 }
    current.count += 1
    put(minutes, device, current)
    return current.count > MOST_PER_MINUTE
  }

  /** Takes one resend from a group's bucket, or from what comes into it later. */
  const groupPauseMs = (group: Jid): number | undefined => {
    const name = group.toString()
    const nowMs = scheduler.now()
    const known = buckets.get(name)
    const left = (known ? Math.min(GROUP_BURST, known.left + ((nowMs - known.atMs) * GROUP_PER_MINUTE) / 60_000) : GROUP_BURST) - 1
    if (left < -GROUP_WAITING) return undefined
    put(buckets, name, { left, atMs: nowMs })
    return left >= 0 ? 0 : Math.ceil((-left * 60_000) / GROUP_PER_MINUTE)
  }

  return {
    refuses: ({ id, requester, count }) => {
      const device = requester.toString()
      if (isStorm(device)) return 'asks_for_too_much'
      if (count < 1 || count > MOST_COUNT) return 'asked_too_often'
      const key = `${device}|${id}`
      const answered = (answers.get(key) ?? 0) + 1
      put(answers, key, answered)
      return answered > MOST_ANSWERS ? 'asked_too_often' : undefined
    },
    groupPauseMs,
    rememberBaseKey: (address, id, baseKey) => put(baseKeys, `${address}|${id}`, baseKey),
    baseKeyOf: (address, id) => baseKeys.get(`${address}|${id}`),
    forgetBaseKey: (address, id) => void baseKeys.delete(`${address}|${id}`),
    mayRecreate: (device) => {
      const key = device.toString()
      const last = recreated.get(key)
      if (last !== undefined && scheduler.now() - last < RECREATE_PAUSE_MS) return false
      put(recreated, key, scheduler.now())
      return true
    },
  }
}
