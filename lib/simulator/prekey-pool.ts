import { bigEndian } from '../bytes/bytes.ts'
import { sha1, verify } from '#crypto'
import { serializeKey } from '../signal/serialized-key.ts'
import { bytesOf, childOf, childrenOf, stanza, type Stanza } from '../stanza/stanza.ts'

/** A published key: number and public key, 32 bytes. */
export interface PublishedKey {
  readonly id: Uint8Array
  readonly value: Uint8Array
}

/** The signed prekey of a device. */
export interface PublishedSignedKey extends PublishedKey {
  readonly signature: Uint8Array
}

/** What a device published. */
export interface PrekeyPool {
  readonly registration: Uint8Array
  readonly identity: Uint8Array
  signed: PublishedSignedKey
  readonly oneTime: PublishedKey[]
  /** A reminder was sent since the last upload. */
  isReminded: boolean
  hasUploaded: boolean
}

/** A pool with a signed prekey only, as known from the registration. */
export const createPrekeyPool = (registration: Uint8Array, identity: Uint8Array, signed: PublishedSignedKey): PrekeyPool => ({
  registration,
  identity,
  signed,
  oneTime: [],
  isReminded: false,
  hasUploaded: false,
})

/** Reads an upload into the pool; false when a part is missing, has a wrong size or is not signed. */
export const takeUpload = (pool: PrekeyPool, iq: Stanza): boolean => {
  const registration = bytesOf(childOf(iq, 'registration'))
  const type = bytesOf(childOf(iq, 'type'))
  const identity = bytesOf(childOf(iq, 'identity'))
  const list = childOf(iq, 'list')
  const signed = readSigned(childOf(iq, 'skey'))
  const keys = list ? childrenOf(list, 'key').map(readKey) : []
  if (registration?.length !== 4 || type?.[0] !== 5 || identity?.length !== 32 || !list || !signed) return false
  if (keys.some((key) => key === undefined) || !isSigned(identity, signed)) return false
  for (const key of keys) {
    if (!key) continue
    const place = pool.oneTime.findIndex((known) => sameId(known, key))
    if (place >= 0) pool.oneTime[place] = key
    else pool.oneTime.push(key)
  }
  pool.signed = signed
  pool.isReminded = false
  pool.hasUploaded = true
  return true
}

/** Takes a new signed prekey; false when it is not signed by the identity. */
export const takeRotation = (pool: PrekeyPool, rotate: Stanza): boolean => {
  const signed = readSigned(childOf(rotate, 'skey'))
  if (!signed || !isSigned(pool.identity, signed)) return false
  pool.signed = signed
  return true
}

const sameId = (one: PublishedKey, other: PublishedKey): boolean => one.id.every((byte, index) => byte === other.id[index])

const isSigned = (identity: Uint8Array, { value, signature }: PublishedSignedKey): boolean =>
  verify(identity, serializeKey(value), signature)

const readKey = (key: Stanza | undefined): PublishedKey | undefined => {
  const id = key && bytesOf(childOf(key, 'id'))
  const value = key && bytesOf(childOf(key, 'value'))
  // Copies: views would keep the whole upload alive.
  return id?.length === 3 && value?.length === 32 ? { id: id.slice(), value: value.slice() } : undefined
}

const readSigned = (skey: Stanza | undefined): PublishedSignedKey | undefined => {
  const key = readKey(skey)
  const signature = skey && bytesOf(childOf(skey, 'signature'))
  return key && signature?.length === 64 ? { ...key, signature: signature.slice() } : undefined
}

const keyStanza = (tag: string, { id, value }: PublishedKey, signature?: Uint8Array): Stanza =>
  stanza(tag, {}, [
    stanza('id', {}, id),
    stanza('value', {}, value),
    signature ? stanza('signature', {}, signature) : undefined,
  ])

/** The bundle of a device and one of its one-time prekeys, while there are some. */
export const bundleOf = (pool: PrekeyPool, oneTime: PublishedKey | undefined, signedIdentity?: Uint8Array): readonly (Stanza | undefined)[] => [
  stanza('registration', {}, pool.registration),
  stanza('type', {}, Uint8Array.of(5)),
  stanza('identity', {}, pool.identity),
  keyStanza('skey', pool.signed, pool.signed.signature),
  oneTime && keyStanza('key', oneTime),
  signedIdentity && stanza('device-identity', {}, signedIdentity),
]

/** What the pool holds, with the hash clients compare. */
export const digestOf = (pool: PrekeyPool): Stanza =>
  stanza('digest', {}, [
    stanza('registration', {}, pool.registration),
    stanza('type', {}, Uint8Array.of(5)),
    stanza('identity', {}, pool.identity),
    keyStanza('skey', pool.signed, pool.signed.signature),
    stanza('list', {}, pool.oneTime.map(({ id }) => stanza('id', {}, id))),
    stanza('hash', {}, sha1(pool.identity, pool.signed.value, pool.signed.signature, ...pool.oneTime.map(({ value }) => value))),
  ])

/** A published key from numbers. */
export const publishedKey = (id: number, value: Uint8Array): PublishedKey => ({ id: bigEndian(id, 3), value })
