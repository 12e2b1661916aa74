import { concatMap, defer, EMPTY, filter, from, map, of, reduce, type Observable } from 'rxjs'

import { actionOf } from '../../app-state/actions.ts'
import { EMPTY_COLLECTION, type CollectionName } from '../../app-state/collection.ts'
import type { Mutation } from '../../app-state/mutation.ts'
import { isOwn } from '../../pipeline/read-source.ts'
import { mutationEvents } from '../../pipeline/mutation-events.ts'
import { followedBy, whichEnds } from '../../reactive/at-once.ts'
import type { Write } from '../../store/store.ts'
import { parseJid } from '../../stanza/jid.ts'
import type { EventHub } from '../event-hub.ts'
import type { Live } from '../live.ts'
import type { Settings } from '../options.ts'
import { awaitKeys } from './await-keys.ts'
import { askForRecovery, takeRecovery } from './recover-collection.ts'
import { showNewName } from './show-new-name.ts'
import { syncAll, type SyncParts, type SyncReport } from './sync-collections.ts'
import type { Taken } from './take-collection.ts'
import { writeAll } from './write-collection.ts'

/** The app state over one connection. One works on a collection at a time. */
export interface AppState {
  /** Brings collections up to date; emits one report. @param fromScratch as if nothing was ever read of them */
  readonly sync: (names: readonly CollectionName[], fromScratch?: boolean) => Observable<SyncReport>
  /** Has our phone give collections the server's copy of which cannot be used, see `askForRecovery`; emits those that can be read now. */
  readonly recover: (names: readonly CollectionName[]) => Observable<readonly CollectionName[]>
  /** Changes entries, collection by collection; completes when the server took all of them. Errors with `AppStateNotWritten`. */
  readonly write: (mutations: ReadonlyMap<CollectionName, readonly Mutation[]>) => Observable<never>
}

/** What the app state needs. */
export interface AppStateParts {
  readonly live: Live
  readonly settings: Pick<Settings, 'logger' | 'pushName'>
  readonly hub: Pick<EventHub, 'emit' | 'isObserved'>
}

/** The app state of one connection. */
export const createAppState = (parts: AppStateParts): AppState => {
  const { live, settings, hub } = parts
  const { session } = live
  const syncParts: SyncParts = {
    keys: session.appStateKeys,
    shelf: session.appStateShelf,
    media: live.media,
    commit: session.commit,
    request: live.request,
    awaitKeys: (collection, keyIds) => awaitKeys(live, collection, keyIds),
    writesOf: (taken) => taken.mutations.flatMap((mutation) => learnt(live, mutation)),
    tell: (taken, fromFullSync) => tell(parts, taken, fromFullSync),
    tellComplete: (name, version, recovery) => hub.emit({ type: 'app_state_sync_complete', name, version, recovery }),
    warn: (collection, fault) => settings.logger?.warn({ collection, fault }, 'app state was refused'),
  }
  const alone = <T>(names: readonly CollectionName[], work: () => Observable<T>): Observable<T> =>
    defer(() => followedBy(session.appStateLanes.acquire(names), (release) => whichEnds(work, release)))

  return {
    sync: (names, fromScratch = false) =>
      alone(names, () => {
        if (!fromScratch) return syncAll(syncParts, names)
        const forgotten = names.flatMap((name) => session.appStateShelf.replace(name, EMPTY_COLLECTION, new Map()))
        return session.commit(forgotten).pipe(concatMap(() => syncAll(syncParts, names)))
      }),
    recover: (names) =>
      from(names).pipe(
        filter((name) => session.recoveries.mayAsk(name, session.nowMs())),
        // Nobody waits for the phone who only wants to read another change.
        concatMap((name) => askForRecovery(live, name).pipe(concatMap((answer) => (answer ? alone([name], () => takeRecovery(syncParts, name, answer)) : of(false))), map((isTaken) => (isTaken ? [name] : [])))),
        reduce((taken, one) => [...taken, ...one], [] as readonly CollectionName[]),
      ),
    write: (mutations) => from(mutations).pipe(concatMap(([collection, some]) => alone([collection], () => writeAll(syncParts, collection, some)))),
  }
}

/** What an entry teaches besides being one: who is who, and the salt of tokens (protocol document 08, section 10). */
const learnt = ({ session }: Live, { operation, index, value }: Mutation): readonly Write[] => {
  const name = actionOf(index[0] ?? '')?.name
  const salt = value?.nctSaltSyncAction?.salt
  switch (name) {
    case 'nct_salt_sync':
      return operation === 'remove' ? session.tokens.keepSalt(undefined) : salt && salt.length > 0 ? session.tokens.keepSalt(salt) : []
    case 'pnForLidChat':
      return session.directory.learn(parseJid(index[1] ?? ''), parseJid(value?.pnForLidChatAction?.pnJid ?? ''))
    case 'contact':
      return session.directory.learn(parseJid(value?.contactAction?.lidJid ?? ''), parseJid(value?.contactAction?.pnJid ?? index[1] ?? ''))
    default:
      return []
  }
}

/** Tells what became durable, entry by entry. */
const tell = ({ live, settings, hub }: AppStateParts, { collection, source, mutations }: Taken, fromFullSync: boolean): Observable<unknown> => {
  const { session } = live
  const origin = { collection, source, fromFullSync, isObserved: hub.isObserved, nowMs: session.nowMs, isOwn: (jid: Parameters<typeof isOwn>[1]) => isOwn(session.link(), jid) }
  let newName: string | undefined
  for (const mutation of mutations) {
    for (const event of mutationEvents(mutation, origin)) hub.emit(event)
    const name = mutation.operation === 'set' && mutation.index[0] === 'setting_pushName' ? mutation.value?.pushNameSetting?.name : undefined
    if (name) newName = name
  }
  return newName === undefined ? EMPTY : showNewName(live, settings, hub, newName, source !== 'local')
}
