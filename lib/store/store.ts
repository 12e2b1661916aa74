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
  'sender_key_marks',
  'tokens',
  'groups',
  'app_state',
  'app_state_macs',
  'app_state_keys',
  'inbox',
  'outbox',
  'sent_messages',
  'message_secrets',
  'history',
  'ledger',
  'consumers',
  'quarantine',
  'chats',
  'chat_people',
  'chat_labels',
  'chat_state',
  'chat_messages',
  'chat_message_ids',
  'chat_receipts',
  'chat_texts',
] as const

/** Name of a table. */
export type Table = (typeof tables)[number]

/**
 * Tables whose keys must hold nothing secret, because a store that encrypts leaves them readable: counters
 * whose order means something, places of messages (when, not what or of whom), and the fixed names of `account`.
 */
export const openKeyTables: readonly Table[] = ['account', 'inbox', 'outbox', 'ledger', 'chats', 'chat_state', 'chat_messages', 'chat_receipts', 'chat_texts']

/** Tables whose values are words between single spaces, in UTF-8, that a store may find rows by. */
export const searchableTables: readonly Table[] = ['chat_texts']

/** One row of a table. */
export interface Row {
  /** Well-formed text (no lone surrogates). */
  readonly key: string
  /** Any bytes, also none; up to 16 MiB. */
  readonly value: Uint8Array
}

/** One change: a value to keep, or its absence. */
export interface Write {
  readonly table: Table
  readonly key: string
  /** Absent value: the row is deleted. */
  readonly value: Uint8Array | undefined
}

/**
 * The data of one account, open and locked until it is closed. Bytes are copied at the border: changing an
 * array that was given or returned changes no row. Every call of a closed store fails with `StoreFailed`.
 */
export interface OpenStore {
  /**
   * A commit is dear, as one that waits for a disk is: changes that arrive in one turn of the clock share a
   * transaction, at the price of a moment's delay. Default: every change is committed at once.
   */
  readonly gathersCommits?: boolean
  /** One value, if there is one. */
  read(table: Table, key: string): Awaitable<Uint8Array | undefined>
  /** Many values in the order of their keys. */
  readMany(table: Table, keys: readonly string[]): Awaitable<ReadonlyArray<Uint8Array | undefined>>
  /**
   * Up to `limit` rows, those after `after` when given; fewer only at the end. Ascending by the UTF-8 bytes
   * of the key, which is code point order. A store that hides keys may answer tables that are not among
   * `openKeyTables` in another fixed order, in which going on after the last key still meets every row once.
   */
  scan(table: Table, after: string | undefined, limit: number): Awaitable<readonly Row[]>
  /**
   * As `scan`, of a searchable table, but only rows that hold all these phrases: words that follow each other, the
   * last of which may go on. Absent: this store cannot search.
   *
   * @param phrases at least one, of lower-case letters, digits and single spaces
   */
  search?(table: Table, phrases: readonly string[], after: string | undefined, limit: number): Awaitable<readonly Row[]>
  /**
   * Makes all changes durable, or none. Later changes of one row win over earlier ones.
   *
   * @throws StoreFailed and nothing was changed
   */
  commit(writes: readonly Write[]): Awaitable<void>
  /** Gives the lock back; the store may be opened again. */
  close(): Awaitable<void>
}

/** Where a client keeps what must survive: one account, one reader and writer at a time. */
export interface Store {
  /** Opens the data and takes the lock; rejects with `StoreInUse` when somebody has it. */
  open(): Awaitable<OpenStore>
}
