import { gzipSync } from 'fflate'

import { randomBytes } from '#crypto'
import { actionOf } from '../app-state/actions.ts'
import { collectionNames, EMPTY_COLLECTION, isCollectionName, type CollectionName, type CollectionState } from '../app-state/collection.ts'
import { snapshotMacOf, VALUE_MAC_BYTES } from '../app-state/macs.ts'
import type { Mutation } from '../app-state/mutation.ts'
import { patchOf, readPatch } from '../app-state/read-patch.ts'
import { expandSyncKey, type SyncKey } from '../app-state/sync-keys.ts'
import { writePatch } from '../app-state/write-patch.ts'
import { bigEndian, concat, toHex, utf8 } from '../bytes/bytes.ts'
import { RxwaError } from '../errors/rxwa-error.ts'
import { SimulatorFailed } from '../errors/simulator-failed.ts'
import { ExternalBlobReference, SyncdMutations, SyncdPatch, SyncdSnapshot, SyncdSnapshotRecovery } from '../proto/content.generated.ts'
import { Message_PeerDataOperationRequestType as Operation, Message_ProtocolMessage_Type as ProtocolType } from '../proto/enums.generated.ts'
import type { Message, Message_AppStateSyncKeyRequest, Message_PeerDataOperationRequestMessage, SyncActionValue, SyncdPlainTextRecord, SyncdRecord } from '../proto/types.generated.ts'
import type { Account, Device } from './account.ts'
import { createAppStateServer, type AppStateServer, type AppStateSwitches } from './app-state-server.ts'
import type { World } from './world.ts'

/** The app state as the phone sees it, and how it is bent. */
export interface PhoneAppState {
  /** Sets one entry, as the user would on the phone. */
  readonly set: (index: readonly [string, ...string[]], value: SyncActionValue) => void
  readonly remove: (index: readonly [string, ...string[]]) => void
  /** Sets many entries of one collection in one patch; `external` puts them into a file. */
  readonly setMany: (entries: ReadonlyArray<readonly [readonly [string, ...string[]], SyncActionValue]>, options?: { readonly external?: boolean }) => void
  /** Every entry there is, by its index as JSON. */
  readonly truth: () => ReadonlyMap<string, SyncActionValue | undefined>
  /** Makes whoever asks for the whole of a collection get a snapshot. */
  readonly snapshot: (collection: CollectionName, bend?: (snapshot: SyncdSnapshot) => SyncdSnapshot) => void
  readonly version: (collection: CollectionName) => number
  /** Writes with a new key from now on; devices are told it with the next change. */
  readonly rotateKey: () => void
  /** Sends no keys, asked or unasked. */
  readonly withholdKeys: (areWithheld: boolean) => void
  /** Gives all keys to the linked devices. */
  readonly shareKeys: () => void
  readonly behave: (switches?: AppStateSwitches) => void
  /** How it answers devices that cannot read the server's copy; default: with what it holds, compressed. */
  readonly recovers: (how: 'compressed' | 'plain' | 'not' | ((recovery: SyncdSnapshotRecovery) => SyncdSnapshotRecovery)) => void
  /** Collections it was asked for. */
  readonly recoveries: () => readonly string[]
  /** What linked devices wrote that does not hold. */
  readonly faults: () => readonly RxwaError[]
}

/** What it is made of. */
export interface PhoneAppStateParts {
  readonly world: World
  readonly account: Account
  readonly self: () => Device
  /** Tells a linked device something as a peer message. */
  readonly tellDevice: (device: Device, message: Message) => void
}

interface Held {
  state: CollectionState
  readonly valueMacs: Map<string, Uint8Array>
  readonly entries: Map<string, { readonly value: SyncActionValue | undefined; readonly record: SyncdRecord }>
}

