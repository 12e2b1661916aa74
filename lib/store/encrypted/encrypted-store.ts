import { requireStore } from '../require-store.ts'
import { CredentialsCorrupt, StoreFailed, StoreKeyWrong } from '../../errors/store-errors.ts'
import { OptionInvalid, requireObject } from '../../errors/option-invalid.ts'
import { isEmpty } from '../is-empty.ts'
import { isPromiseLike, mapAwaitable } from '../map-awaitable.ts'
import type { Awaitable, OpenStore, Row, Store, Table } from '../store.ts'
import { rowCipher, type RowCipher } from './row-cipher.ts'

/** What an encrypted store needs. */
export interface EncryptedStoreOptions {
  /** 32 secret bytes, kept elsewhere: random ones, or those of `deriveStoreKey`. Without them the account is lost. */
  readonly key: Uint8Array
}

/** The row that tells whether the key is right; never shown. */
const CHECK = { table: 'account', key: 'rxwa-encryption' } as const
const NOTHING = new Uint8Array(0)

/**
 * Keeps the rows of another store encrypted: every value, bound to its place, and every row key except in
 * `openKeyTables`.
 *
 * What a row key says (phone numbers, chats, message ids) is as private as the value, so it is hidden too, by a
 * cipher that makes the same key look the same every time: reading by key stays one look-up, and `scan` still
 * reads each row once, though in the order of the hidden keys. Where the order means something (`inbox`,
 * `outbox`, `ledger`) and for the fixed names of `account` keys stay readable; they hold nothing secret. The
 * names of `account` also keep a client that was given the inner store by mistake from starting a new account
 * in it. Who has the file still learns how many rows of which size there are, which of them change, and may
 * bring back an older state of a row or of all. One key is good for 2^32 changes per table.
 *
 * A changed row reads as no bytes at all, which its owner quarantines like any damaged row; in `account` it
 * throws `CredentialsCorrupt`.
 *
 * @throws OptionInvalid at once; opening rejects with `StoreKeyWrong` before any other row is read
 * @example
 * const store = encryptedStore(sqliteStore('bot.db'), { key: fromHex(process.env.STORE_KEY) })
 */
export const encryptedStore = (store: Store, options: EncryptedStoreOptions): Store => {
  requireStore(store)
  requireObject('options', options, 'an object with `key`')
  const { key } = options
  if (!(key instanceof Uint8Array) || key.length !== 32) {
    throw new OptionInvalid('key', '32 bytes', key instanceof Uint8Array ? `${key.length} bytes` : typeof key)
  }
  const cipher = rowCipher(key)
  return {
    open: () => mapAwaitable(store.open(), (inner) => closedOnFailure(inner, () => mapAwaitable(checkKey(inner, cipher), () => encryptedRows(inner, cipher)))),
  }
}

/** Gives the lock of `inner` back when `call` fails. */
const closedOnFailure = <T>(inner: OpenStore, call: () => Awaitable<T>): Awaitable<T> => {
  const fail = (cause: unknown): Awaitable<never> =>
    mapAwaitable(inner.close(), () => {
      throw cause
    })
  try {
    const answer = call()
    return isPromiseLike(answer) ? answer.then(undefined, fail) : answer
  } catch (cause) {
    return fail(cause)
  }
}

const checkKey = (inner: OpenStore, cipher: RowCipher): Awaitable<void> =>
  mapAwaitable(inner.read(CHECK.table, CHECK.key), (sealed) => {
    if (sealed) {
      if (!cipher.open(CHECK.table, CHECK.key, sealed)) throw new StoreKeyWrong('other_key')
      return
    }
    return mapAwaitable(isEmpty(inner), (empty) => {
      if (!empty) throw new StoreKeyWrong('not_encrypted')
      return inner.commit([{ ...CHECK, value: cipher.seal(CHECK.table, CHECK.key, NOTHING) }])
    })
  })

const encryptedRows = (inner: OpenStore, cipher: RowCipher): OpenStore => {
  const open = (table: Table, key: string, sealed: Uint8Array | undefined): Uint8Array | undefined => {
    if (!sealed) return undefined
    const value = cipher.open(table, key, sealed)
    if (!value && table === 'account') throw new CredentialsCorrupt()
    return value ?? NOTHING.slice()
  }
  const isCheck = (table: Table, key: string): boolean => table === CHECK.table && key === CHECK.key
  const scan = (table: Table, after: string | undefined, limit: number): Awaitable<readonly Row[]> =>
    inner.scan(table, after === undefined ? undefined : cipher.storedKeyOf(table, after), limit)

  return {
    gathersCommits: inner.gathersCommits ?? false,
    read: (table, key) => mapAwaitable(inner.read(table, cipher.storedKeyOf(table, key)), (sealed) => open(table, key, sealed)),
    readMany: (table, keys) =>
      mapAwaitable(
        inner.readMany(
          table,
          keys.map((key) => cipher.storedKeyOf(table, key)),
        ),
        (values) => values.map((sealed, index) => open(table, keys[index]!, sealed)),
      ),
    scan: (table, after, limit) =>
      mapAwaitable(scan(table, after, table === CHECK.table ? limit + 1 : limit), (rows) =>
        rows
          .filter(({ key }) => !isCheck(table, key))
          .slice(0, limit)
          .map((row) => {
            const key = cipher.keyOf(table, row.key)
            return { key, value: open(table, key, row.value)! }
          }),
      ),
    commit: (writes) => {
      if (writes.some(({ table, key }) => isCheck(table, key))) throw new StoreFailed('commit', { cause: new RangeError(`the key ${CHECK.key} is taken`) })
      return inner.commit(
        writes.map(({ table, key, value }) => ({ table, key: cipher.storedKeyOf(table, key), value: value && cipher.seal(table, key, value) })),
      )
    },
    close: () => inner.close(),
  }
}
