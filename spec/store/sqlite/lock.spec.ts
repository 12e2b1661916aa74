import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { createInterface } from 'node:readline'
import { afterEach, describe, expect, it } from '@jest/globals'

import { sqliteStore } from '../../../lib/store/sqlite/sqlite-store.ts'
import { freshPaths } from './folder.ts'
import { driver } from './sqlite-driver.ts'

const freshPath = freshPaths()
const program = fileURLToPath(new URL('hold-store.ts', import.meta.url))
const children: ChildProcess[] = []

interface Holder {
  readonly child: ChildProcess
  /** The next line it says. */
  readonly heard: () => Promise<string>
  readonly tell: (line: string) => void
}

const hold = (path: string, account: string): Holder => {
  const child = spawn(process.execPath, ['--no-warnings', '--conditions=rxwa-source', '--import', 'tsx', program, path, account], { stdio: ['pipe', 'pipe', 'inherit'] })
  children.push(child)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return { child, heard: async () => String((await lines.next()).value), tell: (line) => void child.stdin.write(`${line}\n`) }
}

const kill = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

afterEach(async () => {
  await Promise.all(children.splice(0).map(kill))
})

const describeWithSqlite = driver ? describe : describe.skip

describeWithSqlite('two processes on one file of sqliteStore', () => {
  it('refuses the second at once, and lets it in right after a SIGKILL, with all that was committed', async () => {
    const path = freshPath()
    const store = sqliteStore(path, { account: 'bot', driver: driver! })
    const holder = hold(path, 'bot')
    expect(await holder.heard()).toBe('open')
    await expect(store.open()).rejects.toMatchObject({ code: 'store_in_use' })
    for (const key of ['1', '2', '3']) {
      holder.tell(key)
      expect(await holder.heard()).toBe(key)
    }
    await kill(holder.child)

    const open = await store.open()
    expect((await open.scan('inbox', undefined, 10)).map(({ key }) => key)).toEqual(['1', '2', '3'])
    expect(await hold(path, 'bot').heard()).toBe('store_in_use')
    await open.close()
    expect(await hold(path, 'bot').heard()).toBe('open')
  }, 30_000)

  it('lets several accounts make and use a new file at the same time', async () => {
    const path = freshPath()
    const holders = ['a', 'b', 'c'].map((account) => hold(path, account))
    expect(await Promise.all(holders.map(({ heard }) => heard()))).toEqual(['open', 'open', 'open'])
    const keys = Array.from({ length: 50 }, (_, index) => String(index))
    await Promise.all(
      holders.map(async ({ tell, heard }) => {
        for (const key of keys) tell(key)
        for (const key of keys) expect(await heard()).toBe(key)
      }),
    )
    await kill(holders[0]!.child)
    const open = await sqliteStore(path, { account: 'a', driver: driver! }).open()
    expect(await open.scan('inbox', undefined, 100)).toHaveLength(50)
    await open.close()
  }, 30_000)
})
