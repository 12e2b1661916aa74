import { hkdfSha256 } from '#crypto'

/** What one sync key expands to (protocol document 08, section 3); 32 bytes each. */
export interface SyncKeys {
  readonly indexKey: Uint8Array
  readonly valueEncryptionKey: Uint8Array
  readonly valueMacKey: Uint8Array
  readonly snapshotMacKey: Uint8Array
  readonly patchMacKey: Uint8Array
}

/** A sync key with its id of 6 bytes. */
export interface SyncKey extends SyncKeys {
  readonly keyId: Uint8Array
}

/** Looks a key up by its id. */
export type FindSyncKeys = (keyId: Uint8Array) => SyncKeys | undefined

/** Bytes of the secret behind a sync key. */
export const SYNC_KEY_BYTES = 32

/** Bytes of a key id: the device that made it (16 bit), then the epoch (32 bit). */
export const KEY_ID_BYTES = 6

/** Expands the secret of a sync key. */
export const expandSyncKey = (keyData: Uint8Array): SyncKeys => {
  const bytes = hkdfSha256(keyData, undefined, 'WhatsApp Mutation Keys', 160)
  const part = (index: number): Uint8Array => bytes.subarray(index * 32, index * 32 + 32)
  return { indexKey: part(0), valueEncryptionKey: part(1), valueMacKey: part(2), snapshotMacKey: part(3), patchMacKey: part(4) }
}

/**
 * The key to write with: the highest epoch, among equals the lowest device (protocol document 08, section 2).
 * Undefined when there is none.
 */
export const activeKeyId = (keyIds: Iterable<Uint8Array>): Uint8Array | undefined => {
  let active: { readonly keyId: Uint8Array; readonly epoch: number; readonly device: number } | undefined
  for (const keyId of keyIds) {
    if (keyId.length !== KEY_ID_BYTES) continue
    const view = new DataView(keyId.buffer, keyId.byteOffset)
    const [device, epoch] = [view.getUint16(0), view.getUint32(2)]
    if (!active || epoch > active.epoch || (epoch === active.epoch && device < active.device)) active = { keyId, epoch, device }
  }
  return active?.keyId
}
