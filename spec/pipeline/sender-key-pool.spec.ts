import { describe, expect, it } from '@jest/globals'
import { lastValueFrom } from 'rxjs'

import { createSenderKeyPool } from '../../lib/pipeline/sender-key-pool.ts'
import { learnSenderKey, type SenderKeyRecord } from '../../lib/signal/sender-key-record.ts'
import { toJid, type Jid } from '../../lib/stanza/jid.ts'
import { memoryStore } from '../../lib/store/memory/index.ts'
import type { OpenStore } from '../../lib/store/store.ts'

const GROUP = toJid('120363000000000001@g.us')
const recordOf = (keyId: number): SenderKeyRecord =>
  learnSenderKey([], { keyId, iteration: 0, chainKey: new Uint8Array(32).fill(1), signingKey: new Uint8Array(32).fill(2) })
const memberOf = (index: number): Jid => toJid(`${90_000_000 + index}@lid`)

const setUp = () => {
  const store = memoryStore().open() as OpenStore
  const pool = createSenderKeyPool(store, { put: () => undefined, count: () => 0 })
  const teach = async (...devices: readonly [Jid, ...Jid[]]): Promise<void> => {
    const loan = await lastValueFrom(pool.borrow(GROUP, devices))
    for (const [index, device] of devices.entries()) loan.put(device, recordOf(index + 1))
    void store.commit(loan.writes())
    loan.keep()
  }
  return { pool, teach }
}

describe('a pool of sender keys', () => {
  // What is remembered turns over while a sender is looked up who is known under two addresses.
  it('finds both addresses of a sender, however many were met since', async () => {
    const { pool, teach } = setUp()
    const both = [memberOf(0), toJid('15550100001@s.whatsapp.net')] as const
    await teach(...both)
    for (let index = 1; index <= 10_050; index += 1) {
      await teach(memberOf(index))
      if (index < 4_990 || (index > 5_010 && index < 9_990)) continue
      const loan = await lastValueFrom(pool.borrow(GROUP, both))
      expect(both.map((device) => loan.record(device)?.[0]?.keyId)).toEqual([1, 2])
      loan.release()
    }
  }, 60_000)

  it('finds them after exactly as many as it remembers', async () => {
    const { pool, teach } = setUp()
    const both = [memberOf(0), toJid('15550100001@s.whatsapp.net')] as const
    await teach(...both)
    for (let index = 1; index <= 9_998; index += 1) await teach(memberOf(index))
    const loan = await lastValueFrom(pool.borrow(GROUP, both))
    expect(both.map((device) => loan.record(device)?.[0]?.keyId)).toEqual([1, 2])
  }, 60_000)
})
