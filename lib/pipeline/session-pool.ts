import type { Observable } from 'rxjs'

import { equalBytes } from '../bytes/bytes.ts'
import { RecentMap } from '../collections/recent-map.ts'
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

/** Peers kept decoded in memory, at least. */
const CACHED_PEERS = 5_000

type States = ReadonlyMap<string, PeerState>

type Cache = RecentMap<string, PeerState>

const UNKNOWN: PeerState = { session: undefined, identity: undefined }

/**
 * A pool over an open store.
 *
 * @param onReplaced told the address of a device that has another identity than before, once that was kept
 */
export const createSessionPool = (store: OpenStore, quarantine: Quarantine, onReplaced: (address: string) => void = () => undefined): SessionPool => {
  const locks = createKeyedLocks()
  const cache: Cache = new RecentMap(CACHED_PEERS)

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

  /** The states of these addresses, whether or not they all fit into the cache. */
  const load = (addresses: readonly string[]): Observable<States> => {
    const states = new Map<string, PeerState>()
    const missing: string[] = []
    for (const address of addresses) {
      const state = cache.get(address)
      if (state) states.set(address, state)
      else missing.push(address)
    }
    if (missing.length === 0) return atOnce(states)
    return followedBy(answerOf(store.readMany('sessions', missing)), (sessions) =>
      mapped(answerOf(store.readMany('identities', missing)), (identities) => {
        for (const [index, address] of missing.entries()) {
          // Somebody may have been faster while the store was read, and gone on from there.
          const state = cache.get(address) ?? { session: decode(address, sessions[index]), identity: identities[index] }
          states.set(address, state)
          if (!cache.has(address)) cache.set(address, state)
        }
        return states
      }),
    )
  }

  return {
    borrow: (addresses) =>
      makeWhileHeld(locks.acquire(addresses), (release) => mapped(load(addresses), (states) => new PooledLoan(states, cache, onReplaced, release))),
    withoutSession: (addresses) =>
      // Whoever writes to somebody for the second time has nothing to load.
      addresses.every((address) => cache.get(address)?.session) ? NONE_LACKING : mapped(load(addresses), (states) => addresses.filter((address) => states.get(address)?.session === undefined)),
    identities: (addresses) => mapped(load(addresses), (states) => addresses.map((address) => states.get(address)?.identity)),
  }
}

const NONE_LACKING = atOnce<readonly string[]>([])

/** A class, because one is made for every message and most of what it can do is not used. */
class PooledLoan implements SessionLoan {
  readonly #states: States
  readonly #cache: Cache
  readonly #onReplaced: (address: string) => void
  readonly #changed = new Map<string, PeerState>()
  readonly release: Release
  /** What `prepare()` made ready. */
  #encoded: Map<SessionRecord, Uint8Array> | undefined
  #unprepared: string[] | undefined
  #replaced: Set<string> | undefined

  constructor(states: States, cache: Cache, onReplaced: (address: string) => void, release: Release) {
    this.#states = states
    this.#cache = cache
    this.#onReplaced = onReplaced
    this.release = release
  }

  peer(address: string): PeerState {
    return this.#changed.get(address) ?? this.#before(address)
  }

  put(address: string, change: Partial<PeerState>): void {
    const present = this.peer(address)
    if (change.identity && present.identity && !equalBytes(change.identity, present.identity)) (this.#replaced ??= new Set()).add(address)
    this.#changed.set(address, { ...present, ...change })
    ;(this.#unprepared ??= []).push(address)
  }

  prepare(): void {
    this.#encoded ??= new Map()
    for (const address of this.#unprepared ?? []) {
      const session = this.#changed.get(address)?.session
      if (session) this.#encoded.set(session, this.#encode(session))
    }
    this.#unprepared = undefined
  }

  writes(): readonly Write[] {
    const writes: Write[] = []
    for (const [address, { session, identity }] of this.#changed) {
      const known = this.#before(address)
      if (session !== known.session) writes.push({ table: 'sessions', key: address, value: session && this.#encode(session) })
      if (identity !== known.identity) writes.push({ table: 'identities', key: address, value: identity })
    }
    return writes
  }

  keep(): void {
    for (const [address, state] of this.#changed) this.#cache.set(address, state)
    this.#changed.clear()
    this.release()
    this.#replaced?.forEach(this.#onReplaced)
    this.#replaced = undefined
  }

  #before(address: string): PeerState {
    return this.#states.get(address) ?? this.#cache.get(address) ?? UNKNOWN
  }

  #encode(session: SessionRecord): Uint8Array {
    return this.#encoded?.get(session) ?? encodeSessionRecord(session)
  }
}
