import { isCollectionName, type CollectionName } from '../app-state/collection.ts'
import { SimulatorFailed } from '../errors/simulator-failed.ts'
import { ProtoMalformed } from '../errors/proto-error.ts'
import { SyncdPatch } from '../proto/content.generated.ts'
import { SERVER } from '../stanza/jid.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { bytesOf, childOf, childrenOf, stanza, type Stanza } from '../stanza/stanza.ts'
import type { Account, Device } from './account.ts'
import { malformed, result, type Answer } from './answer.ts'
import { nextNotificationId } from './notification-ids.ts'
import { deliver, nowSeconds, type World } from './world.ts'

/** What goes wrong with the app state of an account. */
export interface AppStateSwitches {
  /** Answers for these collections with this code. */
  readonly refuse?: Readonly<Partial<Record<CollectionName, number>>>
  /** Leaves these out of its answers. */
  readonly omit?: readonly CollectionName[]
  /** Changes each patch it gives out, as one that is damaged. */
  readonly bend?: (patch: SyncdPatch, collection: CollectionName) => SyncdPatch
  /** Tells nobody about what is new. */
  readonly isSilent?: boolean
  /** Patches in one answer; default 50. */
  readonly pageSize?: number
  /** Somebody else is faster, this often: a change of theirs is made before each of these uploads. */
  readonly conflicts?: number
}

/** What the server has of the app state of one account: numbered patches it cannot read (protocol document 08, simulator side). */
export interface AppStateServer {
  readonly answer: (deviceId: number, iq: Stanza) => Answer
  /** Takes a patch on top of the newest; the others are told. Returns its number. */
  readonly append: (collection: CollectionName, patch: SyncdPatch, from: Device) => number
  readonly version: (collection: CollectionName) => number
  /** From now on whoever asks for the whole gets this, and only the patches after it. */
  readonly putSnapshot: (collection: CollectionName, version: number, reference: Uint8Array) => void
  readonly behave: (switches?: AppStateSwitches) => void
}

/** What a server of app state needs. */
export interface AppStateServerParts {
  readonly world: World
  readonly account: Account
  /** Told of every patch that was taken. */
  readonly taken: (collection: CollectionName, patch: SyncdPatch) => void
  /** Makes a change from somewhere else. */
  readonly interfere: (collection: CollectionName) => void
}

interface Stored {
  readonly patches: SyncdPatch[]
  snapshot?: { readonly version: number; readonly reference: Uint8Array }
}

const PAGE_SIZE = 50

/** Nothing stored yet. */
export const createAppStateServer = ({ world, account, taken, interfere }: AppStateServerParts): AppStateServer => {
  const collections = new Map<CollectionName, Stored>()
  let switches: AppStateSwitches = {}
  let conflicts = 0

  const storedOf = (name: CollectionName): Stored => {
    const known = collections.get(name)
    if (known) return known
    const fresh: Stored = { patches: [] }
    collections.set(name, fresh)
    return fresh
  }

  const append: AppStateServer['append'] = (name, patch, from) => {
    const { patches } = storedOf(name)
    const version = patches.length + 1
    const numbered = { ...patch, version: { version } }
    patches.push(numbered)
    taken(name, numbered)
    if (switches.isSilent) return version
    for (const device of account.devices.values())
      if (device !== from && device.id !== 0)
        deliver(
          device,
          stanza('notification', { from: SERVER, type: 'server_sync', id: nextNotificationId(world), t: nowSeconds(world) }, [stanza('collection', { name, version })]),
        )
    return version
  }

  /** Patches after a version, a page of them. */
  const pageAfter = (name: CollectionName, version: number) => {
    const { patches } = storedOf(name)
    const page = patches.slice(version, version + (switches.pageSize ?? PAGE_SIZE))
    const hasMore = version + page.length < patches.length
    const encoded = page.map((patch) => stanza('patch', {}, SyncdPatch.encode(switches.bend?.(patch, name) ?? patch)))
    return { hasMore, content: encoded.length === 0 ? undefined : stanza('patches', {}, encoded), version: version + page.length }
  }

  const refusal = (name: CollectionName, code: number, text: string, ...content: ReadonlyArray<Stanza | undefined>): Stanza =>
    stanza('collection', { name, type: 'error' }, [stanza('error', { code, text }), ...content])

  const upload = (name: CollectionName, base: number, bytes: Uint8Array, device: Device): Stanza => {
    if (conflicts > 0) {
      conflicts -= 1
      interfere(name)
    }
    const head = storedOf(name).patches.length
    if (base > head) return refusal(name, 400, 'bad-request')
    if (base < head) {
      const { hasMore, content } = pageAfter(name, base)
      const answer = refusal(name, 409, 'conflict', content)
      return { ...answer, attrs: { ...answer.attrs, ...(hasMore && { has_more_patches: 'true' }) } }
    }
    try {
      const version = append(name, SyncdPatch.decode(bytes), device)
      return stanza('collection', { name, type: 'result', version })
    } catch (error) {
      if (error instanceof ProtoMalformed) return refusal(name, 400, 'bad-request')
      throw error
    }
  }

  const fetch = (name: CollectionName, version: number, wantsSnapshot: boolean): Stanza => {
    const { snapshot } = storedOf(name)
    const isWhole = wantsSnapshot && snapshot !== undefined
    const { hasMore, content, version: upTo } = pageAfter(name, isWhole ? snapshot.version : version)
    return stanza('collection', { name, type: 'result', version: upTo, has_more_patches: hasMore ? 'true' : undefined }, [
      isWhole ? stanza('snapshot', {}, snapshot.reference) : undefined,
      content,
    ])
  }

  const answerOne = (collection: Stanza, device: Device): Stanza | undefined => {
    const read = attributesOf(collection)
    const name = read.text('name')
    if (!isCollectionName(name) || switches.omit?.includes(name)) return undefined
    const code = switches.refuse?.[name]
    if (code !== undefined) return refusal(name, code, 'refused')
    const version = read.optionalInteger('version') ?? 0
    const patch = bytesOf(childOf(collection, 'patch'))
    return patch ? upload(name, version, patch, device) : fetch(name, version, read.optionalText('return_snapshot') === 'true')
  }

  return {
    answer: (deviceId, iq) => {
      const sync = childOf(iq, 'sync')
      const device = account.devices.get(deviceId)
      return sync && device ? result(stanza('sync', {}, childrenOf(sync, 'collection').map((collection) => answerOne(collection, device)))) : malformed
    },
    append,
    version: (name) => storedOf(name).patches.length,
    putSnapshot: (name, version, reference) => {
      if (version > storedOf(name).patches.length) throw new SimulatorFailed('a snapshot cannot be ahead of its patches')
      storedOf(name).snapshot = { version, reference }
    },
    behave: (next = {}) => {
      switches = next
      conflicts = next.conflicts ?? 0
    },
  }
}
