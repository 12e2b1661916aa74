import type { Observable } from 'rxjs'

import type { KeyPair } from '#crypto'
import type { Account } from '../account/account.ts'
import { keyPairOf } from '../crypto/key-pair.ts'
import { concat } from '../bytes/bytes.ts'
import { atOnce, mapped } from '../reactive/at-once.ts'
import { answerOf } from '../store/from-awaitable.ts'
import type { OpenStore, Write } from '../store/store.ts'
import type { Prekey } from '../signal/prekeys.ts'
import type { PrekeyLookup } from '../signal/x3dh.ts'

/** Reads the prekeys a first message names; the lookup answers for exactly these. */
export const findPrekeys = (
  store: OpenStore,
  account: Pick<Account, 'signedPrekey' | 'stagedSignedPrekey' | 'olderSignedPrekeys'>,
  oneTimeId: number | undefined,
): Observable<PrekeyLookup> => {
  const oneTime$: Observable<KeyPair | undefined> =
    oneTimeId === undefined ? atOnce(undefined) : mapped(answerOf(store.read('prekeys', prekeyKey(oneTimeId))), (row) => row && decodePrekey(row))
  return mapped(oneTime$, (oneTime) => ({
    oneTime: (id: number) => (id === oneTimeId ? oneTime : undefined),
    // A staged one may have reached the server although nobody told us; older ones are in first messages under way.
    signed: (id: number) =>
      [account.signedPrekey, account.stagedSignedPrekey, ...(account.olderSignedPrekeys ?? [])].find((prekey) => prekey?.id === id)?.pair,
  }))
}

/** The row of a one-time prekey: private key, public key. */
export const prekeyWrite = ({ id, pair }: Prekey): Write => ({
  table: 'prekeys',
  key: prekeyKey(id),
  value: concat(pair.privateKey, pair.publicKey),
})

/** The deletion of a used one-time prekey. */
export const usedPrekeyWrite = (id: number): Write => ({ table: 'prekeys', key: prekeyKey(id), value: undefined })

/** Reads the stored prekeys of a window of ids; rows that are gone are skipped. */
export const readPrekeys = (store: OpenStore, ids: readonly number[]): Observable<readonly Prekey[]> =>
  mapped(answerOf(store.readMany('prekeys', ids.map(prekeyKey))), (rows) =>
    ids.flatMap((id, index) => {
      const pair = rows[index] && decodePrekey(rows[index])
      return pair ? [{ id, pair }] : []
    }),
  )

/** Fixed width, so that keys sort like numbers. */
const prekeyKey = (id: number): string => id.toString(16).padStart(6, '0')

/** A damaged row counts as a used key: the peer is told to take another. */
const decodePrekey = (row: Uint8Array): KeyPair | undefined =>
  row.length === 64 ? keyPairOf(row.slice(32), row.slice(0, 32)) : undefined
