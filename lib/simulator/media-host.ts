import { randomBytes } from '#crypto'
import { toHex } from '../bytes/bytes.ts'
import type { FetchFile } from '../media/fetch-file.ts'
import { sealMedia, type SealedMedia } from '../media/media-file.ts'
import { expandMediaKey, type MediaKind } from '../media/media-keys.ts'

/** A file that lies on the host, and what opens it. */
export interface StoredMedia extends Omit<SealedMedia, 'bytes'> {
  readonly directPath: string
  readonly mediaKey: Uint8Array
}

/** Where the simulated phones put their files. */
export interface MediaHost {
  /** Encrypts a file and puts it on the host. */
  readonly put: (kind: MediaKind, plain: Uint8Array) => StoredMedia
  /** Puts the same file there again, under another path; gives that. */
  readonly putAgain: (kind: MediaKind, plain: Uint8Array, mediaKey: Uint8Array) => string
  /** What the host has under a path, or why it says no; the query does not matter. */
  readonly answer: (path: string) => { readonly status: number; readonly bytes?: Uint8Array }
  /** Breaks the file under a path, or all files: a status to answer with, or what becomes of the bytes; nothing mends them. */
  readonly bend: (fault?: MediaHostFault, directPath?: string) => void
  /** Reaches the host without a network. */
  readonly fetch: FetchFile
  /** Downloads so far, by path. */
  readonly downloads: () => readonly string[]
}

/** What is wrong with files. */
export type MediaHostFault = { readonly status: number } | { readonly change: (bytes: Uint8Array) => Uint8Array }

/** The name of the host for clients that reach it within the process. */
export const MEMORY_HOST = 'media.simulator'

/** An empty host. */
export const createMediaHost = (): MediaHost => {
  const files = new Map<string, Uint8Array>()
  const bent = new Map<string, MediaHostFault>()
  const downloads: string[] = []
  let everything: MediaHostFault | undefined

  const answer: MediaHost['answer'] = (path) => {
    const name = path.split('?', 1)[0]!
    downloads.push(name)
    const fault = bent.get(name) ?? everything
    if (fault && 'status' in fault) return { status: fault.status }
    const bytes = files.get(name)
    if (!bytes) return { status: 404 }
    return { status: 200, bytes: fault ? fault.change(bytes.slice()) : bytes }
  }

  return {
    put: (kind, plain) => {
      const mediaKey = randomBytes(32)
      const { bytes, ...claims } = sealMedia(plain, expandMediaKey(mediaKey, kind))
      const directPath = `/v/${kind}/${toHex(claims.fileEncSha256.subarray(0, 12))}.enc`
      files.set(directPath, bytes)
      return { ...claims, directPath, mediaKey }
    },
    putAgain: (kind, plain, mediaKey) => {
      const { bytes } = sealMedia(plain, expandMediaKey(mediaKey, kind))
      const directPath = `/v/${kind}/${toHex(randomBytes(12))}.enc`
      files.set(directPath, bytes)
      return directPath
    },
    answer,
    bend: (fault, directPath) => {
      if (directPath === undefined) everything = fault
      else if (fault) bent.set(directPath, fault)
      else bent.delete(directPath)
    },
    fetch: async (url, { signal }) => {
      const { pathname, search } = new URL(url)
      // As over a wire: never in the same instant.
      await Promise.resolve()
      signal.throwIfAborted()
      const { status, bytes } = answer(`${pathname}${search}`)
      return { status, body: bytes ? streamOf(bytes) : null }
    },
    downloads: () => downloads,
  }
}

const CHUNK_BYTES = 64 * 1024

const streamOf = (bytes: Uint8Array): ReadableStream<Uint8Array> => {
  let offset = 0
  return new ReadableStream({
    pull: (controller) => {
      if (offset >= bytes.length) {
        controller.close()
        return
      }
      controller.enqueue(bytes.subarray(offset, offset + CHUNK_BYTES))
      offset += CHUNK_BYTES
    },
  })
}
