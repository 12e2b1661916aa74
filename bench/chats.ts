/** The chat view: taking in a history of 50,000 messages, and finding some of them. One operation is a message, or a search. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zlibSync } from 'fflate'
import { asyncScheduler, firstValueFrom, lastValueFrom, take } from 'rxjs'

import { openView } from '../lib/chats/open-view.ts'
import { projectHistory } from '../lib/chats/project-history.ts'
import { search } from '../lib/chats/read-messages.ts'
import { LazyHistory } from '../lib/history/lazy-history.ts'
import { madePieces } from '../lib/simulator/made-history.ts'
import { memoryStore } from '../lib/store/memory/index.ts'
import { sqliteStore } from '../lib/store/sqlite/sqlite-store.ts'
import type { Store } from '../lib/store/store.ts'
import { driver } from '../spec/store/sqlite/sqlite-driver.ts'
import type { Row } from './harness.ts'
import { codecs } from './history.ts'

const [CHATS, MESSAGES_EACH, SEARCHES] = [400, 125, 20]

/** A word all messages share, and one that a single message has. */
const QUERIES = [['a word of most messages', 'maybe'], ['a word of one message', 'needle']] as const

const rowsOf = async (library: string, store: Store): Promise<readonly Row[]> => {
  const view$ = openView({ me: () => undefined }, store, asyncScheduler)
  const held = view$.subscribe()
  const view = await firstValueFrom(view$.pipe(take(1)))
  const [piece] = madePieces({ atSeconds: 1_700_000_000, conversations: CHATS, messagesPerChat: MESSAGES_EACH, textLength: 60 })
  const rare = { id: '1@lid', messages: [{ message: { key: { remoteJid: '1@lid', id: 'N' }, message: { conversation: 'a needle' }, messageTimestamp: 1_600_000_000 } }] }
  const bytes = codecs.history.encode({ ...piece!.history, conversations: [...(piece!.history.conversations ?? []), rare] })
  const history = new LazyHistory({ syncType: 3 }, zlibSync(bytes), bytes.length, codecs, asyncScheduler)
  const startedAt = performance.now()
  await lastValueFrom(projectHistory(view.state, history, view.alone), { defaultValue: undefined })
  const rows: Row[] = [{ item: 'chats, history taken in', library, opsPerSecond: (CHATS * MESSAGES_EACH * 1_000) / (performance.now() - startedAt) }]
  for (const [name, words] of QUERIES) {
    const begun = performance.now()
    for (let count = 0; count < SEARCHES; count += 1) await firstValueFrom(search(view, words, {}))
    rows.push({ item: `chats, search for ${name}`, library, opsPerSecond: (SEARCHES * 1_000) / (performance.now() - begun) })
  }
  held.unsubscribe()
  return rows
}

/** On memory, and on SQLite where there is one; no peer has such a view in one package. */
export const run = async (): Promise<readonly Row[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'rxwa-bench-'))
  try {
    return [...(await rowsOf('rxwa', memoryStore())), ...(driver ? await rowsOf('rxwa on SQLite', sqliteStore(join(folder, 'chats.db'), { driver })) : [])]
  } finally {
    rmSync(folder, { recursive: true })
  }
}
