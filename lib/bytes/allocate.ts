/**
 * Makes room for small arrays by cutting them from blocks: an array of its own costs one to two microseconds
 * from 65 bytes on, several times what is done with most of them. What was given out is never given out again,
 * so it is zero. Its `buffer` is the whole block: a view needs its `byteOffset`. It keeps the block in memory, so
 * small blocks are for what lives long.
 *
 * @param blockBytes size of a block; arrays of more than an eighth of it are made on their own
 */
export const createAllocator = (blockBytes: number): ((length: number) => Uint8Array) => {
  const largest = blockBytes >> 3
  let block = NOTHING
  let used = 0
  return (length) => {
    // Up to 64 bytes the engine keeps within its own heap.
    if (length <= 64 || length > largest) return new Uint8Array(length)
    if (used + length > block.length) {
      block = new Uint8Array(blockBytes)
      used = 0
    }
    used += length
    return block.subarray(used - length, used)
  }
}

const NOTHING = new Uint8Array(0)

/** Room for what is on its way: to the wire, into the store, from one step to the next. */
export const allocate = createAllocator(16_384)
