import { randomBytes } from '#crypto'
import { allocate } from '../bytes/allocate.ts'
import { SignalFailed } from '../errors/signal-error.ts'

/** Adds 1 to 16 bytes that all say how many they are (protocol document 04, section 7). */
export const pad = (plaintext: Uint8Array, random: () => number = () => randomBytes(1)[0]!): Uint8Array => {
  const count = (random() & 0x0f) + 1
  const padded = allocate(plaintext.length + count)
  padded.set(plaintext)
  return padded.fill(count, plaintext.length)
}

/** Takes the padding off. @throws SignalFailed `bad_padding` when a byte of it is wrong */
export const unpad = (padded: Uint8Array): Uint8Array => {
  const count = padded.at(-1) ?? 0
  if (count === 0 || count > padded.length) throw new SignalFailed('bad_padding')
  for (let index = padded.length - count; index < padded.length; index += 1)
    if (padded[index] !== count) throw new SignalFailed('bad_padding')
  return padded.subarray(0, padded.length - count)
}
