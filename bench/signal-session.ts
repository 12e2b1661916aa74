import { generateKeyPair, generateSigningKeyPair } from '#crypto'
import { utf8 } from '../lib/bytes/bytes.ts'
import type { PrekeyBundle } from '../lib/signal/prekey-bundle.ts'
import { generateSignedPrekey } from '../lib/signal/prekeys.ts'
import { serializeKey } from '../lib/signal/serialized-key.ts'
import { decryptPrekeyMessage, decryptSignalMessage, encrypt } from '../lib/signal/session-record.ts'
import type { LocalIdentity } from '../lib/signal/session-state.ts'
import { startSession, type PrekeyLookup } from '../lib/signal/x3dh.ts'
import type { Row } from './harness.ts'
import type { Peers } from './peers.ts'
import { inOrder, racePrepared, repeat, type PreparedItem } from './race-prepared.ts'
import { signalPeersOf, type PeerBundle, type PeerCipher, type PeerKeyPair, type SignalLibrary } from './signal-peers.ts'

/** A plaintext of the length of a short text message, padded. */
const plaintext = utf8('0123456789'.repeat(12))

const ENCRYPT = 'DM encrypt, established'
const DECRYPT = 'DM decrypt, established'
const PING_PONG = 'DM ping-pong round trip'
const FIRST_SEND = 'first send: bundle to pkmsg'
const FIRST_RECEIVE = 'pkmsg decrypt'

/** Operations per round, so that a round of each takes a like time. */
const times: Readonly<Record<string, number>> = { [ENCRYPT]: 1_000, [DECRYPT]: 1_000, [PING_PONG]: 100, [FIRST_SEND]: 100, [FIRST_RECEIVE]: 100 }

/** A device of ours and its bundle. */
const device = () => {
  const local: LocalIdentity = { identity: generateSigningKeyPair(), registrationId: 1 }
  const signed = generateSignedPrekey(local.identity, 1)
  const oneTime = generateKeyPair()
  const bundle = (): PrekeyBundle => ({
    registrationId: 1,
    // Copies: a bundle comes off the wire.
    identity: local.identity.publicKey.slice(),
    signedPrekey: { id: 1, publicKey: signed.pair.publicKey.slice(), signature: signed.signature.slice() },
    oneTimePrekey: { id: 2, publicKey: oneTime.publicKey.slice() },
  })
  // The one-time prekey comes out of the store, the signed one lies in memory.
  const prekeys: PrekeyLookup = {
    signed: () => signed.pair,
    oneTime: () => ({ publicKey: oneTime.publicKey.slice(), privateKey: oneTime.privateKey.slice() }),
  }
  return { local, bundle, prekeys }
}

const establishedOfOurs = () => {
  const [alice, bob] = [device(), device()]
  const first = encrypt(startSession(undefined, bob.bundle(), alice.local), plaintext, alice.local)
  const opened = decryptPrekeyMessage(undefined, first.ciphertext, bob.local, bob.prekeys)
  const answer = encrypt(opened.record, plaintext, bob.local)
  return { alice, bob, ofAlice: decryptSignalMessage(first.record, answer.ciphertext, alice.local).record, ofBob: answer.record }
}

const ours = (): readonly PreparedItem[] => {
  const library = 'rxwa'
  const devices = (count: number) => Array.from({ length: count }, device)
  return [
    {
      item: ENCRYPT,
      library,
      prepare: async (count) => {
        const { alice, ofAlice: begun } = establishedOfOurs()
        let ofAlice = begun
        return repeat(count, () => (ofAlice = encrypt(ofAlice, plaintext, alice.local).record))
      },
    },
    {
      item: DECRYPT,
      library,
      prepare: async (count) => {
        const { alice, bob, ...begun } = establishedOfOurs()
        let { ofAlice, ofBob } = begun
        const sent = Array.from({ length: count }, () => {
          const { record, ciphertext } = encrypt(ofAlice, plaintext, alice.local)
          ofAlice = record
          return ciphertext
        })
        return repeat(count, (index) => (ofBob = decryptSignalMessage(ofBob, sent[index]!, bob.local).record))
      },
    },
    {
      item: PING_PONG,
      library,
      prepare: async (count) => {
        const { alice, bob, ...begun } = establishedOfOurs()
        let { ofAlice, ofBob } = begun
        return repeat(count, () => {
          const ping = encrypt(ofAlice, plaintext, alice.local)
          const pong = encrypt(decryptSignalMessage(ofBob, ping.ciphertext, bob.local).record, plaintext, bob.local)
          ofBob = pong.record
          ofAlice = decryptSignalMessage(ping.record, pong.ciphertext, alice.local).record
        })
      },
    },
    {
      item: FIRST_SEND,
      library,
      prepare: async (count) => {
        const alice = device()
        const bundles = devices(count).map(({ bundle }) => bundle())
        return repeat(count, (index) => encrypt(startSession(undefined, bundles[index]!, alice.local), plaintext, alice.local))
      },
    },
    {
      item: FIRST_RECEIVE,
      library,
      prepare: async (count) => {
        const bob = device()
        const sent = devices(count).map(({ local }) => encrypt(startSession(undefined, bob.bundle(), local), plaintext, local).ciphertext)
        return repeat(count, (index) => decryptPrekeyMessage(undefined, sent[index]!, bob.local, bob.prekeys))
      },
    },
  ]
}

