import { catchError, concat, concatMap, defer, EMPTY, from, map, of, throwError, toArray, type Observable } from 'rxjs'

import type { CollectionName } from '../../app-state/collection.ts'
import type { ReadMutation } from '../../app-state/mutation.ts'
import { decodePatch, indexMacsOfPatch, keyIdsOfPatch, patchOf, readPatch, type Patch } from '../../app-state/read-patch.ts'
import { decodeSnapshot, keyIdsOfSnapshot, readSnapshot } from '../../app-state/read-snapshot.ts'
import { toHex } from '../../bytes/bytes.ts'
import { AppStateRejected } from '../../errors/app-state-error.ts'
import { DownloadFailed } from '../../errors/download-error.ts'
import { ProtoMalformed } from '../../errors/proto-error.ts'
import type { AppStateKeys } from '../../pipeline/app-state-keys.ts'
import type { AppStateShelf } from '../../pipeline/app-state-shelf.ts'
import { ExternalBlobReference } from '../../proto/content.generated.ts'
import { followedBy, mapped } from '../../reactive/at-once.ts'
import type { CollectionAnswer } from '../../requests/app-state-requests.ts'
import type { CommitQueue } from '../../store/commit-queue.ts'
import type { Write } from '../../store/store.ts'
import type { MediaLine } from '../media-line.ts'

/** Mutations that became part of a collection. */
export interface Taken {
  readonly collection: CollectionName
  readonly source: 'snapshot' | 'patch' | 'local'
  readonly mutations: readonly ReadMutation[]
}

/** What taking in needs. */
export interface TakeParts {
  readonly keys: AppStateKeys
  readonly shelf: AppStateShelf
  readonly media: MediaLine
  readonly commit: CommitQueue['commit']
  /** Emits once these keys are here; errors with `missing_key` when they do not come in time. */
  readonly awaitKeys: (collection: CollectionName, keyIds: readonly Uint8Array[]) => Observable<unknown>
  /** What mutations are to the store besides the collection itself. */
  readonly writesOf: (taken: Taken) => readonly Write[]
  /** A snapshot of this collection and version is taken although its MAC is wrong. */
  readonly trusts: (collection: CollectionName, version: number) => boolean
}

/** Most bytes of a file with app state (the documents give none). */
const MOST_FILE_BYTES = 64 * 1024 * 1024

/**
 * Takes in what the server said of a collection: the snapshot, then the patches by their version. Each is
 * durable before it is emitted. Errors with `AppStateRejected`; what came before the bad part is kept.
 */
export const takeAnswer = (parts: TakeParts, { name, snapshot, patches }: CollectionAnswer): Observable<Taken> =>
  defer(() => concat(snapshot ? takeSnapshot(parts, name, snapshot) : EMPTY, takePatches(parts, name, patches)))

const takeSnapshot = (parts: TakeParts, collection: CollectionName, reference: Uint8Array): Observable<Taken> =>
  fetchBlob(parts, collection, decodeReference(collection, reference)).pipe(
    concatMap((file) => {
      const snapshot = decodeSnapshot(collection, file)
      const version = Number(snapshot.version?.version ?? 0)
      return followedBy(parts.shelf.state(collection), (before): Observable<Taken> => {
        // An old one says nothing new.
        if (before.version > 0 && version <= before.version) return EMPTY
        return withKeys(parts, collection, keyIdsOfSnapshot(snapshot)).pipe(
          concatMap(() => {
            const { state, valueMacs, mutations } = readSnapshot(collection, snapshot, parts.keys.find, { trusts: parts.trusts(collection, version) })
            const taken: Taken = { collection, source: 'snapshot', mutations }
            return mapped(parts.commit([...parts.shelf.replace(collection, state, valueMacs), ...parts.writesOf(taken)]), () => taken)
          }),
        )
      })
    }),
  )

const takePatches = (parts: TakeParts, collection: CollectionName, encoded: readonly Uint8Array[]): Observable<Taken> =>
  from(encoded).pipe(
    concatMap((bytes) => {
      const fields = decodePatch(collection, bytes)
      if (!fields.externalMutations) return of(patchOf(collection, fields))
      return fetchBlob(parts, collection, fields.externalMutations).pipe(map((file) => patchOf(collection, fields, file)))
    }),
    toArray(),
    concatMap((patches) => from([...patches].sort((one, other) => one.version - other.version))),
    concatMap((patch) => takePatch(parts, collection, patch)),
  )

const takePatch = (parts: TakeParts, collection: CollectionName, patch: Patch): Observable<Taken> =>
  withKeys(parts, collection, keyIdsOfPatch(patch)).pipe(
    concatMap(() => parts.shelf.state(collection)),
    concatMap((before): Observable<Taken> => {
      // Taken before, as when an answer overlaps with the last one.
      if (patch.version <= before.version && patch.version > 0) return EMPTY
      return followedBy(parts.shelf.look(collection, indexMacsOfPatch(patch)), (looked) => {
        const { state, valueMacs, mutations } = readPatch(before, patch, looked.present, parts.keys.find)
        const taken: Taken = { collection, source: 'patch', mutations }
        return mapped(parts.commit([...looked.change(state, valueMacs), ...parts.writesOf(taken)]), () => taken)
      })
    }),
  )

/** Waits for the keys that are not here. */
export const withKeys = ({ keys, awaitKeys }: Pick<TakeParts, 'keys' | 'awaitKeys'>, collection: CollectionName, keyIds: readonly Uint8Array[]): Observable<unknown> => {
  const missing = new Map(keyIds.filter((keyId) => !keys.find(keyId)).map((keyId) => [toHex(keyId), keyId]))
  return missing.size === 0 ? of(undefined) : awaitKeys(collection, [...missing.values()])
}

const decodeReference = (collection: CollectionName, bytes: Uint8Array): ExternalBlobReference => {
  try {
    return ExternalBlobReference.decode(bytes)
  } catch (cause) {
    if (cause instanceof ProtoMalformed) throw new AppStateRejected(collection, 'malformed', { cause })
    throw cause
  }
}

const fetchBlob = ({ media }: TakeParts, collection: CollectionName, { directPath, mediaKey, fileSha256, fileEncSha256 }: ExternalBlobReference): Observable<Uint8Array> => {
  if (directPath === undefined || mediaKey?.length !== 32) throw new AppStateRejected(collection, 'malformed')
  return media
    .download({ kind: 'app-state', directPath, mediaKey, mostBytes: MOST_FILE_BYTES, ...(fileSha256 && { fileSha256 }), ...(fileEncSha256 && { fileEncSha256 }) })
    .pipe(rejectedFile(collection))
}

const rejectedFile =
  (collection: CollectionName) =>
  (file$: Observable<Uint8Array>): Observable<Uint8Array> =>
    file$.pipe(
      catchError((cause: unknown) => throwError(() => (cause instanceof DownloadFailed ? new AppStateRejected(collection, 'file', { cause }) : cause))),
    )
