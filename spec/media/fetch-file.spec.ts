import { ReadableStream as NodeStream } from 'node:stream/web'
import { describe, expect, it } from '@jest/globals'
import { firstValueFrom } from 'rxjs'

import { utf8 } from '../../lib/bytes/bytes.ts'
import { fetchFile, type FetchFile } from '../../lib/media/fetch-file.ts'

/** As `undici` answers: a body of Node's type, which is not the one that browsers and `globalThis.fetch` declare. */
const answering =
  (...chunks: readonly string[]): FetchFile =>
  async () => ({
    status: 200,
    body: new NodeStream<Uint8Array>({
      start: (controller) => {
        chunks.forEach((chunk) => controller.enqueue(utf8(chunk)))
        controller.close()
      },
    }),
  })

describe('fetchFile', () => {
  it('puts together what comes in pieces', async () => {
    expect(await firstValueFrom(fetchFile(answering('one ', 'two'), 'https://host/file', 7))).toEqual({ status: 200, bytes: utf8('one two') })
    expect(await firstValueFrom(fetchFile(answering(), 'https://host/file', 7))).toEqual({ status: 200, bytes: utf8('') })
  })

  it('gives up on more than it was told to take', async () => {
    await expect(firstValueFrom(fetchFile(answering('one ', 'two', '!'), 'https://host/file', 7))).rejects.toMatchObject({ code: 'download_failed', fault: 'too_large' })
  })

  it('cancels the transfer when nobody waits any more', () => {
    let signal: AbortSignal | undefined
    const never: FetchFile = (_, init) => {
      signal = init.signal
      return new Promise(() => undefined)
    }
    fetchFile(never, 'https://host/file', 7).subscribe().unsubscribe()
    expect(signal?.aborted).toBe(true)
  })
})
