import { describe, expect, it } from '@jest/globals'

import type { AccountLink } from '../../lib/account/account.ts'
import { contactHash } from '../../lib/pipeline/contact-hashes.ts'
import { readDeviceNews } from '../../lib/pipeline/read-device-news.ts'
import { readIdentityNews } from '../../lib/pipeline/read-identity-news.ts'
import { toHex } from '../../lib/bytes/bytes.ts'
import { toJid, type Jid } from '../../lib/stanza/jid.ts'
import { stanzaOfNode, type VectorNode } from '../stanza/vector-node.ts'
import { vectorCases } from '../vectors.ts'

interface EventCase {
  readonly group: string
  readonly stanza: VectorNode
  readonly expected: Readonly<Record<string, unknown>> & { readonly kind: string }
}

const link: AccountLink = { id: toJid('15551234567:1@s.whatsapp.net'), lid: toJid('90010001:1@lid'), signedIdentity: new Uint8Array(0), platform: 'test', isLidMigrated: true }
const cases = (group: string) => vectorCases<EventCase>('events').filter((each) => each.group === group)

describe('devices on vectors', () => {
  it.each(cases('devices'))('$id', ({ stanza: node, expected }) => {
    const reading = readDeviceNews(stanzaOfNode(node), () => link)
    if (expected.kind === 'invalid') {
      expect(reading.kind).toBe('malformed')
      return
    }
    if (reading.kind !== 'news') throw new Error(reading.kind)
    const { event } = reading
    expect(event.devices.map(({ deviceId, keyIndex }) => ({ id: deviceId, ...(keyIndex !== undefined && { keyIndex }) }))).toEqual(expected['devices'])
    if (event.type === 'own_devices_updated') {
      expect(event.dhash).toBe(expected['hash'])
      return
    }
    expect(event.updateType).toBe(expected['action'])
    expect(String(event.user)).toBe(expected['user'])
    expect(event.lidUser?.toString()).toBe(expected['lid'])
    expect(event.contactHash).toBe(expected['hash'])
    if (expected['keyIndexTimestamp'] !== undefined) expect(event.keyIndex?.timestamp).toEqual(new Date(Number(expected['keyIndexTimestamp']) * 1000))
    if (expected['keyIndexList'] !== undefined) expect(toHex(event.keyIndex!.signedBytes!)).toBe(expected['keyIndexList'])
  })
})

describe('identities on vectors', () => {
  it.each(cases('identity').filter(({ expected }) => expected.kind === 'identity-changed'))('$id', ({ stanza: node, expected }) => {
    const reading = readIdentityNews(stanzaOfNode(node), () => link)
    expect(reading).toMatchObject({ kind: 'news', event: { type: 'identity_change', user: toJid(String(expected['jid'])) as Jid, implicit: false, offline: expected['offline'] === true } })
    if (expected['displayName'] !== undefined) expect(reading).toMatchObject({ event: { displayName: expected['displayName'] } })
  })
})

it.each([
  ['100000000000001', 's7oK'],
  ['100000000000002', 'P2DY'],
  ['100000000000003', '4ZhY'],
])('the hash of contact %s is %s', (user, hash) => expect(contactHash(user)).toBe(hash))
