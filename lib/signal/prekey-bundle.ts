import { verify } from '#crypto'
import { serializeKey } from './serialized-key.ts'

/** What the server hands out to begin a session with a device. Keys are 32 bytes. */
export interface PrekeyBundle {
  readonly registrationId: number
  readonly identity: Uint8Array
  readonly signedPrekey: { readonly id: number; readonly publicKey: Uint8Array; readonly signature: Uint8Array }
  /** Absent when the device has none left. */
  readonly oneTimePrekey?: { readonly id: number; readonly publicKey: Uint8Array }
}

/** Whether the device itself signed the prekey; a bundle that fails must not be used. */
export const isBundleGenuine = ({ identity, signedPrekey }: PrekeyBundle): boolean =>
  signedPrekey.publicKey.length === 32 && verify(identity, serializeKey(signedPrekey.publicKey), signedPrekey.signature)
