import { agree } from '#crypto'
import { CryptoFailed } from '../errors/crypto-error.ts'
import { SignalFailed } from '../errors/signal-error.ts'

/**
 * The secret two keys share, 32 bytes. A key of small order is no key: the envelope or bundle that
 * carries it is refused.
 *
 * @throws SignalFailed `invalid_message` with the `CryptoFailed` as its cause
 */
export const agreement = (privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array => {
  try {
    return agree(privateKey, publicKey)
  } catch (cause) {
    if (cause instanceof CryptoFailed) throw new SignalFailed('invalid_message', { cause })
    throw cause
  }
}

/** Whether a refusal came from the key of a message and not from its content. */
export const isAgreementRefusal = ({ cause }: SignalFailed): boolean =>
  cause instanceof CryptoFailed && (cause.fault === 'degenerate_agreement' || cause.fault === 'bad_key')
