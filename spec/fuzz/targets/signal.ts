import { ProtoMalformed } from '../../../lib/errors/proto-error.ts'
import { SignalFailed } from '../../../lib/errors/signal-error.ts'
import { concat } from '../../../lib/bytes/bytes.ts'
import { Message } from '../../../lib/proto/content.generated.ts'
import { pad, unpad } from '../../../lib/signal/padding.ts'
import { decodeSessionRecord, encodeSessionRecord } from '../../../lib/signal/record-codec.ts'
import { decryptPrekeyMessage, decryptSignalMessage, encrypt } from '../../../lib/signal/session-record.ts'
import { promote, type LocalIdentity, type SessionRecord } from '../../../lib/signal/session-state.ts'
import { limits } from '../../../lib/signal/signal-limits.ts'
import { readPrekeyMessage, readSignalMessage } from '../../../lib/signal/wire-messages.ts'
import { startSession } from '../../../lib/signal/x3dh.ts'
import { fixedAccount, pairOf } from '../fixed-account.ts'
import { accepted, requireEqual, requireThat, type Target } from '../target.ts'

const local: LocalIdentity = { identity: fixedAccount.identity, registrationId: fixedAccount.registrationId }
const peer: LocalIdentity = { identity: pairOf(40), registrationId: 99 }
const oneTime = pairOf(41)
const prekeys = {
  oneTime: (id: number) => (id === 7 ? oneTime : undefined),
  signed: (id: number) => (id === 1 ? fixedAccount.signedPrekey.pair : undefined),
}
let drawn = 50
const generate = () => pairOf((drawn = drawn < 90 ? drawn + 1 : 50))
const bundle = {
  registrationId: local.registrationId,
  identity: local.identity.publicKey,
  signedPrekey: { id: 1, publicKey: fixedAccount.signedPrekey.pair.publicKey, signature: fixedAccount.signedPrekey.signature },
  oneTimePrekey: { id: 7, publicKey: oneTime.publicKey },
}

/** A conversation that has begun: what the peer says next, and our record before it. */
const peerBegins = startSession(undefined, bundle, peer, generate)
const first = encrypt(peerBegins, pad(Message.encode({ conversation: 'first' }), () => 3), peer)
const opened = decryptPrekeyMessage(undefined, first.ciphertext, local, prekeys)
const answer = encrypt(opened.record, pad(Message.encode({ conversation: 'answer' }), () => 3), local, generate)
const peerReads = decryptSignalMessage(first.record, answer.ciphertext, peer).record
const next = encrypt(peerReads, pad(Message.encode({ conversation: 'next' }), () => 3), peer, generate)
const peerGoesOn = next.record

/** Everything a session can hold. */
const manyStates = (): SessionRecord => {
  let record: SessionRecord = answer.record
  for (let count = 0; count < limits.archivedStates; count += 1) record = promote(record, { ...opened.record.current, aliceBaseKey: pairOf(100 + (count % 40)).publicKey })
  return record
}
const ours = manyStates()

const wire: Target = {
  name: 'signal-wire',
  seeds: () => [first.ciphertext, next.ciphertext, answer.ciphertext],
  longestBytes: 1_000,
  feed: (input) => {
    for (const read of [readSignalMessage, readPrekeyMessage]) {
      const message = accepted([SignalFailed], () => read(input))
      if (!message) continue
      const envelope = 'message' in message ? message.message : message
      requireThat(envelope.ratchetKey.length === 32 && envelope.mac.length === 8, 'a part of a wrong length')
      requireThat(Number.isInteger(envelope.counter) && envelope.counter >= 0 && envelope.counter <= 0xffffffff, 'a counter out of range')
    }
  },
}

const readContent = (plaintext: Uint8Array): void => {
  const payload = accepted([SignalFailed], () => unpad(plaintext))
  if (payload) accepted([ProtoMalformed], () => Message.decode(payload))
}

/** The first byte chooses: a message, a first message, of a stranger too, and what the peer rightly encrypts. */
const decryption: Target = {
  name: 'signal-decrypt',
  seeds: () => [
    concat(Uint8Array.of(0), next.ciphertext),
    concat(Uint8Array.of(1), next.ciphertext),
    concat(Uint8Array.of(2), first.ciphertext),
    concat(Uint8Array.of(3), first.ciphertext),
    concat(Uint8Array.of(4), pad(Message.encode({ conversation: 'x' }), () => 3)),
    concat(Uint8Array.of(1), encrypt({ ...peerGoesOn, current: { ...peerGoesOn.current, sender: { ...peerGoesOn.current.sender!, ratchet: pairOf(95), index: limits.ownJump } } }, new Uint8Array(16), peer).ciphertext),
  ],
  longestBytes: 600,
  feed: (input) => {
    const mode = (input[0] ?? 0) % 5
    const rest = input.subarray(1)
    const before = encodeSessionRecord(ours)
    const result = accepted([SignalFailed], () => {
      switch (mode) {
        case 0:
        case 1:
          return decryptSignalMessage(ours, rest, local, { isOwnDevice: mode === 1 })
        case 2:
          return decryptPrekeyMessage(ours, rest, local, prekeys)
        case 3:
          return decryptPrekeyMessage(undefined, rest, local, prekeys)
        default:
          return decryptSignalMessage(ours, encrypt(peerGoesOn, rest, peer).ciphertext, local)
      }
    })
    requireEqual(encodeSessionRecord(ours), before, 'the record that was given')
    if (!result) return
    readContent(result.plaintext)
    requireEqual(encodeSessionRecord(decodeSessionRecord(encodeSessionRecord(result.record))), encodeSessionRecord(result.record), 'record')
  },
}

const sessionRecord: Target = {
  name: 'session-record',
  seeds: () => [encodeSessionRecord(answer.record), encodeSessionRecord(first.record), encodeSessionRecord({ current: ours.current, archived: ours.archived.slice(0, 2) })],
  feed: (input) => {
    const record = accepted([SignalFailed], () => decodeSessionRecord(input))
    if (!record) return
    const stored = encodeSessionRecord(record)
    // The older form is written anew.
    if (input[0] !== 1) requireEqual(stored, input, 'session record')
    requireEqual(encodeSessionRecord(decodeSessionRecord(stored)), stored, 'session record')
    accepted([SignalFailed], () => decryptSignalMessage(record, next.ciphertext, local))
    // A chain of the peer may have no key that could be agreed with.
    accepted([SignalFailed], () => encrypt(record, new Uint8Array(3), local, generate))
  },
}

export const signalTargets: readonly Target[] = [wire, decryption, sessionRecord]
