/**
 * Timed loops beside other libraries, in one process: `npm run bench`, `npm run bench -- --json`,
 * `npm run bench -- codec curve` for some of them. Quote ratios, not times.
 */
import * as appState from './app-state.ts'
import * as chats from './chats.ts'
import * as codec from './codec.ts'
import * as conversation from './conversation.ts'
import * as curve from './curve.ts'
import * as events from './events.ts'
import * as groups from './groups.ts'
import type { Row } from './harness.ts'
import * as history from './history.ts'
import * as noise from './noise.ts'
import { loadPeers } from './peers.ts'
import * as proto from './proto.ts'
import * as signalGroup from './signal-group.ts'
import * as signalSession from './signal-session.ts'
import * as socket from './socket.ts'
import * as store from './store.ts'

const benches = { codec, noise, curve, 'signal-session': signalSession, 'signal-group': signalGroup, proto, 'app-state': appState, chats, store, events, socket, history, conversation, groups } as const
type BenchName = keyof typeof benches

const asksFor = (name: string): name is BenchName => name in benches
const named = process.argv.slice(2).filter(asksFor)
const isJson = process.argv.includes('--json')

/** Ours under any circumstances, as on another store. */
const isOurs = (library: string): boolean => library.startsWith('rxwa')

/** How much faster a library is than the fastest of the others; absent when nobody else ran. */
const ratioOf = (row: Row, rows: readonly Row[]): number | undefined => {
  const others = rows.filter(({ item, library }) => item === row.item && library !== row.library && !isOurs(library)).map(({ opsPerSecond }) => opsPerSecond)
  return others.length === 0 ? undefined : row.opsPerSecond / Math.max(...others)
}

const print = (rows: readonly Row[]): void => {
  for (const row of rows) {
    const ratio = ratioOf(row, rows)
    if (isJson) {
      console.log(JSON.stringify({ ...row, opsPerSecond: Math.round(row.opsPerSecond), ...(ratio !== undefined && { ratioToBestPeer: Number(ratio.toFixed(2)) }) }))
      continue
    }
    const speed = `${Math.round(row.opsPerSecond).toLocaleString('en')}/s`
    console.log(`${row.item.padEnd(38)} ${row.library.padEnd(22)} ${speed.padStart(14)}  ${ratio === undefined || !isOurs(row.library) ? '' : `${ratio.toFixed(2)} × the best peer  `}${row.note ?? ''}`)
  }
}

const peers = await loadPeers()
if (!isJson) console.log(`Node ${process.version}, ${process.platform} ${process.arch}\n`)
for (const [name, bench] of Object.entries(benches)) {
  if (named.length > 0 && !named.includes(name as BenchName)) continue
  print(await bench.run(peers))
}
