import { aesCbcEncrypt, cbcDecryptor, randomBytes } from '#crypto'
import { concat, equalBytes, utf8 } from '../bytes/bytes.ts'
import { AppStateRejected, type AppStateFault } from '../errors/app-state-error.ts'
import { CryptoFailed } from '../errors/crypto-error.ts'
import { ProtoMalformed } from '../errors/proto-error.ts'
import { SyncActionData } from '../proto/content.generated.ts'
import type { SyncActionValue, SyncdRecord } from '../proto/types.generated.ts'
import { indexMacOf, VALUE_MAC_BYTES, valueMacOf } from './macs.ts'
import type { FindSyncKeys, SyncKey, SyncKeys } from './sync-keys.ts'

/** What happens to one entry of a collection. */
export interface Mutation {
  readonly operation: 'set' | 'remove'
  /** The name of the action first, then what it is about. */
  readonly index: readonly string[]
  /** Usually absent in removals. */
  readonly value?: SyncActionValue
  /** Version of the action. */
  readonly version: number
}

/** A mutation as it was read, with what it is known by. */
export interface ReadMutation extends Mutation {
  readonly indexMac: Uint8Array
  readonly valueMac: Uint8Array
}

const IV_BYTES = 16

/** What reading records needs; a key is made ready once for all of them. */
export interface RecordReading {
  readonly findKeys: FindSyncKeys
  /** @throws CryptoFailed */
  readonly openValue: (keys: SyncKeys, iv: Uint8Array, ciphertext: Uint8Array) => Uint8Array
}

/** For records of one snapshot or patch. */
export const recordReading = (findKeys: FindSyncKeys): RecordReading => {
  const openers = new Map<SyncKeys, ReturnType<typeof cbcDecryptor>>()
  return {
    findKeys,
    openValue: (keys, iv, ciphertext) => {
      let open = openers.get(keys)
      if (!open) openers.set(keys, (open = cbcDecryptor(keys.valueEncryptionKey)))
      return open(iv, ciphertext)
    },
  }
}

/** Reads one record. @throws AppStateRejected */
export const readRecord = (operation: 'set' | 'remove', { index, value, keyId }: SyncdRecord, { findKeys, openValue }: RecordReading, collection: string): ReadMutation => {
  const reject = (fault: AppStateFault, cause?: unknown): AppStateRejected => new AppStateRejected(collection, fault, { cause })
  const blob = value?.blob
  if (!blob || !keyId?.id || blob.length < IV_BYTES + VALUE_MAC_BYTES) throw reject('malformed')
  const keys = findKeys(keyId.id)
  if (!keys) throw reject('missing_key')
  const covered = blob.subarray(0, -VALUE_MAC_BYTES)
  const valueMac = blob.subarray(-VALUE_MAC_BYTES)
  if (!equalBytes(valueMacOf(keys, operation, keyId.id, covered), valueMac)) throw reject('value_mac')
  let data: SyncActionData
  try {
    data = SyncActionData.decode(openValue(keys, covered.subarray(0, IV_BYTES), covered.subarray(IV_BYTES)))
  } catch (cause) {
    if (cause instanceof CryptoFailed || cause instanceof ProtoMalformed) throw reject('decrypt', cause)
    throw cause
  }
  const indexBytes = data.index ?? NOTHING
  const indexMac = indexMacOf(keys, indexBytes)
  if (!index?.blob || !equalBytes(indexMac, index.blob)) throw reject('index_mac')
  const { value: action, version = 0 } = data
  // Written out: a snapshot has tens of thousands (CONTRIBUTING, rules).
  return action
    ? { operation, index: readIndex(indexBytes), value: action, version, indexMac, valueMac }
    : { operation, index: readIndex(indexBytes), version, indexMac, valueMac }
}

const NOTHING = new Uint8Array(0)
const decoder = new TextDecoder()

/** Parts that are no text become it; an index that is no list is empty, and so of no action anybody knows. */
export const readIndex = (bytes: Uint8Array): readonly string[] => {
  try {
    const parts: unknown = JSON.parse(decoder.decode(bytes))
    if (!Array.isArray(parts)) return []
    return parts.every((part) => typeof part === 'string') ? parts : parts.map((part: unknown) => (typeof part === 'string' ? part : JSON.stringify(part)))
  } catch {
    return []
  }
}

/** The bytes of an index: they are covered by a MAC, so there is only one way to write them. */
export const indexBytesOf = (index: readonly string[]): Uint8Array => utf8(JSON.stringify(index))

/** A finished record and what it is known by. */
export interface WrittenMutation {
  readonly operation: 'set' | 'remove'
  readonly record: SyncdRecord
  readonly indexMac: Uint8Array
  readonly valueMac: Uint8Array
}

/** Encrypts one mutation. @param iv 16 bytes, random */
export const writeRecord = ({ operation, index, value, version }: Mutation, key: SyncKey, iv: Uint8Array = randomBytes(IV_BYTES)): WrittenMutation => {
  const indexBytes = indexBytesOf(index)
  // Everybody writes the empty padding (protocol document 08, section 4).
  const data = SyncActionData.encode({ index: indexBytes, ...(value && { value }), padding: NOTHING, version })
  const covered = concat(iv, aesCbcEncrypt(key.valueEncryptionKey, iv, data))
  const valueMac = valueMacOf(key, operation, key.keyId, covered)
  const indexMac = indexMacOf(key, indexBytes)
  return { operation, record: { index: { blob: indexMac }, value: { blob: concat(covered, valueMac) }, keyId: { id: key.keyId } }, indexMac, valueMac }
}
