/** A value now or a promise of it; what is there at once is used at once, without a turn of the event loop. */
export type Awaitable<T> = T | PromiseLike<T>

/**
 * What is kept, by purpose. Keys and values are opaque to a store; each purpose says beside its code
 * what they are.
 */
export const tables = [
  'account',
  'identities',
  'sessions',
  'prekeys',
  'signed_prekeys',
  'lid_mappings',
  'device_lists',
  'sender_keys',
  'inbox',
  'outbox',
  'sent_messages',
  'ledger',
  'consumers',
  'quarantine',
] as const

/** Name of a table. */
export type Table = (typeof tables)[number]

/** One row of a table. */
export interface Row {
  readonly key: string
  readonly value: Uint8Array
}

/** One change: a value to keep, or its absence. */
export interface Write {
  readonly table: Table
  readonly key: string
  /** Absent value: the row is deleted. */
  readonly value: Uint8Array | undefined
}

/** The data of one account, open and locked until it is closed. */
export interface OpenStore {
  /** One value, if there is one. */
  read(table: Table, key: string): Awaitable<Uint8Array | undefined>
  /** Many values in the order of their keys. */
  readMany(table: Table, keys: readonly string[]): Awaitable<ReadonlyArray<Uint8Array | undefined>>
  /** Up to `limit` rows in ascending order of key (by UTF-16 code unit), those after `after` when given. */
  scan(table: Table, after: string | undefined, limit: number): Awaitable<readonly Row[]>
  /** Makes all changes durable, or none. Later changes of one row win over earlier ones. */
  commit(writes: readonly Write[]): Awaitable<void>
  /** Gives the lock back; the store may be opened again. */
  close(): Awaitable<void>
}

/** Where a client keeps what must survive: one account, one reader and writer at a time. */
export interface Store {
  /** Opens the data and takes the lock; rejects with `StoreInUse` when somebody has it. */
  open(): Awaitable<OpenStore>
}
