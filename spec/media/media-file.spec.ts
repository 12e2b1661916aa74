import { describe, expect, it } from '@jest/globals'

import { equalBytes, toHex } from '../../lib/bytes/bytes.ts'
import { MediaRejected } from '../../lib/errors/media-error.ts'
import { openMedia, sealMedia } from '../../lib/media/media-file.ts'
import { expandMediaKey, type MediaKind } from '../../lib/media/media-keys.ts'
import { hex, vectorCases } from '../vectors.ts'

interface FileCase {
  readonly type: string
  readonly mediaKey: string
  readonly plain: string | { readonly pattern: number; readonly length: number }
  readonly encrypted: string | object
  readonly fileSha256?: string
  readonly fileEncSha256?: string
  readonly fileLength?: number
  readonly why?: string
}

/** Kinds of the vectors that are read as another one of ours. */
const KINDS: Readonly<Record<string, MediaKind>> = { gif: 'video', ptv: 'video', ptt: 'audio', 'md-app-state': 'app-state', 'md-msg-hist': 'history' }
const KNOWN = ['image', 'sticker', 'video', 'audio', 'document', 'history', 'app-state', 'group-history', 'sticker-pack', 'thumbnail-sticker-pack', 'thumbnail-link']
const kindOf = (type: string): MediaKind | undefined => KINDS[type] ?? (KNOWN.includes(type) ? (type as MediaKind) : undefined)

const plainOf = (plain: FileCase['plain']): Uint8Array =>
  typeof plain === 'string' ? hex(plain) : Uint8Array.from({ length: plain.length }, (_, i) => (7 * i + plain.pattern + Math.floor(i / 256)) % 256)

describe('files of other implementations', () => {
  const keys = vectorCases<{ readonly type: string; readonly mediaKey: string; readonly iv: string; readonly cipherKey: string; readonly macKey: string }>('media', 'keys')
  it.each(keys.filter(({ type }) => kindOf(type)).map((vector) => [vector.id, vector] as const))('%s', (_, { type, mediaKey, iv, cipherKey, macKey }) => {
    const expanded = expandMediaKey(hex(mediaKey), kindOf(type)!)
    expect([expanded.iv, expanded.cipherKey, expanded.macKey].map(toHex)).toEqual([iv, cipherKey, macKey])
  })

  const files = vectorCases<FileCase>('media', 'file').filter(({ type }) => kindOf(type))
  it.each(files.map((vector) => [vector.id, vector] as const))('%s', (_, { type, mediaKey, plain, encrypted, fileSha256, fileEncSha256, fileLength }) => {
    const keysOfFile = expandMediaKey(hex(mediaKey), kindOf(type)!)
    const sealed = sealMedia(plainOf(plain), keysOfFile)
    if (typeof encrypted === 'string') expect(toHex(sealed.bytes)).toBe(encrypted)
    expect({ fileSha256: toHex(sealed.fileSha256), fileEncSha256: toHex(sealed.fileEncSha256), fileLength: sealed.fileLength }).toEqual({ fileSha256, fileEncSha256, fileLength })
    expect(equalBytes(openMedia(sealed.bytes, keysOfFile, sealed), plainOf(plain))).toBe(true)
  })

  it.each(vectorCases<FileCase>('media', 'damaged').map((vector) => [vector.why, vector] as const))('refused: %s', (_, { type, mediaKey, encrypted, fileSha256, fileEncSha256, fileLength }) => {
    const claims = {
      ...(fileSha256 !== undefined && { fileSha256: hex(fileSha256) }),
      ...(fileEncSha256 !== undefined && { fileEncSha256: hex(fileEncSha256) }),
      ...(fileLength !== undefined && { fileLength }),
    }
    expect(() => openMedia(hex(encrypted as string), expandMediaKey(hex(mediaKey), kindOf(type)!), claims)).toThrow(MediaRejected)
  })
})
