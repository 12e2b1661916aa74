/**
 * Peak memory of a piece of history of 300 MB over what is there before it is read:
 * `node --expose-gc --conditions=rxwa-source --import tsx bench/history-memory.ts`.
 */
import { createHash } from 'node:crypto'
import { createDeflate } from 'node:zlib'

import { concat } from '../lib/bytes/bytes.ts'
import { extractHistory } from '../lib/history/extract-history.ts'
import { inflateHistory } from '../lib/history/inflate-history.ts'
import { LazyHistory } from '../lib/history/lazy-history.ts'
import { MB, codecs, piecesOf } from './history.ts'

const deflate = createDeflate()
const chunks: Buffer[] = []
deflate.on('data', (chunk: Buffer) => chunks.push(chunk))
const ended = new Promise((resolve) => deflate.on('end', resolve))
for (const bytes of piecesOf(300 * MB)) if (!deflate.write(bytes)) await new Promise((resolve) => deflate.once('drain', resolve))
deflate.end()
await ended
const zlib = new Uint8Array(concat(...chunks))
chunks.length = 0
const { gc } = globalThis as { readonly gc?: () => void }
if (!gc) throw new Error('run it with --expose-gc')
const memory = (): number => {
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}
gc()
let [base, peak, seen] = [memory(), 0, 0]
const look = (): void => {
  gc()
  peak = Math.max(peak, memory() - base)
}
const started = performance.now()
const steps = extractHistory(inflateHistory(zlib), { ownUser: '1', oldestSeconds: { lasting: 0, other: 0 } })
let step = steps.next()
for (; !step.done; step = steps.next()) if ((seen += 1) % 8 === 0) look()
const { sizeBytes, conversations, messages } = step.value
console.log(`extracted ${Math.round(sizeBytes / MB)} MB of ${Math.round(zlib.length / MB)} MB zlib: ${conversations} conversations, ${messages} messages, ${Math.round(performance.now() - started)} ms with collections, held at most ${(peak / MB).toFixed(1)} MB over the base`)
const startedMaking = performance.now()
const history = new LazyHistory({ syncType: 3, chunkOrder: 1, progress: 50 }, zlib, sizeBytes, codecs)
const text = JSON.stringify(history)
console.log(`metadata ${text}: ${(performance.now() - startedMaking).toFixed(2)} ms`)
gc()
;[base, peak, seen] = [memory(), 0, 0]
await new Promise<void>((resolve, reject) =>
  history.stream().subscribe({
    next: () => {
      if ((seen += 1) % 400 === 0) look()
    },
    error: reject,
    complete: resolve,
  }),
)
console.log(`streamed ${seen} parts, held at most ${(peak / MB).toFixed(1)} MB over the base; resident ${Math.round(process.memoryUsage().rss / MB)} MB, sha256 ${createHash('sha256').update(zlib).digest('hex').slice(0, 8)}`)
