import { bigEndian, fromBigEndian } from '../bytes/bytes.ts'
import type { PrekeyBundle } from '../signal/prekey-bundle.ts'
import type { Prekey, SignedPrekey } from '../signal/prekeys.ts'
import type { Jid } from '../stanza/jid.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { bytesOf, childOf, childrenOf, stanza, type Stanza } from '../stanza/stanza.ts'
import type { RequestDescription } from './request.ts'

/** Type byte of every public key on the wire. */
const KEY_TYPE = Uint8Array.of(5)

/** Most devices asked for in one request (protocol document 04, section 2.6). */
export const BUNDLES_PER_REQUEST = 50

const FETCH_LIMIT_MS = 20_000

const REFUSALS = { 406: 'not-acceptable', 503: 'service-unavailable' } as const

/** How many one-time prekeys of ours the server still has. */
export const countPrekeys: RequestDescription<number> = {
  name: 'prekeys.count',
  type: 'get',
  xmlns: 'encrypt',
  content: [stanza('count')],
  parse: (reply) => {
    const count = childOf(reply, 'count')
    const value = count && attributesOf(count).optionalInteger('value')
    // A missing or unreadable number counts as none (protocol document 04, section 2.3).
    return value ?? 0
  },
}

/** What an upload publishes. */
export interface PrekeyUpload {
  readonly registrationId: number
  /** Public identity key, 32 bytes. */
  readonly identity: Uint8Array
  readonly prekeys: readonly Prekey[]
  readonly signedPrekey: SignedPrekey
}

/** Publishes one-time prekeys (protocol document 04, section 2.2). */
export const uploadPrekeys = ({ registrationId, identity, prekeys, signedPrekey }: PrekeyUpload): RequestDescription<true> => ({
  name: 'prekeys.upload',
  type: 'set',
  xmlns: 'encrypt',
  content: [
    stanza('registration', {}, bigEndian(registrationId, 4)),
    stanza('type', {}, KEY_TYPE),
    stanza('identity', {}, identity),
    stanza('list', {}, prekeys.map(({ id, pair }) => keyStanza('key', id, pair.publicKey))),
    signedKeyStanza(signedPrekey),
  ],
  refusals: REFUSALS,
  parse: () => true,
})

const keyStanza = (tag: string, id: number, publicKey: Uint8Array, ...more: Stanza[]): Stanza =>
  stanza(tag, {}, [stanza('id', {}, bigEndian(id, 3)), stanza('value', {}, publicKey), ...more])

const signedKeyStanza = ({ id, pair, signature }: SignedPrekey): Stanza =>
  keyStanza('skey', id, pair.publicKey, stanza('signature', {}, signature))

/** Replaces our signed prekey (protocol document 04, section 2.5). */
export const rotateSignedPrekey = (signedPrekey: SignedPrekey): RequestDescription<true> => ({
  name: 'prekeys.rotate',
  type: 'set',
  xmlns: 'encrypt',
  content: [stanza('rotate', {}, [signedKeyStanza(signedPrekey)])],
  refusals: { ...REFUSALS, 409: 'conflict' },
  parse: () => true,
})

/** What the server has for one device. */
export type FetchedBundle =
  | { readonly kind: 'bundle'; readonly device: Jid; readonly bundle: PrekeyBundle; readonly deviceIdentity?: Uint8Array }
  /** 406: the device is not registered any more. */
  | { readonly kind: 'refused'; readonly device: Jid; readonly status: number }
  | { readonly kind: 'malformed'; readonly device: Jid; readonly faults: readonly string[] }

/**
 * Fetches what is needed to write to devices for the first time; takes a one-time prekey of each from
 * the server. At most {@link BUNDLES_PER_REQUEST} devices. A device that cannot be read costs only itself.
 */
export const fetchBundles = (devices: readonly Jid[]): RequestDescription<readonly FetchedBundle[]> => ({
  name: 'prekeys.fetch',
  type: 'get',
  xmlns: 'encrypt',
  timeoutMs: FETCH_LIMIT_MS,
  content: [stanza('key', {}, devices.map((jid) => stanza('user', { jid, reason: 'identity' })))],
  refusals: REFUSALS,
  parse: (reply, faults) => {
    const list = childOf(reply, 'list')
    if (!list) {
      faults.push('iq: list is missing')
      return undefined
    }
    return childrenOf(list, 'user').map(readUser)
  },
})

