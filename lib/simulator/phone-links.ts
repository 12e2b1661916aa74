import type { Observable } from 'rxjs'

import { hmacSha256, sign } from '#crypto'
import { concat, equalBytes, toHex } from '../bytes/bytes.ts'
import { SimulatorFailed } from '../errors/simulator-failed.ts'
import { advPrefix } from '../pairing/device-identity.ts'
import type { PasskeyAnswer } from '../pairing/passkey-json.ts'
import { parseQrCode } from '../pairing/qr-code.ts'
import {
  ADVDeviceIdentity,
  ADVKeyIndexList,
  ADVSignedDeviceIdentity,
  ADVSignedDeviceIdentityHMAC,
  ADVSignedKeyIndexList,
} from '../proto/core.generated.ts'
import type { Jid } from '../stanza/jid.ts'
import { stanza, type Stanza } from '../stanza/stanza.ts'
import type { Account, Device } from './account.ts'
import { announceDevice } from './announce-devices.ts'
import { createCodeEntry } from './code-entry.ts'
import { createPasskeyEntry, type PhonePasskeyCode } from './passkey-entry.ts'
import type { PhoneKeys } from './phone-keys.ts'
import type { Registration } from './registration.ts'
import { lidOf, nowSeconds, type World } from './world.ts'

/** How devices are linked to a simulated phone, and unlinked. */
export interface PhoneLinks {
  /** Links the device that shows this code; rejects when nobody shows it or the device refuses. */
  readonly scan: (qrCode: string) => Promise<Jid>
  /**
   * Types the pairing code of the device that asked last, and links it. Rejects when nobody asked, when
   * the code is wrong, of which the device hears nothing, or when the device refuses.
   */
  readonly enterCode: (code: string) => Promise<Jid>
  /** Signs the options of a passkey request with the passkey of this account. */
  readonly signPasskey: (requestOptionsJson: string) => PasskeyAnswer
  /** The codes it shows while a device is linked by passkey. */
  readonly passkeyCodes$: Observable<PhonePasskeyCode>
  /** Unlinks a device. */
  readonly unlink: (device: number) => void
  /** The devices that are linked to it. */
  readonly devices: () => readonly Jid[]
}

/** What links need of their phone. */
export interface PhoneLinksParts {
  readonly world: World
  readonly registrations: ReadonlySet<Registration>
  readonly account: Account
  /** The keys it has at present. */
  readonly keys: () => PhoneKeys
  /** `android`, `iphone`, `smba` … */
  readonly platform: string
  readonly wantsPasskey: boolean
  readonly fail: (error: Error) => void
  /** A device was unlinked. */
  readonly unlinked: (device: Device) => void
}

/** What the phone tells its links. */
export interface LinkBook {
  /** Takes notifications; others than of pairing codes are not for it. */
  readonly hear: (notification: Stanza) => void
  /** Vouches for the devices there are, with the keys there are. */
  readonly publish: () => void
  /** Unlinks all devices and counts from the beginning, as an app that was installed anew. */
  readonly startOver: () => void
}

/** `ADVEncryptionType.HOSTED`. */
const HOSTED = 1

