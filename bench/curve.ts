import { agree, generateKeyPair, generateSigningKeyPair, hkdfSha256, sign, verify } from '#crypto'
import { utf8 } from '../lib/bytes/bytes.ts'
import { serializeKey } from '../lib/signal/serialized-key.ts'
import { measure, type Item, type Row } from './harness.ts'
import type { Peers } from './peers.ts'
import { signalPeersOf, type CurveLibrary, type SignalPeers } from './signal-peers.ts'

const AGREE = 'X25519, both keys as fresh bytes'
const SIGN = 'XEdDSA sign'
const VERIFY = 'XEdDSA verify, known signer'
const VERIFY_FRESH = 'XEdDSA verify, unknown signer'
const EXPAND = 'HKDF-SHA256, 80 bytes'

const info = utf8('WhisperMessageKeys')
const message = Uint8Array.from({ length: 100 }, (_, index) => index)

/** More signers than any library keeps ready. */
const signers = Array.from({ length: 3_000 }, () => {
  const pair = generateSigningKeyPair()
  return { publicKey: pair.publicKey, serialized: Buffer.from(serializeKey(pair.publicKey)), signature: Buffer.from(sign(pair, message)) }
})

/** A function that goes round an array. */
const turning = <T>(values: readonly T[]): (() => T) => {
  let next = 0
  return () => values[next++ % values.length]!
}

const ours = (): readonly Item[] => {
  const [mine, theirs, signer] = [generateKeyPair(), generateKeyPair(), generateSigningKeyPair()]
  const signature = sign(signer, message)
  const nextSigner = turning(signers)
  const library = 'rxwa'
  return [
    // Copies, as key objects are remembered by the array of the key.
    { item: AGREE, library, run: () => agree(mine.privateKey.slice(), theirs.publicKey.slice()) },
    { item: SIGN, library, run: () => sign(signer, message) },
    { item: VERIFY, library, run: () => verify(signer.publicKey, message, signature) },
    {
      item: VERIFY_FRESH,
      library,
      run: () => {
        const { publicKey, signature: fresh } = nextSigner()
        verify(publicKey, message, fresh)
      },
    },
    { item: EXPAND, library, run: () => hkdfSha256(mine.privateKey, undefined, info, 80) },
  ]
}

const curveItems = (library: string, curve: CurveLibrary): readonly Item[] => {
  const buffers = ({ publicKey, privateKey }: { readonly publicKey: Uint8Array; readonly privateKey: Uint8Array }) => ({
    serialized: Buffer.from(serializeKey(publicKey)),
    privateKey: Buffer.from(privateKey),
  })
  const [mine, theirs] = [buffers(generateKeyPair()), buffers(generateKeyPair())]
  const signed = Buffer.from(message)
  const signature = Buffer.from(curve.calculateSignature(mine.privateKey, signed))
  const nextSigner = turning(signers)
  return [
    { item: AGREE, library, run: () => curve.calculateAgreement(theirs.serialized, mine.privateKey) },
    { item: SIGN, library, run: () => curve.calculateSignature(mine.privateKey, signed) },
    { item: VERIFY, library, run: () => curve.verifySignature(mine.serialized, signed, signature) },
    {
      item: VERIFY_FRESH,
      library,
      run: () => {
        const { serialized, signature: fresh } = nextSigner()
        curve.verifySignature(serialized, signed, fresh)
      },
    },
  ]
}

const peerItems = ({ rust, libsignal }: SignalPeers): readonly Item[] => {
  const input = generateKeyPair().privateKey
  return [
    ...(rust
      ? [...curveItems('rust', rust), { item: EXPAND, library: 'rust', run: () => rust.hkdf(input, 80, { info: 'WhisperMessageKeys' }) }]
      : []),
    ...(libsignal ? curveItems('libsignal', libsignal.curve) : []),
  ]
}

/** Key agreement, signatures and key derivation. */
export const run = async (peers: Peers): Promise<readonly Row[]> => measure([...ours(), ...peerItems(await signalPeersOf(peers))])
