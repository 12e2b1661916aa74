import { fromBase64, toBase64 } from '../bytes/bytes.ts'

/** What a QR code tells the phone (protocol document 03, section 2.2). */
export interface QrCode {
  /** The server's name for this attempt. */
  readonly ref: string
  /** Public key of the connection, 32 bytes. */
  readonly noise: Uint8Array
  /** Public identity of the new device, 32 bytes. */
  readonly identity: Uint8Array
  /** Secret that proves the phone saw the code, 32 bytes. */
  readonly advSecret: Uint8Array
  /** One character that names the kind of client, see {@link platformIdOf}. */
  readonly platformId: string
}

const DEEP_LINK = 'https://wa.me/settings/linked_devices#'

/** The text to render; with `deepLink` a phone's camera opens it without the app. */
export const qrCodeText = ({ ref, noise, identity, advSecret, platformId }: QrCode, deepLink = false): string =>
  `${deepLink ? DEEP_LINK : ''}${[ref, toBase64(noise), toBase64(identity), toBase64(advSecret), platformId].join(',')}`

/**
 * Reads a QR code the way a phone does: with or without the link in front, with the older four fields
 * or a trailing help address. Undefined when it is no such code.
 */
export const parseQrCode = (text: string): QrCode | undefined => {
  if (typeof text !== 'string') return undefined
  const fields = text.slice(text.indexOf('#') + 1).split(',')
  if (fields.at(-1)?.startsWith('http')) fields.pop()
  // A platform id is one character, a key is 44: that tells the older form without it.
  const platformId = (fields.at(-1)?.length ?? 0) === 1 ? fields.pop() : ''
  const [noise, identity, advSecret] = fields.splice(-3).map((field) => fromBase64(field))
  const ref = fields.join(',')
  if (!ref || platformId === undefined) return undefined
  if (noise?.length !== 32 || identity?.length !== 32 || advSecret?.length !== 32) return undefined
  return { ref, noise, identity, advSecret, platformId }
}

/** `DeviceProps.platformType` of Android devices: tablet, phone, ambiguous. */
const ANDROID_TYPES = [9, 16, 17]

/**
 * The character for a `DeviceProps.platformType` (protocol document 03, section 2.2); everything that
 * has none of its own is "other web client".
 */
export const platformIdOf = (platformType: number): string => {
  const ids: Readonly<Record<number, string>> = { 1: '1', 6: '2', 2: '3', 3: '4', 4: '5', 5: '6', 7: '7', 21: '8' }
  return ids[platformType] ?? (ANDROID_TYPES.includes(platformType) ? '1' : '9')
}
