import { createInflater } from '#inflate'

import { HistoryRejected } from '../errors/history-error.ts'

/** How much a piece of history may become. */
export interface InflateLimits {
  /** Most inflated bytes; default 1 GiB, of which only a window is held at a time. */
  readonly mostBytes?: number
  /** Most inflated bytes for each compressed one, once 4 MiB are passed; default 256. */
  readonly mostRatio?: number
}

const MOST_BYTES = 1024 * 1024 * 1024
const MOST_RATIO = 256
const RATIO_FREE_BYTES = 4 * 1024 * 1024

/** Compressed bytes taken at a time: at the highest ratio there is, they become 16 MiB. */
const SLICE_BYTES = 16 * 1024

/** Slices in a row that may yield nothing; a stored block does so until it is complete, at 64 KiB. */
const SILENT_SLICES_LIMIT = 8

/** Checksum of RFC 1950, section 8, continued. */
interface Checksum {
  low: number
  high: number
}

/**
 * Inflates a zlib stream (protocol document 09, section 3) bit by bit, as it is read. Ends only where the
 * whole stream was there and its checksum is right; nothing may follow it.
 *
 * @throws HistoryRejected `zlib` or `too_large`
 */
export function* inflateHistory(compressed: Uint8Array, { mostBytes = MOST_BYTES, mostRatio = MOST_RATIO }: InflateLimits = {}): Generator<Uint8Array, void, undefined> {
  if (compressed.length < 8) throw new HistoryRejected('zlib')
  const mostByRatio = Math.max(RATIO_FREE_BYTES, compressed.length * mostRatio)
  const checksum: Checksum = { low: 1, high: 0 }
  let [length, silentSlices] = [0, 0]
  const inflater = createInflater()
  for (let start = 0; start < compressed.length; start += SLICE_BYTES) {
    let pieces: readonly Uint8Array[]
    try {
      pieces = inflater.push(compressed.subarray(start, start + SLICE_BYTES), start + SLICE_BYTES >= compressed.length)
    } catch (cause) {
      throw new HistoryRejected('zlib', { cause })
    }
    silentSlices = pieces.length === 0 ? silentSlices + 1 : 0
    // Bytes behind the end of the stream.
    if (silentSlices > SILENT_SLICES_LIMIT) throw new HistoryRejected('zlib')
    for (const chunk of pieces) {
      length += chunk.length
      if (length > mostBytes || length > mostByRatio) throw new HistoryRejected('too_large')
      add(checksum, chunk)
      yield chunk
    }
  }
  const view = new DataView(compressed.buffer, compressed.byteOffset, compressed.length)
  if (view.getUint32(compressed.length - 4) !== checksum.high * 65_536 + checksum.low) throw new HistoryRejected('zlib')
}

const add = (checksum: Checksum, bytes: Uint8Array): void => {
  let { low, high } = checksum
  for (let start = 0; start < bytes.length; start += 3800) {
    // Sums of this many bytes stay exact, so the division can wait.
    const end = Math.min(start + 3800, bytes.length)
    for (let index = start; index < end; index += 1) {
      low += bytes[index]!
      high += low
    }
    low %= 65_521
    high %= 65_521
  }
  checksum.low = low
  checksum.high = high
}
