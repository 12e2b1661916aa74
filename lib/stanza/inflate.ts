import { Unzlib } from 'fflate'

import { StanzaCodecError } from '../errors/stanza-codec-error.ts'

/** Largest inflated stanza (protocol document 01, section 4). */
export const INFLATED_LIMIT = 16 * 1024 * 1024

/** Input is fed in slices, so that the limit is noticed long before a bomb has filled the memory. */
const SLICE_BYTES = 4096

/**
 * Slices in a row that yield nothing before the stream counts as over. A stored block yields nothing
 * until it is complete, at 64 KiB; bytes behind the end never do, and the inflater would collect them
 * in quadratic time.
 */
const SILENT_SLICES_LIMIT = 32

/**
 * Inflates a zlib stream and checks its checksum; bytes behind its end are ignored.
 *
 * @throws StanzaCodecError `decompressed_too_large`, or `zlib` for a broken or unfinished stream
 */
export const inflate = (compressed: Uint8Array): Uint8Array => {
  const chunks: Uint8Array[] = []
  let length = 0
  let silentSlices = 0
  const stream = new Unzlib((chunk) => {
    silentSlices = chunk.length === 0 ? silentSlices + 1 : 0
    length += chunk.length
    if (length > INFLATED_LIMIT) throw new StanzaCodecError('decompressed_too_large', length)
    chunks.push(chunk)
  })
  try {
    for (let start = 0; (start < compressed.length && silentSlices < SILENT_SLICES_LIMIT) || start === 0; start += SLICE_BYTES)
      stream.push(compressed.subarray(start, start + SLICE_BYTES), start + SLICE_BYTES >= compressed.length)
  } catch (cause) {
    if (cause instanceof StanzaCodecError) throw cause
    throw new StanzaCodecError('zlib', undefined, { cause })
  }
  const inflated = new Uint8Array(length)
  let offset = 0
  for (const chunk of chunks) {
    inflated.set(chunk, offset)
    offset += chunk.length
  }
  if (!carriesChecksum(compressed, adler32(inflated))) throw new StanzaCodecError('zlib')
  return inflated
}

/** The checksum of RFC 1950, section 8; the streaming inflater does not look at it. */
const adler32 = (bytes: Uint8Array): number => {
  let [low, high] = [1, 0]
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
  return high * 65_536 + low
}

/** The checksum stands behind the compressed data, wherever in the frame that ends. */
const carriesChecksum = (compressed: Uint8Array, checksum: number): boolean => {
  const view = new DataView(compressed.buffer, compressed.byteOffset, compressed.length)
  for (let place = compressed.length - 4; place >= 2; place -= 1) if (view.getUint32(place) === checksum) return true
  return false
}