/** A device of a peer: storage in memory, keys of ours in the peer's form. */
const peerDevice = (library: SignalLibrary, isRust: boolean) => {
  const toPair = ({ publicKey, privateKey }: { readonly publicKey: Uint8Array; readonly privateKey: Uint8Array }): PeerKeyPair => ({
    pubKey: Buffer.from(serializeKey(publicKey)),
    privKey: Buffer.from(privateKey),
  })
  const identity = generateSigningKeyPair()
  const signed = generateSignedPrekey(identity, 1)
  const [ourIdentity, signedPair, oneTimePair] = [toPair(identity), toPair(signed.pair), toPair(generateKeyPair())]
  const signature = Buffer.from(signed.signature)
  const sessions = new Map<string, unknown>()
  const storage = {
    loadSession: (address: string) => sessions.get(address),
    // Rust reads bytes and wants them made; the JavaScript one keeps the object, its fastest way.
    storeSession: (address: string, record: { serialize(): Uint8Array }) => void sessions.set(address, isRust ? record.serialize() : record),
    getOurIdentity: () => ourIdentity,
    getOurRegistrationId: () => 1,
    isTrustedIdentity: () => true,
    loadPreKey: () => oneTimePair,
    removePreKey: () => undefined,
    loadSignedPreKey: () => (isRust ? { keyId: 1, keyPair: signedPair, signature } : signedPair),
  }
  const bundle: PeerBundle = {
    registrationId: 1,
    identityKey: ourIdentity.pubKey,
    signedPreKey: { keyId: 1, publicKey: signedPair.pubKey, signature },
    preKey: { keyId: 2, publicKey: oneTimePair.pubKey },
  }
  const addressOf = (name: string) => new library.ProtocolAddress(name, 1)
  return {
    bundle,
    cipherFor: (name: string): PeerCipher => new library.SessionCipher(storage, addressOf(name)),
    begin: async (name: string, theirs: PeerBundle) => {
      const builder = new library.SessionBuilder(storage, addressOf(name))
      await (builder.processPreKeyBundle ?? builder.initOutgoing).call(builder, theirs)
    },
  }
}

const bytesOf = (body: Uint8Array | string): Uint8Array => (typeof body === 'string' ? Buffer.from(body, 'latin1') : Buffer.from(body))

/** The JavaScript library takes nothing but a `Buffer`. */
const text = Buffer.from(plaintext)

const establishedOfPeer = async (library: SignalLibrary, isRust: boolean) => {
  const [alice, bob] = [peerDevice(library, isRust), peerDevice(library, isRust)]
  await alice.begin('bob', bob.bundle)
  const [toBob, toAlice] = [alice.cipherFor('bob'), bob.cipherFor('alice')]
  await toAlice.decryptPreKeyWhisperMessage(bytesOf((await toBob.encrypt(text)).body))
  await toBob.decryptWhisperMessage(bytesOf((await toAlice.encrypt(text)).body))
  return { toBob, toAlice }
}

const peerItems = (name: string, library: SignalLibrary, isRust: boolean): readonly PreparedItem[] => {
  const devices = (count: number) => Array.from({ length: count }, () => peerDevice(library, isRust))
  return [
    {
      item: ENCRYPT,
      library: name,
      prepare: async (count) => {
        const { toBob } = await establishedOfPeer(library, isRust)
        return inOrder(count, () => toBob.encrypt(text))
      },
    },
    {
      item: DECRYPT,
      library: name,
      prepare: async (count) => {
        const { toBob, toAlice } = await establishedOfPeer(library, isRust)
        const sent: Uint8Array[] = []
        for (let index = 0; index < count; index += 1) sent.push(bytesOf((await toBob.encrypt(text)).body))
        return inOrder(count, (index) => toAlice.decryptWhisperMessage(sent[index]!))
      },
    },
    {
      item: PING_PONG,
      library: name,
      prepare: async (count) => {
        const { toBob, toAlice } = await establishedOfPeer(library, isRust)
        return inOrder(count, async () => {
          await toAlice.decryptWhisperMessage(bytesOf((await toBob.encrypt(text)).body))
          await toBob.decryptWhisperMessage(bytesOf((await toAlice.encrypt(text)).body))
        })
      },
    },
    {
      item: FIRST_SEND,
      library: name,
      prepare: async (count) => {
        const alice = peerDevice(library, isRust)
        const bundles = devices(count).map(({ bundle }) => bundle)
        return inOrder(count, async (index) => {
          await alice.begin(`peer${index}`, bundles[index]!)
          await alice.cipherFor(`peer${index}`).encrypt(text)
        })
      },
    },
    {
      item: FIRST_RECEIVE,
      library: name,
      prepare: async (count) => {
        const bob = peerDevice(library, isRust)
        const sent: Uint8Array[] = []
        for (const alice of devices(count)) {
          await alice.begin('bob', bob.bundle)
          sent.push(bytesOf((await alice.cipherFor('bob').encrypt(text)).body))
        }
        return inOrder(count, (index) => bob.cipherFor(`peer${index}`).decryptPreKeyWhisperMessage(sent[index]!))
      },
    },
  ]
}

/** Direct sessions: first contact and after. */
export const run = async (peers: Peers): Promise<readonly Row[]> => {
  const { rust, libsignal } = await signalPeersOf(peers)
  return racePrepared([
    ...ours(),
    ...(rust ? peerItems('rust', rust, true) : []),
    ...(libsignal ? peerItems('libsignal', libsignal, false) : []),
  ], times)
}
