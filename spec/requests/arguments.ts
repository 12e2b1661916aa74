import fc from 'fast-check'

import { collectionNames } from '../../lib/app-state/collection.ts'
import { Jid } from '../../lib/index.ts'
import { person } from './arbitrary-stanza.ts'

const bytes = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length })
const digits = fc.integer({ min: 1_000_000, max: 999_999_999 }).map(String)
const someOf = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value[]> => fc.array(value, { minLength: 1, maxLength: 5 })
const prekey = fc.record({ id: fc.integer({ min: 1, max: 0xff_ffff }), pair: fc.record({ publicKey: bytes(32), privateKey: bytes(32) }) })
const signedPrekey = fc.tuple(prekey, bytes(64)).map(([key, signature]) => ({ ...key, signature }))

const queryId = fc.stringMatching(/^[0-9.-]{1,20}$/)

/**
 * Arguments for each function of `lib/requests` that gives a description, by its name. A new one fails
 * the spec until it is named here.
 */
export const ARGUMENTS: Readonly<Record<string, fc.Arbitrary<readonly unknown[]>>> = {
  companionHello: fc
    .record({
      phoneNumber: digits,
      showsPushNotification: fc.boolean(),
      wrappedEphemeral: bytes(80),
      noise: bytes(32),
      platformId: fc.constantFrom('1', '2', 'c'),
      platformDisplay: fc.constant('Chrome (Linux)'),
    })
    .map((hello) => [hello]),
  companionNonce: bytes(32).map((nonce) => [nonce]),
  encryptedPairingRequest: fc.uint8Array({ minLength: 1, maxLength: 300 }).map((request) => [request]),
  passkeyPrologue: fc
    .record({
      credentialId: fc.uint8Array({ minLength: 1, maxLength: 64 }),
      assertionJson: fc.constant('{}'),
      prologue: fc.uint8Array({ minLength: 1, maxLength: 200 }),
      handoffProof: fc.option(bytes(32), { nil: undefined }),
    })
    .map((prologue) => [prologue]),
  fetchProperties: fc
    .record({ hash: fc.option(fc.stringMatching(/^[0-9A-Za-z]{1,20}$/), { nil: undefined }), refreshId: fc.option(fc.integer({ min: 0, max: 100_000 }), { nil: undefined }) })
    .map((known) => [known]),
  rotateSignedPrekey: signedPrekey.map((key) => [key]),
  companionFinish: fc.tuple(digits, bytes(156), bytes(32), fc.uint8Array({ minLength: 1, maxLength: 32 })),
  fetchBundles: someOf(person(true)).map((devices) => [devices]),
  fetchDevices: fc
    .tuple(someOf(person(false)), fc.stringMatching(/^[0-9.-]{1,20}$/))
    .map(([users, sessionId]) => [users, sessionId, () => ({ currentIndex: 1, validIndexes: [1] })]),
  cleanDirty: fc.tuple(fc.constantFrom('syncd_app_state', 'groups'), fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })),
  syncCollections: fc
    .uniqueArray(fc.record({ name: fc.constantFrom(...collectionNames), version: fc.nat(), patch: fc.option(bytes(40), { nil: undefined }) }), { minLength: 1, selector: ({ name }) => name })
    .map((queries) => [queries]),
  findByPhoneNumber: fc.tuple(someOf(digits), queryId).map(([users, id]) => [users.map((user) => new Jid(user, 's.whatsapp.net')), id]),
  findByLid: fc.tuple(someOf(digits), queryId).map(([users, id]) => [users.map((user) => new Jid(user, 'lid')), id]),
  giveToken: fc.tuple(person(false), fc.integer({ min: 1, max: 4_000_000_000 })),
  fetchDisallowedList: fc.constantFrom('status', 'groupadd', 'last', 'profile').map((category) => [category]),
  queryGroupMetadata: digits.map((id) => [new Jid(`120363${id}`, 'g.us')]),
  queryGroup: digits.map((id) => [new Jid(`120363${id}`, 'g.us')]),
  removeDevice: fc.tuple(digits, fc.integer({ min: 1, max: 99 })).map(([user, device]) => [new Jid(user, 's.whatsapp.net', device)]),
  subscribeLiveUpdates: digits.map((user) => [new Jid(user, 'newsletter')]),
  uploadPrekeys: fc.record({ registrationId: fc.integer({ min: 1, max: 16_380 }), identity: bytes(32), prekeys: someOf(prekey), signedPrekey }).map((upload) => [upload]),
}

/** Functions of `lib/requests` that give no description. */
export const NO_REQUESTS: readonly string[] = ['passkeyOptionsIn', 'readBundle', 'readGroupMembers', 'readGroupMetadata', 'readGroupParticipants', 'readMembers', 'readRequestedUsers']
