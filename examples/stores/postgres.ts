/** A store of your own, here over PostgreSQL. `storeContract` of `rxwa/testing` says whether it is one. */
import pg from 'pg'

import { StoreFailed, StoreInUse } from 'rxwa'
import type { OpenStore, Row, Store, Write } from 'rxwa/store'

/** Keys are kept as UTF-8, because a text of PostgreSQL takes no NUL and sorts as the database was told to. */
const SCHEMA = `create table if not exists rxwa_rows (
  account text, place text, key bytea, value bytea not null, primary key (account, place, key))`

/** Where accounts live, and which of them this is. */
export interface PostgresOptions {
  readonly url: string
  readonly account: string
}

/** Keeps accounts side by side in one database, each open in one process at a time. */
export const postgresStore = ({ url, account }: PostgresOptions): Store => ({
  open: async (): Promise<OpenStore> => {
    const connection = new pg.Client({ connectionString: url, application_name: 'rxwa' })
    let isOpen = true
    // Whoever loses the connection loses the lock with it: every later call has to fail.
    connection.on('error', () => (isOpen = false))
    try {
      await connection.connect()
      // Two processes that begin together would both create it.
      await connection.query("select pg_advisory_lock(hashtext('rxwa schema'))")
      await connection.query(SCHEMA)
      await connection.query("select pg_advisory_unlock(hashtext('rxwa schema'))")
      const { rows } = await connection.query<{ taken: boolean }>('select pg_try_advisory_lock(hashtext($1), hashtext($2)) as taken', ['rxwa', account])
      if (!rows[0]?.taken) throw new StoreInUse()
    } catch (cause) {
      await connection.end().catch(() => undefined)
      throw cause instanceof StoreInUse ? cause : new StoreFailed('open', { cause })
    }

    let last: Promise<unknown> = Promise.resolve()
    /** One question at a time, in the order they were asked. */
    const ask = <T extends pg.QueryResultRow>(during: 'read' | 'commit', text: string, values: readonly unknown[]): Promise<readonly T[]> => {
      const answer = last.then(async () => {
        if (!isOpen) throw new Error('the connection to the database is closed')
        return (await connection.query<T>({ text, values: [account, ...values] })).rows
      })
      last = answer.catch(() => undefined)
      return answer.catch((cause: unknown) => Promise.reject(new StoreFailed(during, { cause })))
    }

    const readMany = async (place: string, keys: readonly string[]) => {
      if (keys.length === 0) return []
      const rows = await ask<KeptRow>('read', 'select key, value from rxwa_rows where account = $1 and place = $2 and key = any($3)', [place, keys.map(utf8)])
      const found = new Map(rows.map(({ key, value }) => [key.toString(), new Uint8Array(value)]))
      return keys.map((key) => found.get(key))
    }

    return {
      // A commit is a round trip and a disk: what comes in one turn shares one.
      gathersCommits: true,
      read: async (place, key) => (await readMany(place, [key]))[0],
      readMany,
      scan: async (place, after, limit): Promise<readonly Row[]> => {
        const text = `select key, value from rxwa_rows where account = $1 and place = $2 ${after === undefined ? '' : 'and key > $4'} order by key limit $3`
        const rows = await ask<KeptRow>('read', text, [place, limit, ...(after === undefined ? [] : [utf8(after)])])
        return rows.map(({ key, value }) => ({ key: key.toString(), value: new Uint8Array(value) }))
      },
      commit: async (writes) => {
        const { kept, dropped } = lastOf(writes)
        // One statement is one transaction.
        await ask(
          'commit',
          `with dropped as (delete from rxwa_rows using unnest($2::text[], $3::bytea[]) as gone (place, key)
             where account = $1 and rxwa_rows.place = gone.place and rxwa_rows.key = gone.key)
           insert into rxwa_rows select $1, * from unnest($4::text[], $5::bytea[], $6::bytea[])
             on conflict (account, place, key) do update set value = excluded.value`,
          [dropped.map(({ table }) => table), dropped.map(({ key }) => utf8(key)), kept.map(({ table }) => table), kept.map(({ key }) => utf8(key)), kept.map(({ value }) => value)],
        )
      },
      close: async () => {
        isOpen = false
        await connection.end()
      },
    }
  },
})

interface KeptRow {
  readonly key: Buffer
  readonly value: Buffer
}

const utf8 = (text: string): Buffer => Buffer.from(text)

/** The last change of each row, as a statement may touch a row once. */
const lastOf = (writes: readonly Write[]) => {
  const last = [...new Map(writes.map(({ table, key, value }) => [`${table} ${key}`, { table, key, value: value && Buffer.from(value) }])).values()]
  return { kept: last.filter(({ value }) => value !== undefined), dropped: last.filter(({ value }) => value === undefined) }
}
