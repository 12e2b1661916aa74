import { BackupInvalid } from '../../errors/store-errors.ts'

/** Reads so many bytes at a time from pieces of any size. */
export interface ByteReader {
  /** The next bytes, a copy of them. @throws BackupInvalid `truncated`, `too_large` */
  readonly take: (length: number) => Promise<Uint8Array>
  /** Whether nothing is left. */
  readonly isAtEnd: () => Promise<boolean>
  /** Bytes taken so far. */
  readonly taken: () => number
  /** Lets go of the source before its end. */
  readonly leave: () => Promise<void>
}

/** A reader that refuses to take more than `limitBytes` in all. */
export const byteReader = (source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, limitBytes: number): ByteReader => {
  const pieces = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]()
  let piece: Uint8Array = new Uint8Array(0)
  let place = 0
  let taken = 0

  /** Goes to the next piece that holds something; false at the end. */
  const fill = async (): Promise<boolean> => {
    while (place >= piece.length) {
      const next = await pieces.next()
      if (next.done === true) return false
      if (!(next.value instanceof Uint8Array)) throw new BackupInvalid('not_a_backup')
      piece = next.value
      place = 0
    }
    return true
  }

  return {
    take: async (length) => {
      if (taken + length > limitBytes) throw new BackupInvalid('too_large')
      const bytes = new Uint8Array(length)
      for (let filled = 0; filled < length; ) {
        if (place >= piece.length && !(await fill())) throw new BackupInvalid('truncated')
        const part = piece.subarray(place, place + length - filled)
        bytes.set(part, filled)
        place += part.length
        filled += part.length
      }
      taken += length
      return bytes
    },
    isAtEnd: async () => !(await fill()),
    taken: () => taken,
    leave: async () => {
      await pieces.return?.()
    },
  }
}
