import type { Observable } from 'rxjs'

import { equalBytes } from '../bytes/bytes.ts'
import { atOnce, followedBy, mapped } from '../reactive/at-once.ts'
import { answerOf } from '../store/from-awaitable.ts'
import type { Quarantine } from '../store/quarantine.ts'
import type { OpenStore, Write } from '../store/store.ts'
import { decodeSessionRecord, encodeSessionRecord } from '../signal/record-codec.ts'
import type { SessionRecord } from '../signal/session-state.ts'
import type { Jid } from '../stanza/jid.ts'
import { createKeyedLocks, makeWhileHeld, type Release } from './keyed-locks.ts'
import type { Loan } from './loan.ts'

/** What is known of one remote device. */
export interface PeerState {
  readonly session: SessionRecord | undefined
  /** The identity key of the device, 32 bytes. */
  readonly identity: Uint8Array | undefined
}

/** Ratchets on loan. */
export interface SessionLoan extends Loan {
  readonly peer: (address: string) => PeerState
  readonly put: (address: string, change: Partial<PeerState>) => void
  /** Makes ready what `writes()` will give, so that it takes no long time at once. */
  readonly prepare: () => void
}

/** All ratchets of one open store. */
export interface SessionPool {
  /** Emits one loan when all addresses are free and read. */
  readonly borrow: (addresses: readonly string[]) => Observable<SessionLoan>
  /** Which of these addresses have no session yet; a look without a loan, so it may be outdated at once. */
  readonly withoutSession: (addresses: readonly string[]) => Observable<readonly string[]>
  /** Identity keys of devices, 32 bytes each, undefined where none is known; a look without a loan. */
  readonly identities: (addresses: readonly string[]) => Observable<ReadonlyArray<Uint8Array | undefined>>
}

/** The key of a device everywhere: `user:device@server` with hosted servers folded (protocol document 04, section 8). */
export const addressOf = ({ user, device, server }: Jid): string => {
  const folded = server === 'hosted' ? 's.whatsapp.net' : server === 'hosted.lid' ? 'lid' : server
  return `${user}:${device}@${folded}`
}

/** Peers kept decoded in memory; the oldest unused is dropped first. */
const CACHED_PEERS = 10_000

const NOTHING_TO_READ = atOnce(undefined)

const UNKNOWN: PeerState = { session: undefined, identity: undefined }

/**
 * A pool over an open store.
 *
 * @param onReplaced told the address of a device that has another identity than before, once that was kept
 */
export const createSessionPool = (store: OpenStore, quarantine: Quarantine, onReplaced: (address: string) => void = () => undefined): SessionPool => {
  const locks = createKeyedLocks()
  const cache = new Map<string, PeerState>()

  const remember = (address: string, state: PeerState): void => {
    // Deleting first moves the address to the young end of the map.
    cache.delete(address)
    cache.set(address, state)
    if (cache.size > CACHED_PEERS) cache.delete(cache.keys().next().value!)
  }

  const decode = (address: string, bytes: Uint8Array | undefined): SessionRecord | undefined => {
    if (!bytes) return undefined
    try {
      return decodeSessionRecord(bytes)
    } catch {
      // A row that cannot be read counts as absent: the next prekey message or a retry repairs it.
      quarantine.put('sessions', address, bytes)
      return undefined
    }
  }

  const load = (addresses: readonly string[]): Observable<unknown> => {
    const missing = addresses.filter((address) => !cache.has(address))
    if (missing.length === 0) return NOTHING_TO_READ
    return followedBy(answerOf(store.readMany('sessions', missing)), (sessions) =>
      mapped(answerOf(store.readMany('identities', missing)), (identities) =>
        missing.forEach((address, index) =>
          remember(address, { session: decode(address, sessions[index]), identity: identities[index] }),
        ),
      ),
    )
  }

  const lend = (release: Release): SessionLoan => {
    const changed = new Map<string, PeerState>()
    const encoded = new Map<SessionRecord, Uint8Array>()
    const replaced = new Set<string>()
    let unprepared: string[] = []
    const encode = (session: SessionRecord): Uint8Array => encoded.get(session) ?? encodeSessionRecord(session)
    return {
      peer: (address) => changed.get(address) ?? cache.get(address) ?? UNKNOWN,
      put: (address, change) => {
        const before = changed.get(address) ?? cache.get(address) ?? UNKNOWN
        if (change.identity && before.identity && !equalBytes(change.identity, before.identity)) replaced.add(address)
        changed.set(address, { ...before, ...change })
        unprepared.push(address)
      },
      prepare: () => {
        for (const address of unprepared) {
          const session = changed.get(address)?.session
          if (session) encoded.set(session, encode(session))
        }
        unprepared = []
      },
      writes: () => {
        const writes: Write[] = []
        for (const [address, { session, identity }] of changed) {
          const known = cache.get(address)
          if (session !== known?.session)
            writes.push({ table: 'sessions', key: address, value: session && encode(session) })
          if (identity !== known?.identity) writes.push({ table: 'identities', key: address, value: identity })
        }
        return writes
      },
      keep: () => {
        for (const [address, state] of changed) remember(address, state)
        changed.clear()
        release()
        replaced.forEach(onReplaced)
        replaced.clear()
      },
      release,
    }
  }

  return {
    borrow: (addresses) =>
      makeWhileHeld(locks.acquire(addresses), (release) => mapped(load(addresses), () => lend(release))),
    withoutSession: (addresses) =>
      mapped(load(addresses), () => addresses.filter((address) => cache.get(address)?.session === undefined)),
    identities: (addresses) => mapped(load(addresses), () => addresses.map((address) => cache.get(address)?.identity)),
  }
}