/** An empty app state with a key of its own. */
export const createPhoneAppState = ({ world, account, self, tellDevice }: PhoneAppStateParts) => {
  const keys = new Map<string, { readonly key: SyncKey; readonly keyData: Uint8Array }>()
  const held = new Map<CollectionName, Held>()
  const faults: RxwaError[] = []
  /** What lies in files, by path. */
  const files = new Map<string, Uint8Array>()
  let epoch = 0
  let current: SyncKey | undefined
  let areWithheld = false
  let recovering: Parameters<PhoneAppState['recovers']>[0] = 'compressed'
  const recoveries: string[] = []
  /** Devices that were given the present key. */
  let given = new Set<Device>()

  const rotateKey = (): SyncKey => {
    epoch += 1
    given = new Set()
    const [keyId, keyData] = [concat(bigEndian(0, 2), bigEndian(epoch, 4)), randomBytes(32)]
    current = { keyId, ...expandSyncKey(keyData) }
    keys.set(toHex(keyId), { key: current, keyData })
    return current
  }
  const keyNow = (): SyncKey => current ?? rotateKey()
  const heldOf = (collection: CollectionName): Held => {
    const known = held.get(collection)
    if (known) return known
    const fresh: Held = { state: EMPTY_COLLECTION, valueMacs: new Map(), entries: new Map() }
    held.set(collection, fresh)
    return fresh
  }

  /** What every patch comes to, whoever wrote it; one that does not hold is written down. */
  const taken = (collection: CollectionName, fields: SyncdPatch): void => {
    const kept = heldOf(collection)
    try {
      const file = fields.externalMutations?.directPath === undefined ? undefined : files.get(fields.externalMutations.directPath)
      const patch = patchOf(collection, fields, file)
      const { state, valueMacs, mutations } = readPatch(kept.state, patch, kept.valueMacs, (keyId) => keys.get(toHex(keyId))?.key)
      if (state.isHashDoubtful) faults.push(new SimulatorFailed(`patch ${patch.version} of ${collection} has the wrong hash`))
      kept.state = { ...state, isHashDoubtful: false }
      for (const [indexMac, valueMac] of valueMacs) {
        if (valueMac) kept.valueMacs.set(indexMac, valueMac)
        else kept.valueMacs.delete(indexMac)
      }
      for (const [place, { operation, index, value }] of mutations.entries()) {
        if (operation === 'set') kept.entries.set(JSON.stringify(index), { value, record: patch.mutations[place]!.record! })
        else kept.entries.delete(JSON.stringify(index))
      }
    } catch (error) {
      if (!(error instanceof RxwaError)) throw error
      faults.push(error)
    }
  }
  const server: AppStateServer = createAppStateServer({
    world,
    account,
    taken,
    interfere: (collection) => write(collection, [{ operation: 'set', index: [COLLISION[collection], `${server.version(collection)}`], version: 1, value: {} }]),
  })

  const write = (collection: CollectionName, mutations: readonly Mutation[], external = false): void => {
    const kept = heldOf(collection)
    const written = SyncdPatch.decode(writePatch(collection, kept.state, mutations, kept.valueMacs, keyNow()).bytes)
    shareKeys()
    if (!external) {
      server.append(collection, written, self())
      return
    }
    const plain = SyncdMutations.encode({ mutations: written.mutations ?? [] })
    const { directPath, mediaKey, fileSha256, fileEncSha256 } = world.media.put('app-state', plain)
    files.set(directPath, plain)
    const { mutations: _, ...rest } = written
    server.append(collection, { ...rest, externalMutations: { directPath, mediaKey, fileSha256, fileEncSha256 } }, self())
  }

  const shareWith = (device: Device, keyIds: readonly Uint8Array[]): void => {
    const share = keyIds.map((keyId) => {
      const known = keys.get(toHex(keyId))
      return { keyId: { keyId }, ...(known && { keyData: { keyData: known.keyData, fingerprint: { rawId: 1, currentIndex: 1, deviceIndexes: [0] }, timestamp: world.scheduler.now() } }) }
    })
    tellDevice(device, { protocolMessage: { type: ProtocolType.APP_STATE_SYNC_KEY_SHARE, appStateSyncKeyShare: { keys: share } } })
  }
  const shareKeys = (): void => {
    if (areWithheld || keys.size === 0) return
    for (const device of account.devices.values()) {
      if (device.id === 0 || given.has(device) || !device.keys.hasUploaded || device.isSilent) continue
      given.add(device)
      shareWith(device, [...keys.values()].map(({ key }) => key.keyId))
    }
  }

  const placeOf = (index: readonly [string, ...string[]]) => {
    const action = actionOf(index[0])
    if (!action) throw new SimulatorFailed(`there is no action ${index[0]}`)
    return action
  }

  const phone: PhoneAppState = {
    set: (index, value) => write(placeOf(index).collection, [{ operation: 'set', index, version: placeOf(index).version, value: { timestamp: world.scheduler.now(), ...value } }]),
    remove: (index) => write(placeOf(index).collection, [{ operation: 'remove', index, version: placeOf(index).version }]),
    setMany: (entries, { external = false } = {}) => {
      const [first] = entries
      if (!first) return
      write(
        placeOf(first[0]).collection,
        entries.map(([index, value]) => ({ operation: 'set', index, version: placeOf(index).version, value: { timestamp: world.scheduler.now(), ...value } })),
        external,
      )
    },
    truth: () => new Map(collectionNames.flatMap((collection) => [...heldOf(collection).entries].map(([index, { value }]) => [index, value] as const))),
    snapshot: (collection, bend = (snapshot) => snapshot) => {
      const { state, entries } = heldOf(collection)
      const key = keyNow()
      const snapshot = bend({
        version: { version: state.version },
        records: [...entries.values()].map(({ record }) => record),
        mac: snapshotMacOf(key, state.ltHash, state.version, collection),
        keyId: { id: key.keyId },
      })
      const { directPath, mediaKey, fileSha256, fileEncSha256 } = world.media.put('app-state', SyncdSnapshot.encode(snapshot))
      server.putSnapshot(collection, state.version, ExternalBlobReference.encode({ directPath, mediaKey, fileSha256, fileEncSha256 }))
    },
    version: server.version,
    rotateKey: () => void rotateKey(),
    withholdKeys: (are) => (areWithheld = are),
    shareKeys: () => {
      given = new Set()
      shareKeys()
    },
    behave: server.behave,
    recovers: (how) => (recovering = how),
    recoveries: () => recoveries,
    faults: () => faults,
  }

  return {
    phone,
    server,
    /** A device was linked and can be written to. */
    deviceReady: shareKeys,
    /** Gives a device what it cannot read from the server (protocol document 08, section 11.3). */
    answerRecovery: (device: Device, stanzaId: string, { peerDataOperationRequestType, syncdCollectionFatalRecoveryRequest: request }: Message_PeerDataOperationRequestMessage): void => {
      const name = request?.collectionName ?? ''
      if (peerDataOperationRequestType !== Operation.COMPANION_SYNCD_SNAPSHOT_FATAL_RECOVERY || !isCollectionName(name)) return
      recoveries.push(name)
      if (recovering === 'not') return
      const { state, entries } = heldOf(name)
      const whole: SyncdSnapshotRecovery = {
        version: { version: state.version },
        collectionName: name,
        mutationRecords: [...entries].map(([index, { value, record }]) => plainRecord(index, value, record)),
        collectionLthash: state.ltHash,
      }
      const bytes = SyncdSnapshotRecovery.encode(typeof recovering === 'function' ? recovering(whole) : whole)
      const isCompressed = recovering !== 'plain'
      tellDevice(device, {
        protocolMessage: {
          type: ProtocolType.PEER_DATA_OPERATION_REQUEST_RESPONSE_MESSAGE,
          peerDataOperationRequestResponseMessage: {
            peerDataOperationRequestType: Operation.COMPANION_SYNCD_SNAPSHOT_FATAL_RECOVERY,
            stanzaId,
            peerDataOperationResult: [{ syncdSnapshotFatalRecoveryResponse: { collectionSnapshot: isCompressed ? gzipSync(bytes) : bytes, isCompressed } }],
          },
        },
      })
    },
    answerKeyRequest: (device: Device, { keyIds = [] }: Message_AppStateSyncKeyRequest): void => {
      if (!areWithheld) shareWith(device, keyIds.flatMap(({ keyId }) => keyId ?? []))
    },
  }
}

/** The version of an action is not kept beside its entry: that which is published. */
const plainRecord = (index: string, value: SyncActionValue | undefined, { keyId, value: sealed }: SyncdRecord): SyncdPlainTextRecord => ({
  value: { index: utf8(index), ...(value && { value }), padding: new Uint8Array(0), version: actionOf((JSON.parse(index) as readonly string[])[0] ?? '')?.version ?? 0 },
  ...(keyId?.id && { keyId: keyId.id }),
  mac: (sealed?.blob ?? new Uint8Array(0)).subarray(-VALUE_MAC_BYTES),
})

/** An action nobody else writes, for changes that only get in the way. */
const COLLISION: Readonly<Record<CollectionName, string>> = {
  critical_block: 'generated_wui',
  critical_unblock_low: 'lid_contact',
  regular: 'broadcast',
  regular_high: 'ugc_bot',
  regular_low: 'device_capabilities',
}
