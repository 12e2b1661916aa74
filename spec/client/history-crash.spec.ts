import { describe, expect, it } from '@jest/globals'
import { Observable, take } from 'rxjs'

import type { Dial } from '../../lib/connection/socket.ts'
import { createClient } from '../../lib/index.ts'
import { memoryStore } from '../../lib/store/memory/index.ts'
import type { Store } from '../../lib/store/store.ts'
import { createSimulator, createVirtualClock } from '../../lib/testing/index.ts'
import { crashAt, type End } from './crash-store.ts'

/** A dial whose connection is gone the moment the process is. */
const mortal = (dial: Dial): { readonly dial: Dial; readonly die: () => void } => {
  const open = new Set<() => void>()
  let isDead = false
  return {
    dial: (url) =>
      new Observable((subscriber) => {
        if (isDead) return undefined
        const connection = dial(url).subscribe({
          next: (socket) => subscriber.next({ bytes$: socket.bytes$, send: (bytes) => isDead || socket.send(bytes) }),
          error: (error: unknown) => isDead || subscriber.error(error),
        })
        const hangUp = (): void => connection.unsubscribe()
        open.add(hangUp)
        return hangUp
      }),
    die: () => {
      isDead = true
      for (const hangUp of open) hangUp()
    },
  }
}

/** Sends three pieces to a process that dies at its n-th commit, then starts it anew. */
const run = async (index: number, end: End) => {
  const clock = createVirtualClock()
  const simulator = createSimulator({ scheduler: clock.scheduler })
  const ana = simulator.phone({ name: 'Ana' })
  const base = memoryStore()
  const told = new Set<number | undefined>()
  const start = (store: Store, { dial } = mortal(simulator.dial)) => {
    const client = createClient({ store, dial, fetch: simulator.fetch, trustedRoot: simulator.trustedRoot, prekeyCount: 10, scheduler: clock.scheduler, random: () => 0.5 })
    client.historySync$.subscribe(({ history }) => told.add(history.chunkOrder))
    client.pairingQrCodes$.pipe(take(1)).subscribe(({ code }) => void ana.scan(code).catch(() => undefined))
    const connection = client.connection$.subscribe({ error: () => undefined })
    return () => connection.unsubscribe()
  }
  const stop = start(base)
  await clock.advance(5_000)
  stop()
  await clock.advance(1_000)

  const crash = crashAt(base, index, end)
  const wrap = mortal(simulator.dial)
  crash.onCrash(wrap.die)
  const stopFirst = start(crash.store, wrap)
  await clock.advance(2_000)
  const ids = ana.history.send({ conversations: 3, chunks: 3, change: (history) => ({ ...history, nctSalt: new Uint8Array(32).fill(1), pushnames: [{ id: `${ana.phoneNumber.user}@s.whatsapp.net`, pushname: 'Anna' }] }) })
  await clock.advance(3_000)
  stopFirst()
  await clock.advance(1_000)
  const reached = crash.commits() >= index

  const stopSecond = start(base)
  await clock.advance(10_000)
  stopSecond()
  await clock.advance(1_000)
  const opened = await base.open()
  const keys = async (table: 'tokens' | 'lid_mappings' | 'message_secrets' | 'history'): Promise<readonly string[]> => (await opened.scan(table, undefined, 100)).map(({ key }) => key)
  const [tokens, mappings, secrets, history] = [await keys('tokens'), await keys('lid_mappings'), await keys('message_secrets'), await keys('history')]
  await opened.close()
  return { reached, ids, told, tokens, mappings, secrets, history, confirmed: new Set(ana.history.confirmed()) }
}

describe('history and crashes', () => {
  it.each(['before', 'after', 'failing'] as const)('loses no piece to an end %s any commit', async (end) => {
    let count = 0
    for (let index = 1; ; index += 1) {
      const { reached, ids, told, tokens, mappings, secrets, history, confirmed } = await run(index, end)
      expect([index, tokens]).toEqual([index, ['70000000@lid', '70000001@lid', '70000002@lid', 'salt']])
      expect(mappings).toEqual(expect.arrayContaining(['15557000000', '15557000001', '15557000002']))
      expect(secrets).toHaveLength(3)
      expect(history.filter((key) => key.startsWith('pending'))).toEqual([])
      expect([...told].sort()).toEqual([1, 2, 3])
      // A process that ends between its last commit and its receipt leaves one unsaid.
      expect(ids.filter((id) => !confirmed.has(id)).length).toBeLessThanOrEqual(end === 'after' ? 1 : 0)
      count = index
      if (!reached) break
    }
    expect(count).toBeGreaterThan(8)
  }, 120_000)
})
