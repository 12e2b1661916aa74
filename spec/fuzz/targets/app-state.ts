import { concat, utf8 } from '../../../lib/bytes/bytes.ts'
import { EMPTY_COLLECTION } from '../../../lib/app-state/collection.ts'
import { EMPTY_LT_HASH } from '../../../lib/app-state/lt-hash.ts'
import { patchMacOf, snapshotMacOf, VALUE_MAC_BYTES, valueMacOf } from '../../../lib/app-state/macs.ts'
import { writeRecord, type Mutation } from '../../../lib/app-state/mutation.ts'
import { decodePatch, indexMacsOfPatch, patchOf, readPatch } from '../../../lib/app-state/read-patch.ts'
import { decodeSnapshot, readSnapshot } from '../../../lib/app-state/read-snapshot.ts'
import { expandSyncKey, type SyncKey } from '../../../lib/app-state/sync-keys.ts'
import { AppStateRejected } from '../../../lib/errors/app-state-error.ts'
import { ProtoMalformed } from '../../../lib/errors/proto-error.ts'
import { aesCbcEncrypt, hmacSha256 } from '../../../lib/crypto/node.ts'
import { mutationEvents } from '../../../lib/pipeline/mutation-events.ts'
import { SyncActionData, SyncdPatch, SyncdSnapshot } from '../../../lib/proto/content.generated.ts'
import { accepted, requireThat, type Target } from '../target.ts'

const COLLECTION = 'regular_low'
const keyId = Uint8Array.of(0, 0, 0, 0, 0, 1)
const key: SyncKey = { keyId, ...expandSyncKey(new Uint8Array(32).fill(7)) }
const findKeys = (id: Uint8Array): SyncKey | undefined => (id.length === 6 ? key : undefined)
const iv = new Uint8Array(16).fill(3)

const mutations: readonly Mutation[] = [
  { operation: 'set', index: ['pin_v1', '90010002@lid'], version: 5, value: { timestamp: 1_700_000_000_000, pinAction: { pinned: true } } },
  { operation: 'remove', index: ['contact', '15550100002@s.whatsapp.net'], version: 2 },
  { operation: 'set', index: ['star', '120363000000000001@g.us', '3EB0AA', '0', '90010002@lid'], version: 2, value: { starAction: { starred: true } } },
]
const written = mutations.map((mutation) => writeRecord(mutation, key, iv))

/** A patch whose MAC holds whatever else is wrong with it: what lies behind the MAC is reached as well. */
const signed = (patch: SyncdPatch): SyncdPatch => {
  const snapshotMac = patch.snapshotMac ?? new Uint8Array(32)
  const valueMacs = (patch.mutations ?? []).map(({ record }) => record?.value?.blob?.subarray(-VALUE_MAC_BYTES) ?? new Uint8Array(0))
  return { ...patch, keyId: { id: keyId }, snapshotMac, patchMac: patchMacOf(key, { snapshotMac, valueMacs, version: 1, collection: COLLECTION }) }
}

const patchTarget: Target = {
  name: 'app-state-patch',
  seeds: () => [SyncdPatch.encode(signed({ version: { version: 1 }, mutations: written.map(({ operation, record }) => ({ operation: operation === 'set' ? 0 : 1, record })) }))],
  feed: (input) => {
    const fields = accepted([AppStateRejected], () => decodePatch(COLLECTION, input))
    if (!fields) return
    for (const each of [fields, signed({ ...fields, version: { version: 1 } })]) {
      const patch = accepted([AppStateRejected], () => patchOf(COLLECTION, each))
      const read = patch && accepted([AppStateRejected], () => readPatch(EMPTY_COLLECTION, patch, new Map(), findKeys))
      if (read) requireThat(read.mutations.length === indexMacsOfPatch(patch!).length && read.state.version === 1, 'a patch lost something')
    }
  },
}

const snapshotTarget: Target = {
  name: 'app-state-snapshot',
  seeds: () => [
    SyncdSnapshot.encode({ version: { version: 1 }, records: written.filter(({ operation }) => operation === 'set').map(({ record }) => record), mac: snapshotMacOf(key, EMPTY_LT_HASH, 1, COLLECTION), keyId: { id: keyId } }),
  ],
  feed: (input) => {
    const snapshot = accepted([AppStateRejected], () => decodeSnapshot(COLLECTION, input))
    if (snapshot) accepted([AppStateRejected], () => readSnapshot(COLLECTION, snapshot, findKeys, { trusts: true }))
  },
}

/** What is inside of a record, sealed so that its MACs hold. */
const entryTarget: Target = {
  name: 'app-state-entry',
  seeds: () => mutations.map(({ index, value, version }) => SyncActionData.encode({ index: utf8(JSON.stringify(index)), ...(value && { value }), version })),
  dictionary: ['["', '"]', '","', 'pin_v1', 'mute', 'star', 'contact', 'call_log', 'label_jid', '@lid', '@g.us', '0', '1', '[1,null,{}]'].map(utf8),
  feed: (input) => {
    const covered = concat(iv, aesCbcEncrypt(key.valueEncryptionKey, iv, input))
    const data = accepted([ProtoMalformed], () => SyncActionData.decode(input))
    const record = {
      index: { blob: hmacSha256(key.indexKey, data?.index ?? new Uint8Array(0)) },
      value: { blob: concat(covered, valueMacOf(key, 'set', keyId, covered)) },
      keyId: { id: keyId },
    }
    const read = accepted([AppStateRejected], () => readSnapshot(COLLECTION, { version: { version: 1 }, records: [record], keyId: { id: keyId } }, findKeys, { trusts: true }))
    for (const mutation of read?.mutations ?? []) {
      const events = mutationEvents(mutation, { collection: COLLECTION, source: 'patch', fromFullSync: false, isObserved: () => true, nowMs: () => 0, isOwn: () => false })
      requireThat(events[0]?.type === 'app_state' && events.length <= 2, 'an entry has its general event first')
      for (const event of events) requireThat(!('timestamp' in event) || !(event.timestamp instanceof Date) || !Number.isNaN(event.timestamp.getTime()), 'a time that is none')
    }
  },
}

/** Parsers of the app state. */
export const appStateTargets: readonly Target[] = [patchTarget, snapshotTarget, entryTarget]
