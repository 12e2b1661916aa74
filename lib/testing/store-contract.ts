import { equalBytes } from '../bytes/bytes.ts'
import { RxwaError } from '../errors/rxwa-error.ts'
import { openKeyTables, type Awaitable, type OpenStore, type Row, type Store, type Table, type Write } from '../store/store.ts'

/** What is used of a test runner; jest, vitest and others with these globals have it. */
export interface ContractRunner {
  readonly describe: (name: string, body: () => void) => unknown
  readonly it: (name: string, body: () => Promise<void>) => unknown
  readonly expect: (actual: unknown) => { readonly toEqual: (expected: unknown) => unknown }
}

/** What more a store can be put through. */
export interface StoreContractOptions {
  /** Another store object over the same data, as after a restart; given only when the data survives that. */
  readonly reopen?: (store: Store) => Awaitable<Store>
  /** A store of another account in the same place. */
  readonly otherAccount?: (store: Store) => Awaitable<Store>
  /** The runner's functions; default: its globals. */
  readonly runner?: ContractRunner
}

/**
 * Describes the specs that every store must pass, with the functions of the test runner.
 *
 * @param makeStore an empty store, a new one for every spec
 * @example
 * import { storeContract } from 'rxwa/testing'
 * storeContract('redisStore', () => redisStore(freshPrefix()))
 */
