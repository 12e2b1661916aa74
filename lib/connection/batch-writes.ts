import { concat } from '../bytes/bytes.ts'

/** Most frames and bytes of one write (protocol document 01, section 1). */
const MOST_FRAMES = 16
const MOST_BYTES = 64 * 1024

/** Frames on their way into a socket. */
export interface WriteBatch {
  readonly add: (frame: Uint8Array) => void
  /** Writes what waits. */
  readonly flush: () => void
}

/**
 * Joins the frames of one turn into few writes: answers to a burst leave together, because a write costs
 * more than what it carries. The other side cuts them apart by their lengths.
 *
 * @param later runs a function at the end of the present turn
 */
export const createWriteBatch = (write: (bytes: Uint8Array) => void, later: (flush: () => void) => void = queueMicrotask): WriteBatch => {
  let frames: Uint8Array[] = []
  let bytes = 0

  const flush = (): void => {
    if (frames.length === 0) return
    const joined = frames.length === 1 ? frames[0]! : concat(...frames)
    frames = []
    bytes = 0
    write(joined)
  }

  return {
    add: (frame) => {
      if (frames.length > 0 && bytes + frame.length > MOST_BYTES) flush()
      frames.push(frame)
      bytes += frame.length
      if (frames.length >= MOST_FRAMES || bytes >= MOST_BYTES) flush()
      else if (frames.length === 1) later(flush)
    },
    flush,
  }
}
