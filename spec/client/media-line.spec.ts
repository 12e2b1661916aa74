import { describe, expect, it } from '@jest/globals'
import { asyncScheduler, defer, firstValueFrom, of } from 'rxjs'

import { createMediaLine, type MediaReference } from '../../lib/client/media-line.ts'
import { equalBytes } from '../../lib/bytes/bytes.ts'
import { createMediaHost, type MediaHost, type StoredMedia } from '../../lib/simulator/media-host.ts'
import type { FetchFile } from '../../lib/media/fetch-file.ts'
import type { MediaHosts } from '../../lib/requests/media-requests.ts'
import type { Request } from '../../lib/requests/request.ts'
import { createSimulator } from '../../lib/testing/index.ts'

const plain = Uint8Array.from({ length: 150_000 }, (_, index) => index)
const referenceTo = ({ directPath, mediaKey, fileSha256, fileEncSha256 }: StoredMedia): MediaReference => ({ kind: 'app-state', directPath, mediaKey, fileSha256, fileEncSha256, mostBytes: 200_000 })

interface Line {
  readonly host: MediaHost
  readonly stored: StoredMedia
  readonly asked: () => number
  readonly urls: string[]
  readonly outcome: (changes?: Partial<MediaReference>) => Promise<string>
}

/** Answers every request with these hosts. */
const answering = (answer: () => MediaHosts): Request => <Reply>() => defer(() => of(answer() as Reply))

/** A line to one host; tells the code of what went wrong, or `file`. */
const lineTo = (hosts: Partial<MediaHosts> = {}, fetch?: FetchFile): Line => {
  const host = createMediaHost()
  const stored = host.put('app-state', plain)
  const urls: string[] = []
  let asked = 0
  const request = answering(() => {
    asked += 1
    return { hosts: ['one.example', 'two.example'], auth: 'secret', lifeSeconds: 3_600, ...hosts }
  })
  const line = createMediaLine({
    request,
    settings: {
      scheduler: asyncScheduler,
      url: 'wss://example/ws/chat',
      fetch: (url, init) => {
        urls.push(url)
        return (fetch ?? host.fetch)(url, init)
      },
    },
  })
  return {
    host,
    stored,
    urls,
    asked: () => asked,
    outcome: (changes) =>
      firstValueFrom(line.download({ ...referenceTo(stored), ...changes })).then(
        (file) => (equalBytes(file, plain) ? 'file' : 'another file'),
        (error: { readonly code?: string; readonly fault?: string }) => `${error.code} ${error.fault}`,
      ),
  }
}

describe('a media line', () => {
  it('fetches from the first host, and asks for hosts once', async () => {
    const line = lineTo()
    expect([await line.outcome(), await line.outcome()]).toEqual(['file', 'file'])
    expect(line.asked()).toBe(1)
    expect(new URL(line.urls[0]!).host).toBe('one.example')
    expect(new URL(line.urls[0]!).searchParams.get('mms-type')).toBe('md-app-state')
    expect(line.urls.join()).not.toContain('secret')
  })

  it('asks for hosts again when they are old', async () => {
    const line = lineTo({ lifeSeconds: 0 })
    await line.outcome()
    await line.outcome()
    expect(line.asked()).toBe(2)
  })

  it('goes to the next host when one is down or gives damaged files', async () => {
    for (const status of [500, 0]) {
      const host = createMediaHost()
      const fetch: FetchFile = (url, init) => {
        if (new URL(url).host === 'two.example') return line.host.fetch(url, init)
        return status === 0 ? Promise.reject(new TypeError('no route')) : Promise.resolve({ status, body: null })
      }
      const line = lineTo({}, fetch)
      expect([host.downloads().length, await line.outcome()]).toEqual([0, 'file'])
    }
    const damaged = lineTo()
    damaged.host.bend({ change: (bytes) => bytes.fill(1, 100, 101) })
    expect(await damaged.outcome()).toBe('download_failed damaged')
    expect(damaged.urls).toHaveLength(2)
  })

  it('asks for newer hosts once when the reference is refused or nowhere', async () => {
    for (const [status, fault] of [[403, 'reference_rejected'], [404, 'not_found']] as const) {
      const line = lineTo()
      line.host.bend({ status })
      expect(await line.outcome()).toBe(`download_failed ${fault}`)
      expect([line.asked(), line.urls.length]).toEqual([2, 2])
    }
  })

  it('refuses what is too long, no path, and a server without hosts', async () => {
    expect(await lineTo().outcome({ mostBytes: 1_000 })).toBe('download_failed too_large')
    const line = lineTo()
    expect(await line.outcome({ directPath: '@elsewhere.example/file' })).toBe('download_failed damaged')
    expect(line.urls).toEqual([])
    expect(await lineTo({ hosts: [] }).outcome()).toBe('download_failed hosts_unreachable')
  })

  it('reaches a simulator over a port', async () => {
    const simulator = createSimulator()
    const { close, mediaHost } = await simulator.listen()
    const stored = simulator.media.put('app-state', plain)
    const line = createMediaLine({
      request: answering(() => ({ hosts: [mediaHost], auth: '', lifeSeconds: 60 })),
      settings: { scheduler: asyncScheduler, url: 'ws://127.0.0.1/', fetch: (url, init) => globalThis.fetch(url, init) },
    })
    expect(equalBytes(await firstValueFrom(line.download(referenceTo(stored))), plain)).toBe(true)
    await close()
  })
})