export const storeContract = (name: string, makeStore: () => Awaitable<Store>, options: StoreContractOptions = {}): void => {
  const { describe, it, expect } = options.runner ?? globalRunner()
  const { reopen, otherAccount } = options

  /** A spec of an open store, which is closed whatever happens. */
  const itOpens = (title: string, body: (open: OpenStore, store: Store) => Promise<void>): void =>
    void it(title, async () => {
      const store = await makeStore()
      const open = await store.open()
      try {
        await body(open, store)
      } finally {
        await open.close()
      }
    })

  describe(`${name} keeps the contract of stores`, () => {
    itOpens('reads what was committed, one or many in the order of the keys', async (open) => {
      await open.commit([put('sessions', 'b', 2), put('sessions', 'a', 1), put('identities', 'a', 9)])
      expect(await open.read('sessions', 'a')).toEqual(bytes(1))
      expect(await open.read('identities', 'a')).toEqual(bytes(9))
      expect(await open.read('prekeys', 'a')).toEqual(undefined)
      expect(await open.readMany('sessions', ['x', 'b', 'a', 'b'])).toEqual([undefined, bytes(2), bytes(1), bytes(2)])
      expect(await open.readMany('sessions', [])).toEqual([])
    })

    itOpens('finds rows by their words, if it can search at all', async (open) => {
      if (!open.search) return
      const texts: ReadonlyArray<readonly [string, string]> = [['a', 'blue tea pot'], ['b', 'tea for two'], ['c', 'teapot blue'], ['d', 'two blue teas'], ['e', 'été 茶 2026']]
      await open.commit(texts.map(([key, text]): Write => ({ table: 'chat_texts', key, value: words(text) })))
      const found = async (phrases: readonly string[], after?: string, limit = 10): Promise<readonly string[]> => (await open.search!('chat_texts', phrases, after, limit)).map(({ key }) => key)
      expect(await found(['tea'])).toEqual(['a', 'b', 'c', 'd'])
      expect(await found(['tea p'])).toEqual(['a'])
      expect(await found(['blue', 'tea'])).toEqual(['a', 'c', 'd'])
      expect(await found(['tea'], 'a', 2)).toEqual(['b', 'c'])
      expect(await found(['été'])).toEqual(['e'])
      expect(await found(['茶 20'])).toEqual(['e'])
      expect(await found(['pot'])).toEqual(['a'])
      expect(await open.search('chat_texts', ['two'], undefined, 1)).toEqual([{ key: 'b', value: words('tea for two') }])
      await open.commit([{ table: 'chat_texts', key: 'b', value: words('coffee') }, drop('chat_texts', 'd')])
      expect(await found(['two'])).toEqual([])
      expect(await found(['coffee'])).toEqual(['b'])
    })

    itOpens('lets the later change of a row win, deletion included', async (open) => {
      await open.commit([put('prekeys', 'a', 1), put('prekeys', 'a', 2), put('prekeys', 'b', 1), drop('prekeys', 'b'), drop('prekeys', 'c'), put('prekeys', 'c', 3)])
      expect(await open.readMany('prekeys', ['a', 'b', 'c'])).toEqual([bytes(2), undefined, bytes(3)])
      await open.commit([drop('prekeys', 'a'), drop('prekeys', 'nobody')])
      expect(await open.readMany('prekeys', ['a', 'b', 'c'])).toEqual([undefined, undefined, bytes(3)])
      await open.commit([])
    })

    itOpens('scans in the order of UTF-8 bytes', async (open) => {
      const keys = ['', '\0', '\0a', '1', '10', '9', 'A', 'a', 'aa', 'é', '\u{d7ff}', '\u{e000}', '\u{feff}b', '\u{ffff}', '\u{10000}', '\u{10ffff}']
      const table: Table = 'inbox'
      await open.commit([...keys].reverse().map((key, index) => put(table, key, index)))
      expect(keysOf(await open.scan(table, undefined, 100))).toEqual(keys)
      for (const [index, key] of keys.entries()) expect(keysOf(await open.scan(table, key, 2))).toEqual(keys.slice(index + 1, index + 3))
    })

    itOpens('scans page by page, from anywhere, with the values', async (open) => {
      const counters = Array.from({ length: 25 }, (_, index) => String(index).padStart(3, '0'))
      await open.commit(counters.map((key, index) => put('outbox', key, index)))
      expect(await open.scan('outbox', '0025', 2)).toEqual([
        { key: '003', value: bytes(3) },
        { key: '004', value: bytes(4) },
      ])
      expect(keysOf(await open.scan('outbox', '023', 10))).toEqual(['024'])
      expect(await open.scan('outbox', '024', 10)).toEqual([])
      expect(await open.scan('ledger', undefined, 10)).toEqual([])
      await open.commit([drop('outbox', '000'), drop('outbox', '010'), put('outbox', '0005', 1), put('outbox', '999', 1)])
      expect(keysOf(await open.scan('outbox', undefined, 3))).toEqual(['0005', '001', '002'])
      expect(keysOf(await open.scan('outbox', '009', 1))).toEqual(['011'])
      expect(keysOf(await open.scan('outbox', '023', 3))).toEqual(['024', '999'])
    })

    itOpens('meets every row once in every table', async (open) => {
      const keys = Array.from({ length: 25 }, (_, index) => `55119${index * 7919}`)
      for (const table of ['lid_mappings', 'sent_messages', ...openKeyTables] as const) {
        await open.commit(keys.map((key) => put(table, key, key.length)))
        const pages = [await open.scan(table, undefined, 10)]
        while (pages.at(-1)!.length === 10) pages.push(await open.scan(table, pages.at(-1)!.at(-1)!.key, 10))
        expect(pages.map((page) => page.length)).toEqual([10, 10, 5])
        expect(keysOf(pages.flat()).sort()).toEqual([...keys].sort())
        expect(pages.flat().every(({ key, value }) => value[0] === key.length)).toEqual(true)
      }
    })

    itOpens('keeps values of any size, and keys of any text', async (open) => {
      const large = new Uint8Array(5 * 1024 * 1024)
      for (let index = 0; index < large.length; index += 1) large[index] = (index * 31) ^ (index >> 8)
      const keys = ['', '\0', 'a\0b', '15550100001:12@s.whatsapp.net', "'; --", '\u{feff}', 'a%_', '\u{1f600}'.repeat(200)]
      await open.commit([{ table: 'sender_keys', key: 'large', value: large }, { table: 'sender_keys', key: 'none', value: new Uint8Array(0) }])
      await open.commit(keys.map((key, index) => put('sender_keys', key, index)))
      const kept = await open.read('sender_keys', 'large')
      // A comparison of five million numbers by the runner takes long.
      expect(kept && equalBytes(kept, large)).toEqual(true)
      expect(await open.read('sender_keys', 'none')).toEqual(new Uint8Array(0))
      expect(await open.readMany('sender_keys', keys)).toEqual(keys.map((_, index) => bytes(index)))
      expect(keysOf(await open.scan('sender_keys', undefined, 100)).sort()).toEqual([...keys, 'large', 'none'].sort())
    })

    itOpens('copies bytes at the border', async (open) => {
      const given = bytes(1)
      await open.commit([{ table: 'consumers', key: 'a', value: given }])
      given[0] = 9
      const [read, [many], [scanned]] = [await open.read('consumers', 'a'), await open.readMany('consumers', ['a']), await open.scan('consumers', undefined, 1)]
      expect([read, many, scanned?.value]).toEqual([bytes(1), bytes(1), bytes(1)])
      for (const array of [read, many, scanned?.value]) array?.fill(9)
      expect(await open.read('consumers', 'a')).toEqual(bytes(1))
    })

    itOpens('takes all changes of a commit or none', async (open) => {
      await open.commit([put('inbox', 'a', 1)])
      const broken: Write = {
        table: 'inbox',
        key: 'c',
        get value(): never {
          throw new Error('this value cannot be had')
        },
      }
      expect((await failureOf(() => open.commit([put('inbox', 'a', 2), put('inbox', 'b', 2), broken]))) !== undefined).toEqual(true)
      expect(await open.readMany('inbox', ['a', 'b', 'c'])).toEqual([bytes(1), undefined, undefined])
      await open.commit([put('inbox', 'b', 3)])
      expect(await open.read('inbox', 'b')).toEqual(bytes(3))
    })

    itOpens('is open once at a time', async (_, store) => {
      expect(await failureOf(() => store.open())).toEqual('store_in_use')
      expect(await failureOf(() => store.open())).toEqual('store_in_use')
      if (reopen) {
        const other = await reopen(store)
        expect(await failureOf(() => other.open())).toEqual('store_in_use')
      }
    })

    it('fails in every call after closing, and leaves the next owner alone', async () => {
      const store = await makeStore()
      const first = await store.open()
      await first.close()
      const second = await store.open()
      await first.close()
      expect(await failureOf(() => store.open())).toEqual('store_in_use')
      for (const call of [
        () => first.read('account', 'a'),
        () => first.readMany('account', ['a']),
        () => first.scan('account', undefined, 1),
        () => first.commit([put('account', 'a', 1)]),
      ]) {
        expect(await failureOf<unknown>(call)).toEqual('store_failed')
      }
      expect(await second.read('account', 'a')).toEqual(undefined)
      await second.close()
    })

    if (reopen) {
      it('has its rows again after closing', async () => {
        const store = await makeStore()
        const first = await store.open()
        await first.commit([put('account', 'a', 1), put('sessions', 'b', 2), put('inbox', '1', 3)])
        await first.commit([drop('inbox', '1')])
        await first.close()
        const second = await (await reopen(store)).open()
        expect(await second.read('account', 'a')).toEqual(bytes(1))
        expect(await second.scan('sessions', undefined, 10)).toEqual([{ key: 'b', value: bytes(2) }])
        expect(await second.scan('inbox', undefined, 10)).toEqual([])
        await second.close()
      })
    }

    if (otherAccount) {
      itOpens('keeps accounts apart, and open side by side', async (open, store) => {
        const other = await (await otherAccount(store)).open()
        await open.commit([put('account', 'a', 1), put('inbox', '1', 1)])
        await other.commit([put('account', 'a', 2), put('inbox', '2', 2)])
        await other.commit([drop('inbox', '1')])
        expect([await open.read('account', 'a'), await other.read('account', 'a')]).toEqual([bytes(1), bytes(2)])
        expect([keysOf(await open.scan('inbox', undefined, 9)), keysOf(await other.scan('inbox', undefined, 9))]).toEqual([['1'], ['2']])
        await other.close()
      })
    }
  })
}

const globalRunner = (): ContractRunner => {
  const { describe, it, expect } = globalThis as Partial<ContractRunner>
  if (!describe || !it || !expect) throw new TypeError('storeContract() found no global describe, it and expect; give it the option `runner`')
  return { describe, it, expect }
}

const bytes = (value: number): Uint8Array => Uint8Array.of(value)
const put = (table: Table, key: string, value: number): Write => ({ table, key, value: bytes(value) })
const drop = (table: Table, key: string): Write => ({ table, key, value: undefined })
const keysOf = (rows: readonly Row[]): string[] => rows.map(({ key }) => key)

/** Code of the error a call ends with, its name when it is none of ours, undefined when it ends well. */
const failureOf = async <T>(call: () => Awaitable<T>): Promise<string | undefined> => {
  try {
    await call()
    return undefined
  } catch (error) {
    return error instanceof RxwaError ? error.code : String(error)
  }
}

const words = (text: string): Uint8Array => new TextEncoder().encode(text)
