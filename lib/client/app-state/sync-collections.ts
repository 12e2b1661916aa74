import { catchError, concatMap, defer, EMPTY, endWith, from, ignoreElements, of, reduce, tap, throwError, type Observable } from 'rxjs'

import { collectionNames, EMPTY_COLLECTION, type CollectionName } from '../../app-state/collection.ts'
import { AppStateRejected } from '../../errors/app-state-error.ts'
import { RequestTimedOut, ReplyMalformed, ServerRefused } from '../../errors/request-errors.ts'
import { mapped } from '../../reactive/at-once.ts'
import { syncCollections, type CollectionAnswer, type CollectionQuery } from '../../requests/app-state-requests.ts'
import type { Request } from '../../requests/request.ts'
import { takeAnswer, type Taken, type TakeParts } from './take-collection.ts'

/** What became of each collection of a sync. */
export interface SyncReport {
  readonly synced: readonly CollectionName[]
  /** The server will never give them. */
  readonly fatal: readonly CollectionName[]
  /** Not now: keys are missing, the server is busy, or what it gave was refused. */
  readonly retryable: readonly CollectionName[]
  /** Those of them the server's copy of which was refused twice. */
  readonly broken: readonly CollectionName[]
}

/** What a sync needs. */
export interface SyncParts extends Omit<TakeParts, 'trusts'> {
  readonly request: Request
  /** Tells what was taken, once it is durable. @param fromFullSync the collection was empty when the sync began */
  readonly tell: (taken: Taken, fromFullSync: boolean) => Observable<unknown>
  /** All of a collection was told, up to this version. */
  readonly tellComplete: (collection: CollectionName, version: number, recovery: boolean) => void
  /** A collection could not be used and is read anew, or a snapshot is taken in spite of its MAC. */
  readonly warn: (collection: CollectionName, fault: string) => void
}

/** Requests of one sync (protocol document 08, section 7). */
const MOST_ROUNDS = 500

/** Codes that stay as they are (protocol document 08, section 7). */
const FATAL_CODES = [400, 404, 405, 406]
const CONFLICT = 409

interface Progress {
  /** Whether it was empty when the sync began. */
  readonly fromFullSync: boolean
  /** How often it was refused and read anew. */
  readonly resets: number
  /** Version of a snapshot whose MAC was wrong: if it comes again, it would for ever. */
  readonly doubted?: number
}

type Outcome = Exclude<keyof SyncReport, 'broken'>

interface Run {
  readonly broken: Set<CollectionName>
  readonly pending: Map<CollectionName, Progress>
  readonly outcomes: Map<CollectionName, Outcome>
  rounds: number
}

/**
 * Brings collections up to date, page by page; emits one report. What one collection lacks does not hold up
 * the others. Errors only when the connection or the store does. Nobody else may work on these collections.
 */
export const syncAll = (parts: SyncParts, names: readonly CollectionName[]): Observable<SyncReport> =>
  defer(() => {
    const ordered = collectionNames.filter((name) => names.includes(name))
    const run: Run = { pending: new Map(), outcomes: new Map(), broken: new Set(), rounds: 0 }
    return from(ordered).pipe(
      concatMap((name) => mapped(parts.shelf.state(name), ({ version }) => void run.pending.set(name, { fromFullSync: version === 0, resets: 0 }))),
      ignoreElements(),
      reduce(() => undefined, undefined),
      concatMap(() => nextRound(parts, run)),
    )
  })

const nextRound = (parts: SyncParts, run: Run): Observable<SyncReport> => {
  if (run.pending.size === 0) return of(reportOf(run))
  if (run.rounds >= MOST_ROUNDS) {
    for (const name of run.pending.keys()) run.outcomes.set(name, 'retryable')
    return of(reportOf(run))
  }
  run.rounds += 1
  const queries$ = from([...run.pending.keys()]).pipe(
    concatMap((name) => mapped(parts.shelf.state(name), ({ version }): CollectionQuery => ({ name, version }))),
    reduce((queries, query) => [...queries, query], [] as readonly CollectionQuery[]),
  )
  return queries$.pipe(
    concatMap((queries) => parts.request(syncCollections(queries))),
    // Refused as a whole: for now, as far as anybody knows.
    catchError((error: unknown) => (isForNow(error) ? of([] as readonly CollectionAnswer[]) : throwError(() => error))),
    concatMap((answers) => {
      for (const name of run.pending.keys()) if (!answers.some((answer) => answer.name === name)) settle(run, name, 'retryable')
      return from(answers).pipe(concatMap((answer) => takeOne(parts, run, answer)))
    }),
    reduce(() => undefined, undefined),
    concatMap(() => nextRound(parts, run)),
  )
}

const isForNow = (error: unknown): boolean => error instanceof ServerRefused || error instanceof RequestTimedOut || error instanceof ReplyMalformed

const settle = ({ pending, outcomes }: Run, name: CollectionName, outcome: Outcome): void => {
  pending.delete(name)
  outcomes.set(name, outcome)
}

const takeOne = (parts: SyncParts, run: Run, answer: CollectionAnswer): Observable<never> => {
  const { name, errorCode, hasMore } = answer
  const progress = run.pending.get(name)
  if (!progress) return EMPTY
  if (errorCode !== undefined && errorCode !== CONFLICT) {
    settle(run, name, FATAL_CODES.includes(errorCode) ? 'fatal' : 'retryable')
    return EMPTY
  }
  return takeAnswer({ ...parts, trusts: (_, version) => progress.doubted === version }, answer).pipe(
    concatMap((taken) => parts.tell(taken, progress.fromFullSync)),
    tap({
      complete: () => {
        // A conflict without anything new is none when nothing is to be sent.
        if (!hasMore) settle(run, name, 'synced')
      },
    }),
    ignoreElements(),
    endWith(undefined),
    concatMap(() => (hasMore ? EMPTY : parts.shelf.state(name))),
    tap(({ version }) => parts.tellComplete(name, version, false)),
    ignoreElements(),
    catchError((error: unknown) => (error instanceof AppStateRejected ? refuse(parts, run, error, answer, progress) : throwError(() => error))),
  )
}

/** Read anew from a snapshot, once; what is missing now comes with a later sync. */
const refuse = (parts: SyncParts, run: Run, { fault, snapshotVersion }: AppStateRejected, { name }: CollectionAnswer, progress: Progress): Observable<never> => {
  parts.warn(name, fault)
  if (fault === 'missing_key' || fault === 'file' || progress.resets > 0) {
    if (progress.resets > 0 && fault !== 'missing_key' && fault !== 'file') run.broken.add(name)
    settle(run, name, 'retryable')
    return EMPTY
  }
  run.pending.set(name, { fromFullSync: true, resets: progress.resets + 1, ...(fault === 'snapshot_mac' && snapshotVersion !== undefined && { doubted: snapshotVersion }) })
  return parts.commit(parts.shelf.replace(name, EMPTY_COLLECTION, new Map())).pipe(ignoreElements())
}

const reportOf = ({ outcomes, broken }: Run): SyncReport => {
  const those = (outcome: Outcome): readonly CollectionName[] => collectionNames.filter((name) => outcomes.get(name) === outcome)
  return { synced: those('synced'), fatal: those('fatal'), retryable: those('retryable'), broken: [...broken] }
}
