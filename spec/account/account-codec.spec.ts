import { describe, expect, it } from '@jest/globals'

import { newAccount, type Account } from '../../lib/account/account.ts'
import { decodeAccount, encodeAccount } from '../../lib/account/account-codec.ts'
import { utf8 } from '../../lib/bytes/bytes.ts'
import { toJid } from '../../lib/stanza/jid.ts'

const linked = (): Account => ({
  ...newAccount(),
  link: { id: toJid('1:2@s.whatsapp.net'), lid: toJid('9:2@lid'), signedIdentity: Uint8Array.of(1, 2), platform: 'android', isLidMigrated: true },
  pushName: 'Ana',
  routingInfo: Uint8Array.of(3),
})

const rotated = (): Account => {
  const account = linked()
  const { signedPrekey } = newAccount()
  return { ...account, signedPrekeyAtMs: 5, stagedSignedPrekey: { ...signedPrekey, id: 3 }, olderSignedPrekeys: [signedPrekey, account.signedPrekey] }
}

/** A stored account as a row of text. */
const rowOf = (account: Account): Record<string, unknown> => JSON.parse(new TextDecoder().decode(encodeAccount(account))) as Record<string, unknown>
const decodeRow = (row: Record<string, unknown>): Account => decodeAccount(utf8(JSON.stringify(row)))

describe('the account codec', () => {
  it('gives back what was stored', () => {
    for (const account of [newAccount(), linked(), { ...linked(), revokedReason: 401 }, rotated()]) {
      const decoded = decodeAccount(encodeAccount(account))
      expect(rowOf(decoded)).toEqual(rowOf(account))
      expect(decoded.revokedReason).toBe(account.revokedReason)
    }
  })

  it('reads rows of earlier versions, which know nothing of revocation and rotation', () => {
    const { revokedReason, ...older } = rowOf({ ...linked(), revokedReason: 403 })
    expect(revokedReason).toBe(403)
    expect(decodeRow(older)).not.toHaveProperty('revokedReason')
  })

  it.each([
    ['format', 'other'],
    ['identity', undefined],
    ['advSecret', 'AA=='],
    ['revokedReason', 'x'],
    ['olderSignedPrekeys', {}],
    ['stagedSignedPrekey', { id: 1 }],
    ['registrationId', 1.5],
  ])('refuses a row with a damaged %s', (field, value) => expect(() => decodeRow({ ...rowOf(linked()), [field]: value })).toThrow(expect.objectContaining({ code: 'credentials_corrupt' })))

  it.each([new Uint8Array(0), utf8('{'), Uint8Array.of(0xff, 0xfe), utf8('null')])('refuses %p', (bytes) =>
    expect(() => decodeAccount(bytes)).toThrow(expect.objectContaining({ code: 'credentials_corrupt' })))
})
