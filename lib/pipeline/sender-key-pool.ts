import type { Observable } from 'rxjs'

import { RecentMap } from '../collections/recent-map.ts'
import { atOnce, mapped } from '../reactive/at-once.ts'
import { answerOf } from '../store/from-awaitable.ts'
import type { Quarantine } from '../store/quarantine.ts'
import type { OpenStore, Write } from '../store/store.ts'
import { decodeSenderKeyRecord, encodeSenderKeyRecord } from '../signal/sender-key-codec.ts'
import type { SenderKeyRecord } from '../signal/sender-key-record.ts'
import { userOf, type Jid } from '../stanza/jid.ts'
import { createKeyedLocks, makeWhileHeld, type Release } from './keyed-locks.ts'
import type { Loan } from './loan.ts'
import { addressOf } from './session-pool.ts'

/** Sender keys of one person in one chat on loan, whichever of their devices wrote. */
export interface SenderKeyLoan extends Loan {
  /** The keys of a device; a device nobody read yet has none, see {@link SenderKeyLoan.read}. */
  readonly record: (device: Jid) => SenderKeyRecord | undefined
  readonly put: (device: Jid, record: SenderKeyRecord | undefined) => void
  /** Reads the keys of more devices of the same person; emits once. */
  readonly read: (devices: readonly Jid[]) => Observable<unknown>
}

/** The sender keys of everybody else, by chat and device. */
export interface SenderKeyPool {
  /**
   * Emits one loan when nobody else has the keys of this person in this chat. Whoever needs ratchets as well
   * borrows those first.
   *
   * @param devices addresses of the sender, all of one person; the first names the lock
   */
  readonly borrow: (chat: Jid, devices: readonly [Jid, ...Jid[]]) => Observable<SenderKeyLoan>
}

/** The key of a row in `sender_keys` (protocol document 04, section 8). */
export const senderKeyName = (chat: Jid, device: Jid): string => `${chat}|${addressOf(device)}`

const NOTHING_TO_READ = atOnce(undefined)

/** Records kept decoded in memory, at least. */
const CACHED_RECORDS = 5_000

/** A pool over an open store. */
export const createSenderKeyPool = (store: OpenStore, quarantine: Quarantine): SenderKeyPool => {
  const locks = createKeyedLocks()
  const cache = new RecentMap<string, SenderKeyRecord | undefined>(CACHED_RECORDS)

  const decode = (name: string, bytes: Uint8Array | undefined): SenderKeyRecord | undefined => {
    if (!bytes) return undefined
    try {
      return decodeSenderKeyRecord(bytes)
    } catch {
      // A row that cannot be read counts as absent: a retry brings the key again.
      quarantine.put('sender_keys', name, bytes)
      return undefined
    }
  }

  const lend = (chat: Jid, release: Release): SenderKeyLoan => {
    const known = new Map<string, SenderKeyRecord | undefined>()
    const changed = new Map<string, SenderKeyRecord | undefined>()
    return {
      record: (device) => {
        const name = senderKeyName(chat, device)
        return changed.has(name) ? changed.get(name) : known.get(name)
      },
      put: (device, record) => void changed.set(senderKeyName(chat, device), record),
      read: (devices) => {
        const missing: string[] = []
        for (const device of devices) {
          const name = senderKeyName(chat, device)
          if (known.has(name)) continue
          // One at a time: looking one up may make room and push another one out.
          if (cache.has(name)) known.set(name, cache.get(name))
          else missing.push(name)
        }
        if (missing.length === 0) return NOTHING_TO_READ
        return mapped(answerOf(store.readMany('sender_keys', missing)), (rows) =>
          missing.forEach((name, index) => {
            const record = decode(name, rows[index])
            known.set(name, record)
            cache.set(name, record)
          }),
        )
      },
      writes: () =>
        [...changed].flatMap(([key, record]): readonly Write[] =>
          record === known.get(key) ? [] : [{ table: 'sender_keys', key, value: record && encodeSenderKeyRecord(record) }],
        ),
      keep: () => {
        for (const [name, record] of changed) cache.set(name, record)
        release()
      },
      release,
    }
  }

  return {
    borrow: (chat, devices) =>
      makeWhileHeld(locks.acquire([senderKeyName(chat, userOf(devices[0]))]), (release) => {
        const loan = lend(chat, release)
        return mapped(loan.read(devices), () => loan)
      }),
  }
}
