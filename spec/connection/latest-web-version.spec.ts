import { describe, expect, it } from '@jest/globals'

import { utf8 } from '../../lib/bytes/bytes.ts'
import { latestWebVersion, type FetchLike } from '../../lib/connection/latest-web-version.ts'

const page =
  (chunks: readonly (string | Uint8Array)[], status = 200, seen: string[] = []): FetchLike =>
  async (url) => {
    seen.push(url)
    const body = async function* () {
      for (const chunk of chunks) yield typeof chunk === 'string' ? utf8(chunk) : chunk
    }
    return { ok: status === 200, status, body: body() }
  }

describe('latestWebVersion', () => {
  it.each([
    [['{"client_revision":1045368834,"x":1}']],
    [['self.x="{\\"client_revision\\": 1045368834}"']],
    [['{"client_rev', 'ision": 10453', '68834}']],
  ])('%# reads the page', async (chunks) => {
    const seen: string[] = []
    expect(await latestWebVersion({ fetch: page(chunks, 200, seen) })).toEqual([2, 3000, 1_045_368_834])
    expect(seen).toEqual(['https://web.whatsapp.com/sw.js'])
  })

  it.each<[FetchLike, string]>([
    [page(['nothing here']), 'not_found'],
    [page(['"client_revision":99999999999']), 'not_found'],
    [page(['"client_revision":9999999999 ']), 'not_found'],
    [page([], 503), 'unreachable'],
    [async () => ({ ok: true, status: 200, body: null }), 'unreachable'],
    [async () => { throw new TypeError('no network') }, 'unreachable'],
    [page(Array.from({ length: 9 }, () => new Uint8Array(1_048_576))), 'too_large'],
  ])('%# fails by name', async (fetch, fault) => expect(latestWebVersion({ fetch })).rejects.toMatchObject({ code: 'version_unknown', fault }))

  it('waits so long and no longer', async () => {
    const silent: FetchLike = (_, { signal }) => new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))
    await expect(latestWebVersion({ fetch: silent, timeoutMs: 1 })).rejects.toMatchObject({ fault: 'timed_out' })
  })

  it.each([
    [{ fetch: 'x' as never }, 'fetch'],
    [{ timeoutMs: 0 }, 'timeoutMs'],
    [{ timeoutMs: 1.5 }, 'timeoutMs'],
  ])('%# is refused by name', (options, option) => expect(() => latestWebVersion(options)).toThrow(expect.objectContaining({ code: 'option_invalid', option })))
})
