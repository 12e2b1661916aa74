import { OptionInvalid, requireObject } from '../errors/option-invalid.ts'
import { VersionUnknown } from '../errors/version-error.ts'

/** Where the version stands (protocol document 02, section 2.1). */
const PAGE = 'https://web.whatsapp.com/sw.js'

const PATTERN = /\\?"client_revision\\?":\s*(\d{1,10})\b/

/** The script is far smaller; more is not what was asked for. */
const LIMIT_BYTES = 8_388_608

/** What of `fetch` is used, so that any implementation will do. */
export type FetchLike = (
  url: string,
  init: { readonly signal: AbortSignal },
) => Promise<{ readonly ok: boolean; readonly status: number; readonly body: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array> | null }>

/** How the version is found out. */
export interface LatestWebVersionOptions {
  /** Default: the platform's own `fetch`. */
  readonly fetch?: FetchLike
  /** Time for all of it, 1 to 60000; default 20000. */
  readonly timeoutMs?: number
}

/**
 * Finds out the version the service's own web client has now, for the option `version` of a client. Asks
 * once, keeps nothing: a day is a good time to keep it for.
 *
 * @throws OptionInvalid at once; rejects with `VersionUnknown`
 * @example
 * const client = createClient({ store, version: await latestWebVersion() })
 */
export const latestWebVersion = (options: LatestWebVersionOptions = {}): Promise<readonly [number, number, number]> => {
  requireObject('options', options, 'an object')
  const { fetch = globalThis.fetch as FetchLike, timeoutMs = 20_000 } = options
  if (typeof fetch !== 'function') throw new OptionInvalid('fetch', 'a function like that of the platform', typeof fetch)
  if (!Number.isInteger(timeoutMs) || timeoutMs < 1 || timeoutMs > 60_000) throw new OptionInvalid('timeoutMs', 'a whole number from 1 to 60000', String(timeoutMs))
  return readVersion(fetch, AbortSignal.timeout(timeoutMs))
}

const readVersion = async (fetch: FetchLike, signal: AbortSignal): Promise<readonly [number, number, number]> => {
  try {
    const response = await fetch(PAGE, { signal })
    if (!response.ok || !response.body) throw new VersionUnknown('unreachable', { cause: new Error(`status ${response.status}`) })
    const revision = PATTERN.exec(await textOf(response.body))?.[1]
    if (revision === undefined || Number(revision) > 0xffffffff) throw new VersionUnknown('not_found')
    return [2, 3000, Number(revision)]
  } catch (cause) {
    if (cause instanceof VersionUnknown) throw cause
    throw new VersionUnknown(signal.aborted ? 'timed_out' : 'unreachable', { cause })
  }
}

const textOf = async (body: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>): Promise<string> => {
  const decoder = new TextDecoder()
  let text = ''
  let length = 0
  // Leaving the loop early gives the rest of the body up.
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    length += chunk.length
    if (length > LIMIT_BYTES) throw new VersionUnknown('too_large')
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}
