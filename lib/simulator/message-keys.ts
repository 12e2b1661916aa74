import { sha256 } from '#crypto'
import { toHex } from '../bytes/bytes.ts'
import { SignalFailed } from '../errors/signal-error.ts'
import { readPrekeyMessage, readSignalMessage, type SignalMessage } from '../signal/wire-messages.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { bytesOf, type Stanza } from '../stanza/stanza.ts'

/**
 * Finds out whether a client ever encrypts two plaintexts under one message key, which a ratchet that was
 * not stored in time leads to. Ratchet key and counter are readable in every ciphertext.
 */
export interface MessageKeys {
  /** Takes note of a ciphertext. */
  readonly see: (enc: Stanza) => void
  /** Keys that were used for different ciphertexts: ratchet key in hex and counter. */
  readonly reused: () => readonly string[]
}

/** Keys that are remembered; the oldest is forgotten first. */
const REMEMBERED = 200_000

/** Nothing was seen yet. */
export const createMessageKeys = (): MessageKeys => {
  const seen = new Map<string, string>()
  const reused: string[] = []
  return {
    see: (enc) => {
      const message = readEnvelope(enc)
      if (!message) return
      const key = `${toHex(message.ratchetKey)}/${message.counter}`
      const content = toHex(sha256(message.ciphertext).subarray(0, 8))
      const before = seen.get(key)
      if (before !== undefined && before !== content) reused.push(key)
      seen.set(key, content)
      if (seen.size > REMEMBERED) seen.delete(seen.keys().next().value!)
    },
    reused: () => reused,
  }
}

const readEnvelope = (enc: Stanza): SignalMessage | undefined => {
  const bytes = bytesOf(enc)
  const type = attributesOf(enc).optionalText('type')
  if (!bytes || (type !== 'msg' && type !== 'pkmsg')) return undefined
  try {
    return type === 'pkmsg' ? readPrekeyMessage(bytes).message : readSignalMessage(bytes)
  } catch (error) {
    // What is no Signal message uses no key.
    if (error instanceof SignalFailed) return undefined
    throw error
  }
}
