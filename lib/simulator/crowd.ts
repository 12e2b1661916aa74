import { generateSigningKeyPair, sign, type KeyPair } from '#crypto'
import { bigEndian, concat } from '../bytes/bytes.ts'
import { SimulatorFailed } from '../errors/simulator-failed.ts'
import { advPrefix } from '../pairing/device-identity.ts'
import { ADVDeviceIdentity, ADVSignedDeviceIdentity } from '../proto/core.generated.ts'
import { generateRegistrationId, generateSignedPrekey } from '../signal/prekeys.ts'
import { Jid } from '../stanza/jid.ts'
import type { Account, Device } from './account.ts'
import type { OfflineQueue } from './offline-queue.ts'
import { createPrekeyPool, publishedKey, type PrekeyPool } from './prekey-pool.ts'
import { nowSeconds, type World } from './world.ts'

const FIRST_NUMBER = 15_770_000_001
const FIRST_LID = 91_000_001

const unread: OfflineQueue = {
  push: () => undefined,
  resume: () => undefined,
  grant: () => undefined,
  suspend: () => undefined,
  answer: () => undefined,
  size: () => 0,
}

/**
 * People who only are there: the server knows them and hands out real keys for their devices, nobody
 * reads what they get. Keys are made when somebody asks for them, so that thousands cost next to nothing.
 */
export const createCrowd = (world: World, people: number, devicesEach: number): readonly Account[] =>
  Array.from({ length: people }, () => createBystander(world, devicesEach))

const createBystander = (world: World, devices: number): Account => {
  const index = world.accounts.size
  const phoneNumber = new Jid(String(FIRST_NUMBER + index), 's.whatsapp.net')
  const lid = new Jid(String(FIRST_LID + index), 'lid')
  if (world.accounts.has(phoneNumber.user)) throw new SimulatorFailed('this phone number is taken')
  const account: Account = {
    phoneNumber,
    lid,
    pushName: undefined,
    devices: new Map(),
    promisedIds: new Set(),
    keyIndexList: undefined,
    keyIndexListAtSeconds: 0,
    createdAtSeconds: nowSeconds(world),
  }
  const phone = later(generateSigningKeyPair)
  for (let id = 0; id < devices; id += 1) account.devices.set(id, createDevice(world, account, id, phone))
  world.accounts.set(phoneNumber.user, account)
  world.accountsByLid.set(lid.user, account)
  return account
}

const createDevice = (world: World, account: Account, id: number, phone: () => KeyPair): Device => {
  const identity = id === 0 ? phone : later(generateSigningKeyPair)
  const pool = later(() => createPool(identity()))
  const signed = id === 0 ? () => undefined : later(() => vouchFor(identity(), id, phone(), nowSeconds(world)))
  return {
    account,
    id,
    keyIndex: id,
    get keys() {
      return pool()
    },
    get signedIdentity() {
      return signed()
    },
    queue: unread,
    isSilent: true,
    liveUpdates: new Map(),
    line: undefined,
  }
}

/** A signed prekey and no one-time keys: there may be none left of anybody. */
const createPool = (identity: KeyPair): PrekeyPool => {
  const { id, pair, signature } = generateSignedPrekey(identity, 1)
  return createPrekeyPool(bigEndian(generateRegistrationId(), 4), identity.publicKey, { ...publishedKey(id, pair.publicKey), signature })
}

/** What a phone signs for a device that is linked to it. */
const vouchFor = (device: KeyPair, keyIndex: number, phone: KeyPair, timestamp: number): Uint8Array => {
  const details = ADVDeviceIdentity.encode({ rawId: 1, timestamp, keyIndex })
  return ADVSignedDeviceIdentity.encode({
    details,
    accountSignatureKey: phone.publicKey,
    accountSignature: sign(phone, concat(advPrefix.account, details, device.publicKey)),
    deviceSignature: sign(device, concat(advPrefix.device, details, device.publicKey, phone.publicKey)),
  })
}

/** A value that is made when it is first asked for. */
const later = <Value>(make: () => Value): (() => Value) => {
  let made: { readonly value: Value } | undefined
  return () => (made ??= { value: make() }).value
}
