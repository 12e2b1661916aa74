import { hkdfSha256 } from '#crypto'

/** What the keys of each kind of file are derived with (protocol document 07, section 2). */
const INFO = {
  image: 'WhatsApp Image Keys',
  sticker: 'WhatsApp Image Keys',
  video: 'WhatsApp Video Keys',
  audio: 'WhatsApp Audio Keys',
  document: 'WhatsApp Document Keys',
  history: 'WhatsApp History Keys',
  'app-state': 'WhatsApp App State Keys',
  'group-history': 'Group History',
  'sticker-pack': 'WhatsApp Sticker Pack Keys',
  'thumbnail-sticker-pack': 'WhatsApp Sticker Pack Thumbnail Keys',
  'thumbnail-link': 'WhatsApp Link Thumbnail Keys',
} as const

/** A kind of encrypted file. */
export type MediaKind = keyof typeof INFO

/** The keys of one file. */
export interface MediaKeys {
  /** 16 bytes. */
  readonly iv: Uint8Array
  /** 32 bytes. */
  readonly cipherKey: Uint8Array
  /** 32 bytes. */
  readonly macKey: Uint8Array
}

/** Expands the secret of a file, 32 bytes. */
export const expandMediaKey = (mediaKey: Uint8Array, kind: MediaKind): MediaKeys => {
  const bytes = hkdfSha256(mediaKey, undefined, INFO[kind], 80)
  return { iv: bytes.subarray(0, 16), cipherKey: bytes.subarray(16, 48), macKey: bytes.subarray(48, 80) }
}
