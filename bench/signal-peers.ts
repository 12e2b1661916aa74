import { existsSync } from 'node:fs'

import type { Peers } from './peers.ts'

/** A key pair as both libraries have it; `pubKey` in the 33-byte form. */
export interface PeerKeyPair {
  readonly pubKey: Uint8Array
  readonly privKey: Uint8Array
}

/** What a session starts from, for both libraries. */
export interface PeerBundle {
  readonly registrationId: number
  readonly identityKey: Uint8Array
  readonly signedPreKey: { readonly keyId: number; readonly publicKey: Uint8Array; readonly signature: Uint8Array }
  readonly preKey: { readonly keyId: number; readonly publicKey: Uint8Array }
}

/** One session with one address. */
export interface PeerCipher {
  readonly encrypt: (plaintext: Uint8Array) => Promise<{ readonly type: number; readonly body: Uint8Array | string }>
  readonly decryptPreKeyWhisperMessage: (bytes: Uint8Array) => Promise<Uint8Array>
  readonly decryptWhisperMessage: (bytes: Uint8Array) => Promise<Uint8Array>
}

/** The parts of a Signal library that both peers name alike. */
export interface SignalLibrary {
  readonly ProtocolAddress: new (name: string, device: number) => object
  readonly SessionBuilder: new (storage: object, address: object) => {
    readonly initOutgoing: (bundle: PeerBundle) => Promise<void>
    readonly processPreKeyBundle?: (bundle: PeerBundle) => Promise<void>
  }
  readonly SessionCipher: new (storage: object, address: object) => PeerCipher
  readonly SessionRecord: { readonly deserialize: (bytes: Uint8Array) => object }
}

/** The curve of a library. */
export interface CurveLibrary {
  readonly generateKeyPair: () => PeerKeyPair
  readonly calculateAgreement: (publicKey: Uint8Array, privateKey: Uint8Array) => Uint8Array
  readonly calculateSignature: (privateKey: Uint8Array, message: Uint8Array) => Uint8Array
  readonly verifySignature: (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean
}

/** The Rust core has both and a key derivation. */
export type RustSignal = SignalLibrary &
  CurveLibrary & {
    readonly hkdf: (input: Uint8Array, length: number, info: { readonly salt?: Uint8Array; readonly info: string }) => Uint8Array
  }

/** The pure JavaScript library under Baileys. */
export type JavaScriptSignal = SignalLibrary & { readonly curve: CurveLibrary }

/** The Signal libraries that are installed. */
export interface SignalPeers {
  readonly rust?: RustSignal
  readonly libsignal?: JavaScriptSignal
}

/** Baileys' Signal library and the Rust core; says which is not there. */
export const signalPeersOf = async ({ rust }: Peers): Promise<SignalPeers> => {
  const entry = new URL('../spec/interop/node_modules/libsignal/index.js', import.meta.url)
  if (!existsSync(entry)) console.log('libsignal: not installed, skipped (npm ci --prefix spec/interop)')
  const libsignal = existsSync(entry) ? ((await import(entry.href)) as { readonly default: JavaScriptSignal }).default : undefined
  // The package of the Rust core has these beside what the other benches use.
  return { ...(rust && { rust: rust as unknown as RustSignal }), ...(libsignal && { libsignal }) }
}
