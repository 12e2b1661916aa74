import { sha256 } from '#crypto'
import { toHex } from '../bytes/bytes.ts'
import { RecentMap } from '../collections/recent-map.ts'
import { SignalFailed } from '../errors/signal-error.ts'
import { readSenderKeyMessage } from '../signal/sender-key-messages.ts'
import { readPrekeyMessage, readSignalMessage } from '../signal/wire-messages.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { bytesOf, type Stanza } from '../stanza/stanza.ts'

/**
 * Finds out whether a client ever encrypts two plaintexts under one message key, which a ratchet that was
 * not stored in time leads to. Ratchet key and counter are readable in every ciphertext.
 */
export interface MessageKeys {
  /** Takes note of a ciphertext; of a sender key the scope tells whose and for which group it is. */
  readonly see: (enc: Stanza, scope?: string) => void
  /** Keys that were used for different ciphertexts: ratchet key in hex or scope with number, and counter. */
  readonly reused: () => readonly string[]
}

/** Keys that are remembered at least. */
const REMEMBERED = 100_000

/** Nothing was seen yet. */
export const createMessageKeys = (): MessageKeys => {
  const seen = new RecentMap<string, string>(REMEMBERED)
  const reused: string[] = []
  return {
    see: (enc, scope = '') => {
      const message = readEnvelope(enc, scope)
      if (!message) return
      const { key } = message
      const content = toHex(sha256(message.ciphertext).subarray(0, 8))
      const before = seen.get(key)
      if (before !== undefined && before !== content) reused.push(key)
      seen.set(key, content)
    },
    reused: () => reused,
  }
}

const readEnvelope = (enc: Stanza, scope: string): { readonly key: string; readonly ciphertext: Uint8Array } | undefined => {
  const bytes = bytesOf(enc)
  const type = attributesOf(enc).optionalText('type')
  if (!bytes) return undefined
  try {
    if (type === 'skmsg') {
      const { keyId, iteration, ciphertext } = readSenderKeyMessage(bytes)
      return { key: `${scope}|${keyId}/${iteration}`, ciphertext }
    }
    if (type !== 'msg' && type !== 'pkmsg') return undefined
    const { ratchetKey, counter, ciphertext } = type === 'pkmsg' ? readPrekeyMessage(bytes).message : readSignalMessage(bytes)
    return { key: `${toHex(ratchetKey)}/${counter}`, ciphertext }
  } catch (error) {
    // What is no Signal message uses no key.
    if (error instanceof SignalFailed) return undefined
    throw error
  }
}
