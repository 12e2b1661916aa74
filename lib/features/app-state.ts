import { OptionInvalid } from '../errors/option-invalid.ts'
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

/** The app state as it lies on the server, for what has no name of its own here. */
export interface AppStateDoor {
  /** Reads what is new, of these collections or of all; happens by itself whenever the server says so. */
  readonly sync: (names?: readonly CollectionName[]) => Operation<AppStateReport, AppStateReport>
  /**
   * Sets entries, or removes those without a value. Every published action may be written.
   *
   * @example
   * await client.appState.change([{ index: ['external_web_beta'], value: { externalWebBetaAction: { isOptIn: true } } }])
   */
  readonly change: (changes: readonly [EntryChange, ...EntryChange[]]) => Operation<void, void>
}

/** The door, over whatever connection there is when something is asked. */
export const createAppStateDoor = (change: ChangeAppState, sync: (names: readonly CollectionName[]) => Operation<AppStateReport, AppStateReport>): AppStateDoor => ({
  sync: (names = collectionNames) => {
    if (!names.every(isCollectionName)) throw new OptionInvalid('names', `some of ${collectionNames.join(', ')}`, 'something else')
    return sync(names)
  },
  change,
})
