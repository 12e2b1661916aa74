import { isCollectionName, type CollectionName } from '../app-state/collection.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { bytesOf, childOf, childrenOf, stanza, type Stanza } from '../stanza/stanza.ts'
import type { RequestDescription } from './request.ts'

/** One collection that is asked for, or changed. */
export interface CollectionQuery {
  readonly name: CollectionName
  /** What we have; 0 asks for a snapshot. */
  readonly version: number
  /** An encoded `SyncdPatch` on top of that. */
  readonly patch?: Uint8Array
}

/** What the server says of one collection. */
export interface CollectionAnswer {
  readonly name: CollectionName
  /** What is wrong with it: 409 a conflict, 400 and 404 for ever, others for now. */
  readonly errorCode?: number
  /** The newest version there is, when the server tells it. */
  readonly version?: number
  readonly hasMore: boolean
  /** An encoded `ExternalBlobReference`. */
  readonly snapshot?: Uint8Array
  /** Encoded `SyncdPatch`es. */
  readonly patches: readonly Uint8Array[]
}

/** Time for the answer (protocol document 08, section 7). */
const SYNC_LIMIT_MS = 30_000

/** Most patches of one collection in one answer. */
const MOST_PATCHES = 10_000

/** An error without a code that can be read is for now. */
const UNREADABLE_CODE = 500

/**
 * Asks for what is new in collections, and hands in patches (protocol document 08, sections 7 and 8). Answers
 * for collections that were not asked for, or come twice, are left out.
 */
export const syncCollections = (queries: readonly CollectionQuery[]): RequestDescription<readonly CollectionAnswer[]> => ({
  name: 'app_state.sync',
  type: 'set',
  xmlns: 'w:sync:app:state',
  timeoutMs: SYNC_LIMIT_MS,
  content: [stanza('sync', {}, queries.map(toStanza))],
  parse: (reply, faults) => {
    const sync = childOf(reply, 'sync')
    const answers = new Map<CollectionName, CollectionAnswer>()
    for (const collection of sync ? childrenOf(sync, 'collection') : []) {
      const answer = readAnswer(collection, faults)
      if (answer && !answers.has(answer.name) && queries.some(({ name }) => name === answer.name)) answers.set(answer.name, answer)
    }
    return [...answers.values()]
  },
})

const toStanza = ({ name, version, patch }: CollectionQuery): Stanza =>
  stanza('collection', { name, version: version === 0 && !patch ? undefined : version, return_snapshot: String(version === 0 && !patch) }, patch && [stanza('patch', {}, patch)])

const readAnswer = (collection: Stanza, faults: string[]): CollectionAnswer | undefined => {
  const read = attributesOf(collection)
  const name = read.text('name')
  const version = read.optionalInteger('version')
  const isError = read.optionalText('type') === 'error'
  const patches = childrenOf(collection, 'patches').flatMap((list) => childrenOf(list, 'patch'))
  if (patches.length > MOST_PATCHES) read.faults.push(`collection: more than ${MOST_PATCHES} patches`)
  faults.push(...read.faults)
  if (!isCollectionName(name)) return undefined
  const error = childOf(collection, 'error')
  const snapshot = bytesOf(childOf(collection, 'snapshot'))
  return {
    name,
    hasMore: read.optionalText('has_more_patches') === 'true',
    ...(isError && { errorCode: (error && attributesOf(error).optionalInteger('code')) ?? UNREADABLE_CODE }),
    ...(version !== undefined && { version }),
    ...(snapshot && { snapshot }),
    patches: patches.flatMap((patch) => bytesOf(patch) ?? []),
  }
}
