import { catchError, concatMap, defaultIfEmpty, defer, from, last, map, of, ReplaySubject, share, takeWhile, tap, throwError, type Observable } from 'rxjs'

import { toBase64 } from '../bytes/bytes.ts'
import { DownloadFailed } from '../errors/download-error.ts'
import { MediaRejected } from '../errors/media-error.ts'
import { fetchFile, type Fetched } from '../media/fetch-file.ts'
import { openMedia, type MediaClaims } from '../media/media-file.ts'
import { expandMediaKey, type MediaKind } from '../media/media-keys.ts'
import { queryMediaHosts, type MediaHosts } from '../requests/media-requests.ts'
import type { Request } from '../requests/request.ts'
import type { Settings } from './options.ts'

/** Where an encrypted file lies and what opens it. */
export interface MediaReference extends MediaClaims {
  readonly kind: MediaKind
  readonly directPath: string
  /** 32 bytes. */
  readonly mediaKey: Uint8Array
  /** Bytes of the encrypted file that are taken at most. */
  readonly mostBytes: number
}

/** Fetches files over the hosts the server names for this connection. */
export interface MediaLine {
  /** The plain file, checked; emits once. Errors with `DownloadFailed` or what asking for hosts comes to. */
  readonly download: (reference: MediaReference) => Observable<Uint8Array>
}

/** What a line needs. */
export interface MediaLineParts {
  readonly request: Request
  readonly settings: Pick<Settings, 'fetch' | 'url' | 'scheduler'>
}

/** A time of life so long is a point in time instead (protocol document 07, section 1). */
const ABSOLUTE_SECONDS = 1_000_000_000
const GRACE_MS = 30_000

/** The server named no host, which it may do for now. */
const noHost = (): Outcome => ({ error: new DownloadFailed('hosts_unreachable', undefined), mayBeOld: true, isFinal: true })

/** A line of one connection; hosts are asked for once, however many files are fetched, and again when refused or old. */
export const createMediaLine = ({ request, settings: { fetch, url, scheduler } }: MediaLineParts): MediaLine => {
  let known: { readonly hosts: MediaHosts; readonly untilMs: number } | undefined
  // Whoever comes while the server is asked waits for the same answer.
  const asking$ = request(queryMediaHosts).pipe(
    tap((hosts) => {
      const { lifeSeconds } = hosts
      known = { hosts, untilMs: lifeSeconds >= ABSOLUTE_SECONDS ? lifeSeconds * 1000 - GRACE_MS : scheduler.now() + lifeSeconds * 1000 }
    }),
    share({ connector: () => new ReplaySubject(1) }),
  )
  const hosts$ = (isForced: boolean): Observable<MediaHosts> =>
    defer(() => {
      if (isForced) known = undefined
      return known && scheduler.now() < known.untilMs ? of(known.hosts) : asking$
    })
  // A server without encryption on its socket, as a simulator on a port, has none for its files.
  const scheme = url.startsWith('ws:') ? 'http' : 'https'

  const attempt = (reference: MediaReference, isForced: boolean): Observable<Outcome> =>
    hosts$(isForced).pipe(
      concatMap(({ hosts }) =>
        from(hosts).pipe(
          concatMap((host) =>
            fetchFile(fetch, `${scheme}://${host}${pathOf(reference)}`, reference.mostBytes).pipe(
              map((fetched) => outcomeOf(reference, fetched)),
              catchError((cause: unknown) => of(failureOf(cause))),
            ),
          ),
          takeWhile((outcome) => !('file' in outcome) && !outcome.isFinal, true),
          defaultIfEmpty(noHost()),
          last(),
        ),
      ),
    )

  return {
    download: (reference) => {
      // Anything else would change the host it is put behind.
      if (!reference.directPath.startsWith('/')) return throwError(() => new DownloadFailed('damaged', undefined))
      return attempt(reference, false).pipe(
        // An old reference may only need newer hosts, once.
        concatMap((outcome) => ('file' in outcome || !outcome.mayBeOld ? of(outcome) : attempt(reference, true))),
        map((outcome) => {
          if ('file' in outcome) return outcome.file
          throw outcome.error
        }),
      )
    },
  }
}

type Outcome = { readonly file: Uint8Array } | { readonly error: DownloadFailed; readonly mayBeOld: boolean; readonly isFinal: boolean }

const pathOf = ({ directPath, fileEncSha256, kind }: MediaReference): string => {
  const hash = fileEncSha256 ? toBase64(fileEncSha256).replaceAll('+', '-').replaceAll('/', '_') : ''
  const type = kind === 'history' ? 'md-msg-hist' : kind === 'app-state' ? 'md-app-state' : kind
  return `${directPath}${directPath.includes('?') ? '&' : '?'}hash=${encodeURIComponent(hash)}&mms-type=${type}&__wa-mms=`
}

const outcomeOf = (reference: MediaReference, { status, bytes }: Fetched): Outcome => {
  if (status === 200 || status === 206) return { file: openMedia(bytes, expandMediaKey(reference.mediaKey, reference.kind), reference) }
  const fault = status === 401 || status === 403 ? 'reference_rejected' : status === 404 || status === 410 ? 'not_found' : 'hosts_unreachable'
  return { error: new DownloadFailed(fault, status), mayBeOld: fault !== 'hosts_unreachable', isFinal: fault !== 'hosts_unreachable' }
}

const failureOf = (cause: unknown): Outcome => {
  if (cause instanceof DownloadFailed) return { error: cause, mayBeOld: false, isFinal: true }
  const fault = cause instanceof MediaRejected ? 'damaged' : 'hosts_unreachable'
  return { error: new DownloadFailed(fault, undefined, { cause }), mayBeOld: false, isFinal: false }
}
