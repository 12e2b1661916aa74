import type { KeyPair } from '#crypto'
import { keyPairOf } from '../crypto/key-pair.ts'
import { fromBase64, toBase64, utf8 } from '../bytes/bytes.ts'
import { CredentialsCorrupt } from '../errors/store-errors.ts'
import type { SignedPrekey } from '../signal/prekeys.ts'
import { parseJid } from '../stanza/jid.ts'
import type { Account, AccountLink } from './account.ts'

/** First thing in a stored account, so that a foreign file is told from a damaged one. */
const FORMAT = 'rxwa-account-1'

/** The account as it is stored: JSON with bytes in base64, a row of table `account`. */
export const encodeAccount = (account: Account): Uint8Array => {
  const { noise, identity, signedPrekey, stagedSignedPrekey, olderSignedPrekeys, advSecret, routingInfo, server, link, ...plain } = account
  return utf8(
    JSON.stringify({
      format: FORMAT,
      ...plain,
      noise: pairToJson(noise),
      identity: pairToJson(identity),
      signedPrekey: signedPrekeyToJson(signedPrekey),
      ...(stagedSignedPrekey && { stagedSignedPrekey: signedPrekeyToJson(stagedSignedPrekey) }),
      ...(olderSignedPrekeys && { olderSignedPrekeys: olderSignedPrekeys.map(signedPrekeyToJson) }),
      advSecret: toBase64(advSecret),
      ...(routingInfo && { routingInfo: toBase64(routingInfo) }),
      ...(server && { server: { ...server, key: toBase64(server.key) } }),
      ...(link && { link: { ...link, signedIdentity: toBase64(link.signedIdentity) } }),
    }),
  )
}

/**
 * Reads a stored account back.
 *
 * @throws CredentialsCorrupt when it is not one, or not whole
 */
export const decodeAccount = (bytes: Uint8Array): Account => {
  try {
    const row = object(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)))
    if (row['format'] !== FORMAT) throw new TypeError('not an account of this package')
    return {
      noise: pairFromJson(row['noise']),
      identity: pairFromJson(row['identity']),
      registrationId: integer(row['registrationId']),
      signedPrekey: signedPrekeyFromJson(row['signedPrekey']),
      ...(row['signedPrekeyAtMs'] !== undefined && { signedPrekeyAtMs: integer(row['signedPrekeyAtMs']) }),
      ...(row['stagedSignedPrekey'] !== undefined && { stagedSignedPrekey: signedPrekeyFromJson(row['stagedSignedPrekey']) }),
      ...(row['olderSignedPrekeys'] !== undefined && { olderSignedPrekeys: list(row['olderSignedPrekeys']).map(signedPrekeyFromJson) }),
      advSecret: bytesFrom(row['advSecret'], 32),
      nextPrekeyId: integer(row['nextPrekeyId']),
      firstUnuploadedPrekeyId: integer(row['firstUnuploadedPrekeyId']),
      serverHasPrekeys: row['serverHasPrekeys'] === true,
      loginCounter: integer(row['loginCounter']),
      ...(row['routingInfo'] !== undefined && { routingInfo: bytesFrom(row['routingInfo']) }),
      ...(row['pushName'] !== undefined && { pushName: text(row['pushName']) }),
      ...(row['server'] !== undefined && { server: serverFromJson(object(row['server'])) }),
      ...(row['expiration'] !== undefined && { expiration: expirationFromJson(object(row['expiration'])) }),
      ...(row['link'] !== undefined && { link: linkFromJson(object(row['link'])) }),
      ...(row['revokedReason'] !== undefined && { revokedReason: integer(row['revokedReason']) }),
    }
  } catch (cause) {
    throw new CredentialsCorrupt({ cause: cause instanceof SyntaxError ? undefined : cause })
  }
}

const serverFromJson = (row: Record<string, unknown>) => ({
  key: bytesFrom(row['key'], 32),
  notBeforeSeconds: integer(row['notBeforeSeconds']),
  notAfterSeconds: integer(row['notAfterSeconds']),
})

const expirationFromJson = (row: Record<string, unknown>) => ({ version: text(row['version']), atSeconds: integer(row['atSeconds']) })

const linkFromJson = (row: Record<string, unknown>): AccountLink => ({
  id: jid(row['id']),
  lid: jid(row['lid']),
  signedIdentity: bytesFrom(row['signedIdentity']),
  platform: text(row['platform']),
  ...(row['businessName'] !== undefined && { businessName: text(row['businessName']) }),
  isLidMigrated: row['isLidMigrated'] === true,
})

const pairToJson = ({ publicKey, privateKey, seed }: KeyPair) => ({
  publicKey: toBase64(publicKey),
  privateKey: toBase64(privateKey),
  ...(seed && { seed: toBase64(seed) }),
})

const pairFromJson = (value: unknown): KeyPair => {
  const row = object(value)
  const seed = row['seed'] === undefined ? undefined : bytesFrom(row['seed'], 32)
  return keyPairOf(bytesFrom(row['publicKey'], 32), bytesFrom(row['privateKey'], 32), seed)
}

const signedPrekeyToJson = ({ id, pair, signature }: SignedPrekey) => ({ id, pair: pairToJson(pair), signature: toBase64(signature) })

const signedPrekeyFromJson = (value: unknown): SignedPrekey => {
  const row = object(value)
  return { id: integer(row['id']), pair: pairFromJson(row['pair']), signature: bytesFrom(row['signature'], 64) }
}

const list = (value: unknown): readonly unknown[] => {
  if (!Array.isArray(value)) throw new TypeError('a list is missing')
  return value
}

const object = (value: unknown): Record<string, unknown> => {
  if (typeof value !== 'object' || value === null) throw new TypeError('a part is missing')
  return value as Record<string, unknown>
}

const integer = (value: unknown): number => {
  if (!Number.isSafeInteger(value)) throw new TypeError('a number is missing')
  return value as number
}

const text = (value: unknown): string => {
  if (typeof value !== 'string') throw new TypeError('a text is missing')
  return value
}

const bytesFrom = (value: unknown, length?: number): Uint8Array => {
  const bytes = fromBase64(text(value))
  if (!bytes || (length !== undefined && bytes.length !== length)) throw new TypeError('a key is missing or too short')
  return bytes
}

const jid = (value: unknown) => {
  const parsed = parseJid(text(value))
  if (!parsed) throw new TypeError('an address is missing')
  return parsed
}
