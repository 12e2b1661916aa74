/**
 * A process of its own for the specs of the lock: opens an account, says so or why not, then commits one row for
 * each line it is sent and says so. `node hold-store.ts <path> <account>`
 */
import { createInterface } from 'node:readline'

import { sqliteStore } from '../../../lib/store/sqlite/sqlite-store.ts'
import { driver } from './sqlite-driver.ts'

const [path, account] = process.argv.slice(2)
const say = (line: string): void => void process.stdout.write(`${line}\n`)

try {
  const store = await sqliteStore(path!, { account: account!, driver: driver! }).open()
  say('open')
  for await (const key of createInterface({ input: process.stdin })) {
    await store.commit([{ table: 'inbox', key, value: Uint8Array.of(1) }])
    say(key)
  }
  await store.close()
} catch (error) {
  say(String((error as { readonly code?: unknown }).code))
}
