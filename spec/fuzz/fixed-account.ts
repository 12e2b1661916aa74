import { keyPairFromSeed, sign, type KeyPair } from '#crypto'
import type { Account } from '../../lib/account/account.ts'
import { concat } from '../../lib/bytes/bytes.ts'
import { serializeKey } from '../../lib/signal/serialized-key.ts'
import { Jid } from '../../lib/stanza/jid.ts'

/** A pair of keys by number, so that every run has the same ones. */
export const pairOf = (number: number): KeyPair => keyPairFromSeed(new Uint8Array(32).fill(number))

const identity = pairOf(20)
const signed = pairOf(21)

/** The account all targets use. */
export const fixedAccount = {
  noise: pairOf(22),
  identity,
  registrationId: 4_711,
  signedPrekey: { id: 1, pair: signed, signature: sign(identity, serializeKey(signed.publicKey)) },
  advSecret: new Uint8Array(32).fill(23),
  nextPrekeyId: 31,
  firstUnuploadedPrekeyId: 11,
  serverHasPrekeys: true,
  loginCounter: 3,
  routingInfo: concat(Uint8Array.of(8, 2), new Uint8Array(6)),
  pushName: 'Ana',
  expiration: { version: '2.3000.1', atSeconds: 1_800_000_000 },
  server: { key: new Uint8Array(32).fill(24), notBeforeSeconds: 1_600_000_000, notAfterSeconds: 1_900_000_000 },
  link: {
    id: new Jid('15550100001', 's.whatsapp.net', 1),
    lid: new Jid('90010001', 'lid', 1),
    signedIdentity: new Uint8Array(64).fill(25),
    platform: 'android',
    isLidMigrated: true,
  },
} satisfies Account
