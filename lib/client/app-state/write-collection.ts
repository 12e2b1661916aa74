import { concat, concatMap, defer, EMPTY, ignoreElements, of, tap, throwError, type Observable } from 'rxjs'

import type { CollectionName, CollectionState } from '../../app-state/collection.ts'
import { indexMacOf } from '../../app-state/macs.ts'
import { indexBytesOf, type Mutation, type ReadMutation } from '../../app-state/mutation.ts'
import { indexMacsOf, lastOfEachIndex, writePatch, type WrittenPatch } from '../../app-state/write-patch.ts'
import type { SyncKey } from '../../app-state/sync-keys.ts'
import { toHex } from '../../bytes/bytes.ts'
import { AppStateNotWritten } from '../../errors/app-state-error.ts'
import type { Looked } from '../../pipeline/app-state-shelf.ts'
import { followedBy, mapped } from '../../reactive/at-once.ts'
import { syncCollections, type CollectionAnswer } from '../../requests/app-state-requests.ts'
import { syncAll, type SyncParts } from './sync-collections.ts'
import { takeAnswer, type Taken } from './take-collection.ts'

/** How often a patch is written anew on top of what others were faster with (protocol document 08, section 8). */
const ATTEMPTS = 5

const CONFLICT = 409

interface Attempt {
  readonly collection: CollectionName
  readonly before: CollectionState
  readonly looked: Looked
  readonly written: WrittenPatch
  readonly mutations: readonly ReadMutation[]
}

/**
 * Writes mutations of one collection, on top of whatever other devices wrote meanwhile. Completes once the
 * server took them and they are part of the collection here; each is told once. Errors with
 * `AppStateNotWritten`. Nobody else may work on the collection.
 */
export const writeAll = (parts: SyncParts, collection: CollectionName, wanted: readonly Mutation[]): Observable<never> => {
  const mutations = lastOfEachIndex(wanted)
  const attempt = (number: number): Observable<never> =>
    seeded(parts, collection).pipe(
      concatMap((before) => prepare(parts, collection, before, mutations)),
      concatMap((prepared) =>
        parts.request(syncCollections([{ name: collection, version: prepared.before.version, patch: prepared.written.bytes }])).pipe(
          concatMap(([answer]) => settle(parts, prepared, answer, () => (number < ATTEMPTS ? attempt(number + 1) : throwError(() => new AppStateNotWritten(collection, 'conflict', CONFLICT))))),
        ),
      ),
    )
  return defer(() => attempt(1))
}

/** Nothing is written onto a collection that was never read. */
const seeded = (parts: SyncParts, collection: CollectionName): Observable<CollectionState> =>
  followedBy(parts.shelf.state(collection), (state) => {
    if (state.version > 0) return of(state)
    return syncAll(parts, [collection]).pipe(
      concatMap(() => parts.shelf.state(collection)),
      concatMap((read) => (read.version > 0 ? of(read) : throwError(() => new AppStateNotWritten(collection, 'never_synced')))),
    )
  })

const prepare = ({ keys, shelf }: SyncParts, collection: CollectionName, before: CollectionState, mutations: readonly Mutation[]): Observable<Attempt> => {
  const key = keys.active()
  if (!key) return throwError(() => new AppStateNotWritten(collection, 'no_key'))
  return mapped(shelf.look(collection, indexMacsOf(mutations, key)), (looked) => {
    const written = writePatch(collection, before, mutations, looked.present, key)
    return { collection, before, looked, written, mutations: mutations.map((mutation) => named(mutation, key, written)) }
  })
}

const named = (mutation: Mutation, key: SyncKey, { valueMacs }: WrittenPatch): ReadMutation => {
  const indexMac = indexMacOf(key, indexBytesOf(mutation.index))
  return { ...mutation, indexMac, valueMac: valueMacs.get(toHex(indexMac)) ?? new Uint8Array(0) }
}

const settle = (parts: SyncParts, attempt: Attempt, answer: CollectionAnswer | undefined, again: () => Observable<never>): Observable<never> => {
  const { collection, before, written } = attempt
  if (answer?.errorCode === CONFLICT) return concat(takeIn(parts, answer), again())
  if (answer?.errorCode !== undefined) return throwError(() => new AppStateNotWritten(collection, 'refused', answer.errorCode))
  const isNext = answer?.version === undefined || answer.version === written.state.version
  // Nothing came in between: what was written is what the collection is now.
  if ((answer?.patches.length ?? 0) === 0 && isNext) return adopt(parts, attempt)
  // Our own patch comes back among the others.
  return concat(answer ? takeIn(parts, answer) : EMPTY, catchUp(parts, collection, before))
}

const adopt = (parts: SyncParts, { collection, looked, written, mutations }: Attempt): Observable<never> => {
  const taken: Taken = { collection, source: 'local', mutations }
  return parts.commit([...looked.change(written.state, written.valueMacs), ...parts.writesOf(taken)]).pipe(
    concatMap(() => parts.tell(taken, false)),
    tap({ complete: () => parts.tellComplete(collection, written.state.version, false) }),
    ignoreElements(),
  )
}

const takeIn = (parts: SyncParts, answer: CollectionAnswer): Observable<never> =>
  takeAnswer({ ...parts, trusts: () => false }, answer).pipe(
    concatMap((taken) => parts.tell(taken, false)),
    ignoreElements(),
  )

/** What the answer did not bring is asked for. */
const catchUp = (parts: SyncParts, collection: CollectionName, before: CollectionState): Observable<never> =>
  defer(() => parts.shelf.state(collection)).pipe(
    concatMap(({ version }) => {
      if (version <= before.version) return syncAll(parts, [collection]).pipe(ignoreElements())
      parts.tellComplete(collection, version, false)
      return EMPTY
    }),
  )
