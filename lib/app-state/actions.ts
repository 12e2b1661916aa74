import { actions } from './actions.generated.ts'
import type { CollectionName } from './collection.ts'

/** The name of a published action. */
export type ActionName = keyof typeof actions

/** Where an action lives and how it is written. */
export interface Action {
  readonly name: string
  readonly collection: CollectionName
  /** The version mutations of it carry. */
  readonly version: number
  /** Its field in `SyncActionValue`; absent when it has none. */
  readonly field: string | undefined
}

/** One the published actions lack, but other clients write (protocol document 08, section 9). */
const UNPUBLISHED: ReadonlyMap<string, Omit<Action, 'name'>> = new Map([['label_message', { collection: 'regular', version: 3, field: 'labelAssociationAction' }]])

/** Older names of actions, still received. */
const OLDER_NAMES: ReadonlyMap<string, ActionName> = new Map([['pin', 'pin_v1'], ['mark_chat_as_read', 'markChatAsRead']])

/** The action of a name; undefined when nobody has published it. */
export const actionOf = (name: string): Action | undefined => {
  const present = OLDER_NAMES.get(name) ?? name
  const found = Object.hasOwn(actions, present) ? actions[present as ActionName] : UNPUBLISHED.get(present)
  return found && { name: present, collection: found.collection, version: found.version, field: found.field }
}
