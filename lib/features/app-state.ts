import { OptionInvalid, requireObject } from '../errors/option-invalid.ts'
import { collectionNames, isCollectionName, type CollectionName } from '../app-state/collection.ts'
import type { Operation } from '../operation/operation.ts'
import type { ChangeAppState, EntryChange } from './app-state-change.ts'

/** What became of each collection that was to be read. */
export interface AppStateReport {
  readonly synced: readonly CollectionName[]
  /** The server will never give them. */
  readonly fatal: readonly CollectionName[]
  /** Not now: keys are missing, the server is busy, or what it gave was refused. */
  readonly retryable: readonly CollectionName[]
}

/** How a sync is done. */
export interface SyncOptions {
  /** As if nothing was ever read: every entry is told again, with `fromFullSync`. Default false. */
  readonly fromScratch?: boolean
}

/** What the door needs. */
export interface AppStateDoorParts {
  readonly change: ChangeAppState
  readonly sync: (names: readonly CollectionName[], fromScratch: boolean) => Operation<AppStateReport, AppStateReport>
  readonly versions: AppStateDoor['versions']
}

/** The app state as it lies on the server, for what has no name of its own here. */
export interface AppStateDoor {
  /** Reads what is new, of these collections or of all; happens by itself whenever the server says so. @throws OptionInvalid */
  readonly sync: (names?: readonly CollectionName[], options?: SyncOptions) => Operation<AppStateReport, AppStateReport>
  /** How far each collection was read: the `version` of its last `app_state_sync_complete`, 0 for one that never was. */
  readonly versions: () => Operation<ReadonlyMap<CollectionName, number>, ReadonlyMap<CollectionName, number>>
  /**
   * Sets entries, or removes those without a value. Every published action may be written.
   *
   * @example
   * await client.appState.change([{ index: ['external_web_beta'], value: { externalWebBetaAction: { isOptIn: true } } }])
   */
  readonly change: (changes: readonly [EntryChange, ...EntryChange[]]) => Operation<void, void>
}

/** The door, over whatever connection there is when something is asked. */
export const createAppStateDoor = ({ change, sync, versions }: AppStateDoorParts): AppStateDoor => ({
  sync: (names = collectionNames, options = {}) => {
    requireObject('options', options, 'an object')
    const { fromScratch = false } = options
    if (!Array.isArray(names) || !names.every(isCollectionName)) throw new OptionInvalid('names', `some of ${collectionNames.join(', ')}`, 'something else')
    if (typeof fromScratch !== 'boolean') throw new OptionInvalid('fromScratch', 'true or false', typeof fromScratch)
    return sync(names, fromScratch)
  },
  versions,
  change,
})
