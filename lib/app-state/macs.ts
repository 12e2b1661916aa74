import { hmacSha256, hmacSha512 } from '#crypto'
import { utf8 } from '../bytes/bytes.ts'
import type { SyncKeys } from './sync-keys.ts'

/** Bytes of the MAC at the end of a value. */
export const VALUE_MAC_BYTES = 32

/** What the MAC of a value calls its operation. */
const OPERATION_BYTE = { set: 1, remove: 2 } as const

/** The MAC of an encrypted value (protocol document 08, section 4). */
export const valueMacOf = ({ valueMacKey }: SyncKeys, operation: 'set' | 'remove', keyId: Uint8Array, ivAndCiphertext: Uint8Array): Uint8Array => {
  const head = new Uint8Array(1 + keyId.length)
  head[0] = OPERATION_BYTE[operation]
  head.set(keyId, 1)
  const length = new Uint8Array(8)
  length[7] = head.length & 0xff
  return hmacSha512(valueMacKey, head, ivAndCiphertext, length).subarray(0, VALUE_MAC_BYTES)
}

/** The MAC an index is known by. */
export const indexMacOf = ({ indexKey }: SyncKeys, index: Uint8Array): Uint8Array => hmacSha256(indexKey, index)

/** The MAC of a whole collection (protocol document 08, section 6). */
export const snapshotMacOf = ({ snapshotMacKey }: SyncKeys, ltHash: Uint8Array, version: number, collection: string): Uint8Array =>
  hmacSha256(snapshotMacKey, ltHash, versionBytes(version), utf8(collection))

/** The MAC of a patch: of the values in wire order, removals included, and what the collection is afterwards. */
export const patchMacOf = (
  { patchMacKey }: SyncKeys,
  { snapshotMac, valueMacs, version, collection }: { readonly snapshotMac: Uint8Array; readonly valueMacs: readonly Uint8Array[]; readonly version: number; readonly collection: string },
): Uint8Array => hmacSha256(patchMacKey, snapshotMac, ...valueMacs, versionBytes(version), utf8(collection))

const versionBytes = (version: number): Uint8Array => {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(version))
  return bytes
}
