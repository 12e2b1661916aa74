import { from, Observable } from 'rxjs'

import { concat } from '../bytes/bytes.ts'
import { DownloadFailed } from '../errors/download-error.ts'

/** The part of `fetch` that is used; pass another one for a proxy or a simulator. */
export type FetchFile = (url: string, init: FetchInit) => Promise<FetchedResponse>

/** What a file is asked for with. */
export interface FetchInit {
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  readonly body?: OwnBytes
}

/** The part of a `Response` that is used. */
export interface FetchedResponse {
  readonly status: number
  readonly body: FetchedBody | null
}

/** The part of a `ReadableStream` that is used; the libraries that fetch do not agree on its type. */
export interface FetchedBody {
  getReader(): { read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>; cancel(): Promise<unknown> }
}

/** Bytes that are not shared with other threads; `Uint8Array` by this name for compilers before TypeScript 5.7 as well. */
type OwnBytes = ReturnType<Uint8ArrayConstructor['of']>

/** What a host answered. */
export interface Fetched {
  readonly status: number
  readonly bytes: Uint8Array
}

/** Where the official client comes from. */
const HEADERS = { Origin: 'https://web.whatsapp.com', Referer: 'https://web.whatsapp.com/' }

/**
 * Fetches a file into memory; cold, emits once. Unsubscribing cancels the transfer. A body of more than
 * `mostBytes` is given up with `DownloadFailed`; what the network throws is passed on.
 */
export const fetchFile = (fetch: FetchFile, url: string, mostBytes: number): Observable<Fetched> =>
  new Observable((subscriber) => {
    const abort = new AbortController()
    subscriber.add(() => abort.abort())
    return from(readAll(fetch, url, mostBytes, abort.signal)).subscribe(subscriber)
  })

const readAll = async (fetch: FetchFile, url: string, mostBytes: number, signal: AbortSignal): Promise<Fetched> => {
  const { status, body } = await fetch(url, { method: 'GET', headers: HEADERS, signal })
  const chunks: Uint8Array[] = []
  let length = 0
  const reader = body?.getReader()
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined }
    if (done || !value) break
    length += value.length
    if (length > mostBytes) {
      await reader?.cancel()
      throw new DownloadFailed('too_large', status)
    }
    chunks.push(value)
  }
  return { status, bytes: chunks.length === 1 ? chunks[0]! : concat(...chunks) }
}