/** Nothing is linked yet. */
export const createPhoneLinks = ({ world, registrations, account, keys, platform, wantsPasskey, fail, unlinked }: PhoneLinksParts): PhoneLinks & LinkBook => {
  let lastKeyIndex = 0

  const publish = (): void => {
    const timestamp = nowSeconds(world)
    const { rawId, local: { identity } } = keys()
    const validIndexes = [...account.devices.values()].map(({ keyIndex }) => keyIndex).sort((one, other) => one - other)
    const details = ADVKeyIndexList.encode({ rawId, timestamp, currentIndex: lastKeyIndex, validIndexes })
    account.keyIndexList = ADVSignedKeyIndexList.encode({
      details,
      accountSignature: sign(identity, concat(advPrefix.keyIndexList, details)),
    })
    account.keyIndexListAtSeconds = timestamp
  }

  /** Vouches for a device with a secret only it and the phone know. */
  const link = async (registration: Registration, companion: Uint8Array, advSecret: Uint8Array): Promise<Jid> => {
    lastKeyIndex += 1
    const { rawId, local: { identity } } = keys()
    const { hasBadHmac, hasBadSignature, isHosted } = world.faults.pairing
    const details = ADVDeviceIdentity.encode({ rawId, timestamp: nowSeconds(world), keyIndex: lastKeyIndex, ...(isHosted && { accountType: HOSTED, deviceType: HOSTED }) })
    const prefix = isHosted ? advPrefix.hostedAccount : advPrefix.account
    const signed = ADVSignedDeviceIdentity.encode({
      details,
      accountSignatureKey: identity.publicKey,
      accountSignature: sign(identity, concat(prefix, details, hasBadSignature ? identity.publicKey : companion)),
    })
    const covered = isHosted ? concat(advPrefix.hostedAccount, signed) : signed
    const container = ADVSignedDeviceIdentityHMAC.encode({
      details: signed,
      hmac: hmacSha256(hasBadHmac ? companion : advSecret, covered),
      ...(isHosted && { accountType: HOSTED }),
    })
    const device = await registration.link(account, { container, keyIndex: lastKeyIndex, accountKey: identity.publicKey, platform })
    publish()
    announceDevice(world, device, 'add')
    return lidOf(device)
  }

  const passkey = createPasskeyEntry()
  /** Whoever waits for a link by passkey to come about. */
  let waitingForPasskey: ((linked: Promise<Jid>) => void) | undefined
  world.passkeys.set(toHex(passkey.credentialId), {
    entry: passkey,
    link: (secrets) => {
      const registration = [...registrations].find(({ noise }) => equalBytes(noise, secrets.noise))
      if (!registration) return
      const linked = link(registration, secrets.identity, secrets.advSecret)
      if (waitingForPasskey) waitingForPasskey(linked)
      else linked.catch(fail)
      waitingForPasskey = undefined
    },
  })

  /** An account that wants a passkey goes on with it, and links only then. */
  const linkOrAsk = (registration: Registration, companion: Uint8Array, advSecret: Uint8Array): Promise<Jid> => {
    if (!wantsPasskey) return link(registration, companion, advSecret)
    passkey.interrupt(advSecret)
    const linked = new Promise<Jid>((resolve) => (waitingForPasskey = resolve))
    registration.gate.demand()
    return linked
  }

  const codeEntry = createCodeEntry(() => keys().local.identity, registrations)

  const drop = (device: Device): void => {
    account.devices.delete(device.id)
    device.line?.end(stanza('stream:error', { code: '401' }, [stanza('conflict', { type: 'device_removed' })]))
  }

  return {
    scan: async (qrCode) => {
      const code = parseQrCode(qrCode)
      if (!code) throw new SimulatorFailed('this is no QR code of a device')
      const registration = [...registrations].find(({ refs }) => refs.includes(code.ref))
      if (!registration) throw new SimulatorFailed('no device shows this code')
      return linkOrAsk(registration, code.identity, code.advSecret)
    },
    enterCode: async (code) => {
      const { registration, companion, advSecret } = await codeEntry.enter(code)
      return linkOrAsk(registration, companion, advSecret)
    },
    signPasskey: passkey.sign,
    passkeyCodes$: passkey.codes$,
    devices: () => [...account.devices.values()].filter(({ id }) => id !== 0).map(lidOf),
    unlink: (id) => {
      const device = account.devices.get(id)
      if (!device || id === 0) throw new SimulatorFailed(`device ${id} is not linked`)
      unlinked(device)
      drop(device)
      publish()
      announceDevice(world, device, 'remove')
    },
    hear: codeEntry.hear,
    publish,
    startOver: () => {
      for (const device of [...account.devices.values()]) if (device.id !== 0) drop(device)
      lastKeyIndex = 0
      publish()
    },
  }
}
