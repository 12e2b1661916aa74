import { Unzlib } from 'fflate'

import type { CreateInflater } from './inflater.ts'

export const createInflater: CreateInflater = () => {
  let pieces: Uint8Array[] = []
  const stream = new Unzlib((piece) => {
    if (piece.length > 0) pieces.push(piece)
  })
  return {
    push: (compressed, isLast) => {
      pieces = []
      stream.push(compressed, isLast)
      return pieces
    },
  }
}