const readUser = (user: Stanza): FetchedBundle => {
  const read = attributesOf(user)
  const device = read.jid('jid')
  const error = childOf(user, 'error')
  if (error && read.faults.length === 0) return { kind: 'refused', device, status: attributesOf(error).optionalInteger('code') ?? 0 }

  // Some answers put the keys one level deeper (protocol document 04, section 2.6).
  const keys = childOf(user, 'keys') ?? user
  const faults = [...read.faults]
  const bundle = readBundle(keys, keys, faults)
  if (faults.length > 0) return { kind: 'malformed', device, faults }
  const deviceIdentity = bytesOf(childOf(user, 'device-identity')) ?? bytesOf(childOf(keys, 'device-identity'))
  return { kind: 'bundle', device, bundle, ...(deviceIdentity && { deviceIdentity }) }
}

/**
 * Reads the keys of a device; what is missing or has a wrong size ends up in the faults.
 *
 * @param keys holds `identity`, `skey` and perhaps `key`
 * @param registered holds `registration`
 */
export const readBundle = (keys: Stanza, registered: Stanza, faults: string[]): PrekeyBundle => {
  const bytes = (parent: Stanza | undefined, tag: string, length: number): Uint8Array => {
    const value = parent && bytesOf(childOf(parent, tag))
    // A copy: a session that keeps the key would keep the whole answer alive.
    if (value?.length === length) return value.slice()
    faults.push(`${parent?.tag ?? 'user'}: ${tag} is missing or not ${length} bytes`)
    return new Uint8Array(length)
  }
  const signed = childOf(keys, 'skey')
  const oneTime = childOf(keys, 'key')
  return {
    registrationId: fromBigEndian(bytes(registered, 'registration', 4)),
    identity: bytes(keys, 'identity', 32),
    signedPrekey: {
      id: fromBigEndian(bytes(signed, 'id', 3)),
      publicKey: bytes(signed, 'value', 32),
      signature: bytes(signed, 'signature', 64),
    },
    ...(oneTime && { oneTimePrekey: { id: fromBigEndian(bytes(oneTime, 'id', 3)), publicKey: bytes(oneTime, 'value', 32) } }),
  }
}

/** The server's view of our published keys. */
export interface KeyDigest {
  readonly registrationId: number
  readonly identity: Uint8Array
  readonly signedPrekeyId: number
  readonly prekeyIds: readonly number[]
  /** SHA-1 over the public keys, 20 bytes (protocol document 04, section 2.4). */
  readonly hash: Uint8Array
}

/** Asks what the server holds of our keys; status 404 says: nothing. */
export const fetchDigest: RequestDescription<KeyDigest> = {
  name: 'prekeys.digest',
  type: 'get',
  xmlns: 'encrypt',
  content: [stanza('digest')],
  refusals: { ...REFUSALS, 404: 'item-not-found' },
  parse: (reply, faults) => {
    const digest = childOf(reply, 'digest')
    const signed = digest && childOf(digest, 'skey')
    const registration = digest && bytesOf(childOf(digest, 'registration'))
    const identity = digest && bytesOf(childOf(digest, 'identity'))
    const signedId = signed && bytesOf(childOf(signed, 'id'))
    const list = digest && childOf(digest, 'list')
    const hash = digest && bytesOf(childOf(digest, 'hash'))
    if (registration?.length !== 4 || identity?.length !== 32 || signedId?.length !== 3 || hash?.length !== 20 || !list) {
      faults.push('digest: a part is missing or has a wrong size')
      return undefined
    }
    const prekeyIds = childrenOf(list, 'id').flatMap((id) => (bytesOf(id)?.length === 3 ? [fromBigEndian(bytesOf(id)!)] : []))
    return {
      registrationId: fromBigEndian(registration),
      identity,
      signedPrekeyId: fromBigEndian(signedId),
      prekeyIds,
      hash,
    }
  },
}
