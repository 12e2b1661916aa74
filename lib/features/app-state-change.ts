import { actionOf, type ActionName } from '../app-state/actions.ts'
import type { CollectionName } from '../app-state/collection.ts'
import type { Mutation } from '../app-state/mutation.ts'
import { OptionInvalid, requireObject } from '../errors/option-invalid.ts'
import type { Operation } from '../operation/operation.ts'
import type { SyncActionValue } from '../proto/types.generated.ts'

/** One entry of the app state that is to be set, or removed when it has no value. */
export interface EntryChange {
  /** The name of the action, then what it is about. */
  readonly index: readonly [ActionName | 'label_message', ...string[]]
  readonly value?: SyncActionValue
}

/** Changes entries; done when the server took them. Errors with `AppStateNotWritten`, among others. */
export type ChangeAppState = (changes: readonly EntryChange[]) => Operation<void, void>

/** The longest part of an index (the documents give none). */
const LONGEST_PART = 1_024

/**
 * What changes are to the collections they belong to.
 *
 * @throws OptionInvalid for an action nobody has published, or an index that cannot be
 */
export const mutationsOf = (changes: readonly EntryChange[], nowMs: number): ReadonlyMap<CollectionName, readonly Mutation[]> => {
  const mutations = new Map<CollectionName, Mutation[]>()
  if (!Array.isArray(changes)) throw new OptionInvalid('changes', 'a list of entries', typeof changes)
  for (const change of changes as readonly EntryChange[]) {
    requireObject('changes', change, 'a list of entries, each an object with an index')
    const { index, value } = change
    const action = Array.isArray(index) ? actionOf((index as readonly string[])[0]!) : undefined
    if (!action) throw new OptionInvalid('index', 'a list of texts, the name of a published action first', typeof index)
    if (!index.every((part) => typeof part === 'string' && part.length <= LONGEST_PART)) throw new OptionInvalid('index', `texts of at most ${LONGEST_PART} characters`, 'something else')
    const mutation: Mutation = value
      ? { operation: 'set', index, version: action.version, value: { timestamp: nowMs, ...value } }
      : { operation: 'remove', index, version: action.version }
    mutations.set(action.collection, [...(mutations.get(action.collection) ?? []), mutation])
  }
  return mutations
}

/** How a flag is written in an index. */
export const flag = (is: boolean): string => (is ? '1' : '0')
