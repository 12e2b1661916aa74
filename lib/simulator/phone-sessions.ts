import { fromBigEndian } from '../bytes/bytes.ts'
import { SimulatorFailed } from '../errors/simulator-failed.ts'
import { pad, unpad } from '../signal/padding.ts'
import type { PrekeyBundle } from '../signal/prekey-bundle.ts'
import { decryptPrekeyMessage, decryptSignalMessage, encrypt } from '../signal/session-record.ts'
import type { LocalIdentity, SessionRecord } from '../signal/session-state.ts'
import { startSession, type PrekeyLookup } from '../signal/x3dh.ts'
import type { Jid } from '../stanza/jid.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { bytesOf, childOf, stanza, type Stanza } from '../stanza/stanza.ts'
import type { Device } from './account.ts'
import type { PublishedKey } from './prekey-pool.ts'
import { lidOf } from './world.ts'

/** The pairwise sessions of a phone, by LID. */
export interface PhoneSessions {
  /** An `enc` for one device; begins a session where there is none. */
  readonly encryptFor: (device: Device, payload: Uint8Array, count?: number) => Stanza
  /** Opens a `msg` or `pkmsg` of a device. @throws SignalFailed when it cannot be read */
  readonly open: (sender: Jid, enc: Stanza) => Uint8Array
  /** Begins anew with the keys somebody sent along. @throws SimulatorFailed when they are not whole */
  readonly restart: (device: Device, registration: Stanza, keys: Stanza) => void
  readonly forget: (device: Device) => void
  readonly forgetAll: () => void
}

/** What sessions need of their phone. */
export interface PhoneSessionsParts {
  readonly local: () => LocalIdentity
  readonly prekeys: PrekeyLookup
  /** A one-time prekey was used up. */
  readonly used: (prekeyId: number) => void
  /** The server hands out a one-time prekey of a device. */
  readonly takePrekey: (device: Device) => PublishedKey | undefined
}

/** Starts without sessions. */
export const createPhoneSessions = ({ local, prekeys, used, takePrekey }: PhoneSessionsParts): PhoneSessions => {
  const sessions = new Map<string, SessionRecord>()
  return {
    encryptFor: (device, payload, count) => {
      const address = lidOf(device).toString()
      const session = sessions.get(address) ?? startSession(undefined, bundleWith(device, takePrekey(device)), local())
      const { record, type, ciphertext } = encrypt(session, pad(payload), local())
      sessions.set(address, record)
      return stanza('enc', { v: '2', type, count }, ciphertext)
    },
    open: (sender, enc) => {
      const ciphertext = bytesOf(enc) ?? new Uint8Array(0)
      const address = sender.toString()
      const known = sessions.get(address)
      if (attributesOf(enc).optionalText('type') !== 'pkmsg') {
        const opened = decryptSignalMessage(known, ciphertext, local())
        sessions.set(address, opened.record)
        return unpad(opened.plaintext)
      }
      const opened = decryptPrekeyMessage(known, ciphertext, local(), prekeys)
      if (opened.usedPrekeyId !== undefined) used(opened.usedPrekeyId)
      sessions.set(address, opened.record)
      return unpad(opened.plaintext)
    },
    restart: (device, registration, keys) => {
      const address = lidOf(device).toString()
      sessions.set(address, startSession(sessions.get(address), readBundle(registration, keys), local()))
    },
    forget: (device) => void sessions.delete(lidOf(device).toString()),
    forgetAll: () => sessions.clear(),
  }
}

/** What the server would hand out for a device. */
const bundleWith = ({ keys }: Device, oneTime: PublishedKey | undefined): PrekeyBundle => ({
  registrationId: fromBigEndian(keys.registration),
  identity: keys.identity,
  signedPrekey: { id: fromBigEndian(keys.signed.id), publicKey: keys.signed.value, signature: keys.signed.signature },
  ...(oneTime && { oneTimePrekey: { id: fromBigEndian(oneTime.id), publicKey: oneTime.value } }),
})

/** Keys of a retry receipt (protocol document 06, section 6). */
const readBundle = (registration: Stanza, keys: Stanza): PrekeyBundle => {
  const [identity, signed, oneTime] = [bytesOf(childOf(keys, 'identity')), childOf(keys, 'skey'), childOf(keys, 'key')]
  const part = (of: Stanza | undefined, tag: string): Uint8Array | undefined => of && bytesOf(childOf(of, tag))
  const [registrationId, id, value, signature] = [bytesOf(registration), part(signed, 'id'), part(signed, 'value'), part(signed, 'signature')]
  if (!registrationId || !identity || !id || !value || !signature) throw new SimulatorFailed('the keys of a retry receipt are not whole')
  const [oneTimeId, oneTimeValue] = [part(oneTime, 'id'), part(oneTime, 'value')]
  return {
    registrationId: fromBigEndian(registrationId),
    identity,
    signedPrekey: { id: fromBigEndian(id), publicKey: value, signature },
    ...(oneTimeId && oneTimeValue && { oneTimePrekey: { id: fromBigEndian(oneTimeId), publicKey: oneTimeValue } }),
  }
}
