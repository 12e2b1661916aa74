import { last, map, Subject, tap, type Observable } from 'rxjs'

import { activeKeyId, expandSyncKey, KEY_ID_BYTES, SYNC_KEY_BYTES, type SyncKey, type SyncKeys } from '../app-state/sync-keys.ts'
import { fromHex, toHex } from '../bytes/bytes.ts'
import type { ProtoCodec } from '../proto/codec.ts'
import type { Message_AppStateSyncKeyData, Message_AppStateSyncKeyShare } from '../proto/types.generated.ts'
import type { Quarantine } from '../store/quarantine.ts'
import { scanPages } from '../store/scan-pages.ts'
import type { OpenStore, Write } from '../store/store.ts'

/** The keys of the app state that devices of ours sent. */
export interface AppStateKeys {
  readonly find: (keyId: Uint8Array) => SyncKeys | undefined
  /** The key to write with; undefined when there is none. */
  readonly active: () => SyncKey | undefined
  /** As it is shared with other devices. */
  readonly share: (keyId: Uint8Array) => Message_AppStateSyncKeyData | undefined
  /** Takes keys in; returns what to store. Entries without a key say that the sender lacks it. */
  readonly learn: (share: Message_AppStateSyncKeyShare) => readonly Write[]
  /** A device of ours sent keys, or said that it lacks them. */
  readonly shared$: Observable<void>
}

/** Most keys taken from one message; a phone has a handful. */
const MOST_KEYS = 1_000

/** What the keys need. */
export interface AppStateKeysParts {
  readonly store: OpenStore
  readonly quarantine: Quarantine
  readonly codec: ProtoCodec<Message_AppStateSyncKeyData>
}

/** The keys as stored; emits once. Rows that cannot be read are put aside: the key is asked for again. */
export const loadAppStateKeys = ({ store, quarantine, codec }: AppStateKeysParts): Observable<AppStateKeys> => {
  const stored = new Map<string, Message_AppStateSyncKeyData>()
  return scanPages(store, 'app_state_keys').pipe(
    tap((rows) => {
      for (const { key, value } of rows) {
        const data = readable(() => codec.decode(value))
        if (data?.keyData?.length === SYNC_KEY_BYTES) stored.set(key, copied(data))
        else quarantine.put('app_state_keys', key, value)
      }
    }),
    last(),
    map(() => createAppStateKeys(stored, codec)),
  )
}

const createAppStateKeys = (stored: Map<string, Message_AppStateSyncKeyData>, codec: AppStateKeysParts['codec']): AppStateKeys => {
  const expanded = new Map<string, SyncKeys>()
  const shared$ = new Subject<void>()
  const find = (keyId: Uint8Array): SyncKeys | undefined => {
    const name = toHex(keyId)
    const known = expanded.get(name)
    if (known) return known
    const keyData = stored.get(name)?.keyData
    if (!keyData) return undefined
    const keys = expandSyncKey(keyData)
    expanded.set(name, keys)
    return keys
  }
  return {
    find,
    active: () => {
      const keyId = activeKeyId([...stored.keys()].map(fromHex))
      return keyId && { keyId, ...find(keyId)! }
    },
    share: (keyId) => stored.get(toHex(keyId)),
    learn: ({ keys = [] }) => {
      const writes = keys.slice(0, MOST_KEYS).flatMap(({ keyId, keyData }): readonly Write[] => {
        if (keyId?.keyId?.length !== KEY_ID_BYTES || keyData?.keyData?.length !== SYNC_KEY_BYTES) return []
        const name = toHex(keyId.keyId)
        // A key is never exchanged for another one under its id: what was written with it would be lost.
        if (stored.has(name)) return []
        stored.set(name, copied(keyData))
        return [{ table: 'app_state_keys', key: name, value: codec.encode(keyData) }]
      })
      shared$.next()
      return writes
    },
    shared$: shared$.asObservable(),
  }
}

/** Decoded bytes are views into the message. */
const copied = (data: Message_AppStateSyncKeyData): Message_AppStateSyncKeyData => ({ ...data, keyData: data.keyData!.slice() })

const readable = <T>(decode: () => T): T | undefined => {
  try {
    return decode()
  } catch {
    return undefined
  }
}
