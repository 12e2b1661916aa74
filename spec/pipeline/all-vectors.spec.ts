import { describe, expect, it } from '@jest/globals'

import type { WaEvent } from '../../lib/events/wa-event.ts'
import { toHex } from '../../lib/bytes/bytes.ts'
import { attributesOf } from '../../lib/stanza/read-attributes.ts'
import { Jid } from '../../lib/stanza/jid.ts'
import { stanzaOfNode, type VectorNode } from '../stanza/vector-node.ts'
import { vectorCases } from '../vectors.ts'
import { createLidDirectory } from '../../lib/pipeline/lid-directory.ts'
import { parsedOf } from './parts.ts'

type Fields = Readonly<Record<string, unknown>>
interface EventCase {
  readonly id: string
  readonly stanza: VectorNode
  readonly expected: Fields & { readonly kind: string }
}

/** Kinds that have a course of their own, and where they are proven. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  devices: 'lists of devices have a course of their own',
  'own-devices': 'lists of devices have a course of their own',
  'identity-changed': 'identities have a course of their own',
  'prekey-digest-requested': 'no event; the login asks for the digest',
  receipt: 'spec/pipeline/events-on-vectors.spec.ts',
  'login-failed': 'spec/pipeline/events-on-vectors.spec.ts',
  'stream-error': 'spec/pipeline/events-on-vectors.spec.ts',
  'offline-preview': 'spec/pipeline/events-on-vectors.spec.ts',
  dirty: 'spec/pipeline/events-on-vectors.spec.ts',
  'phone-without-multidevice': 'spec/pipeline/events-on-vectors.spec.ts',
  'stream-end': 'the connection itself: spec/connection',
  'logged-in': 'the connection itself: spec/client/connection.spec.ts',
}

/** Plain data in place of addresses, instants and bytes; stanzas are left out. */
const plain = (value: unknown): unknown => {
  if (value instanceof Jid) return value.toString()
  if (value instanceof Date) return value.getTime() / 1000
  if (value instanceof Uint8Array) return toHex(value)
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== 'raw' && name !== 'node').map(([name, item]) => [name, plain(item)]))
}

/** The word of our action for one of the vectors. */
const ACTION_WORDS: Readonly<Record<string, string>> = {
  suspended: 'suspended',
  'safety-check': 'group_safety_check',
  'membership-approval': 'membership_approval_mode',
  'join-request': 'membership_approval_request',
  'join-requests-created': 'created_membership_requests',
  'join-requests-revoked': 'revoked_membership_requests',
  deleted: 'delete',
  'limit-sharing': 'limit_sharing_enabled',
}
const SWITCHES: Readonly<Record<string, readonly [string, string]>> = {
  announce: ['announcement', 'not_announcement'],
  locked: ['locked', 'unlocked'],
  suspended: ['suspended', 'unsuspended'],
  'admin-reports-allowed': ['allow_admin_reports', 'not_allow_admin_reports'],
  'non-admin-subgroup-creation': ['allow_non_admin_sub_group_creation', 'not_allow_non_admin_sub_group_creation'],
}

/** One action of a vector in our words (mapping of the vectors' description). */
const actionOf = ({ action, enabled, owner, time, text, users, method, parentGroup, type, reason, threshold, subgroupSuggestions, requester: _, ...rest }: Fields): unknown => {
  const word = String(action)
  const roles = (participants: unknown): unknown => (participants as readonly Fields[]).map(({ role, ...person }) => ({ ...person, ...(role !== undefined && { role: String(role).startsWith('unknown') ? 'participant' : role }) }))
  const ours = SWITCHES[word]?.[enabled === true ? 0 : 1] ?? ACTION_WORDS[word] ?? word.replaceAll('-', '_')
  if (word === 'create') return { type: 'create', metadata: { ...rest, ...(rest['creation'] !== undefined && { creationTime: rest['creation'] }), creation: undefined, participants: roles(rest['participants']) } }
  return {
    type: ours,
    ...rest,
    ...(rest['participants'] !== undefined && { participants: roles(rest['participants']) }),
    ...(word === 'membership-approval' && { enabled }),
    ...(owner !== undefined && { subjectOwner: owner }),
    ...(time !== undefined && { subjectTime: time }),
    ...(text !== undefined && { description: text }),
    ...(threshold !== undefined && { threshold }),
    ...(word === 'join-requests-created' && { requests: users }),
    ...(word === 'join-requests-revoked' && { participants: (users as readonly Fields[]).map(({ jid }) => jid) }),
    ...(method !== undefined && { requestMethod: method }),
    ...(parentGroup !== undefined && { parentGroupJid: parentGroup }),
    ...(type !== undefined && { [word === 'growth-locked' ? 'lockType' : 'unlinkType']: type }),
    ...(reason !== undefined && { [word === 'unlink' ? 'unlinkReason' : 'reason']: reason }),
    ...(subgroupSuggestions !== undefined && { subGroupSuggestions: subgroupSuggestions }),
  }
}

const withoutAbsent = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutAbsent)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined && item !== null).map(([name, item]) => [name, withoutAbsent(item)]))
}

/** What each kind of vector is in our events. */
const EXPECTED: Readonly<Record<string, (expected: Fields) => readonly unknown[]>> = {
  'group-update': ({ group, actor, actorPhoneNumber, actorUsername, actorCountryCode, actorName, timestamp, actions }) => [
    ...(actions as readonly Fields[]).map((action, actionIndex) => ({
      type: 'group_update',
      groupJid: group,
      participant: actor,
      participantPn: actorPhoneNumber,
      participantUsername: actorUsername,
      participantCountryCode: actorCountryCode,
      notify: actorName,
      timestamp,
      actionIndex,
      action: actionOf(action),
    })),
    { type: 'notification' },
  ],
  'contact-number-changed': ({ oldJid, newJid, oldLid, newLid, timestamp }) => [{ type: 'contact_number_changed', oldJid, newJid, oldLid, newLid, timestamp }],
  'contact-sync-requested': ({ after, timestamp }) => [{ type: 'contact_sync_requested', after, timestamp }],
  'disappearing-mode': ({ jid, duration, timestamp }) => [{ type: 'disappearing_mode_changed', from: jid, duration, settingTimestamp: timestamp }],
  picture: (expected) => [{ ...expected, type: 'picture_update', kind: undefined }],
  'newsletter-live-update': ({ newsletter, messages }) => [
    {
      type: 'newsletter_live_update',
      newsletterJid: newsletter,
      messages: (messages as readonly Fields[]).map(({ reactions, ...message }) => ({ ...message, reactions: (reactions as [string, number][]).map(([code, count]) => ({ code, count })) })),
    },
    { type: 'newsletter_message_update', kind: 'reaction' },
    { type: 'notification' },
  ],
  mex: ({ operation, data, errors }) => [{ type: 'mex_notification', opName: operation, payload: { data, errors } }],
  call: ({ from, timestamp, callId, creator, action, video, callerPhoneNumber, countryCode, platform, version, joinable, audio, media, type, group, silenced }) => [
    {
      type: 'incoming_call',
      from,
      timestamp,
      platform,
      version,
      action: {
        callId,
        callCreator: creator,
        type: String(action).replaceAll('-', '_'),
        isVideo: video ?? (media === undefined ? undefined : media === 'video'),
        isGroup: type === undefined ? undefined : type === 'group',
        groupJid: group,
        callerPn: callerPhoneNumber,
        callerCountryCode: countryCode,
        joinable,
        audio: (audio as [string, number][] | undefined)?.map(([enc, rate]) => ({ enc, rate })),
        silenceReason: silenced,
      },
    },
  ],
  presence: ({ jid, available, lastSeen }) => [
    {
      type: 'presence',
      from: jid,
      unavailable: available === false,
      ...(typeof lastSeen === 'number' ? { lastSeen, lastSeenKind: 'timestamp' } : lastSeen !== undefined && { lastSeenKind: lastSeen }),
    },
  ],
  chatstate: ({ chat, sender, state }) => [{ type: 'chat_presence', source: { chat, sender, isGroup: true }, state, media: 'text' }],
  'privacy-token': () => [],
  'registration-code': ({ code, expires, fromDevice }) => [{ type: 'registration_code', code, expiresAt: expires, fromDeviceId: fromDevice }],
  blocklist: ({ action, hash, previousHash, changes }) => [
    { type: 'blocklist_changed', action, dhash: hash, prevDhash: previousHash, changes: (changes as [string, string][]).map(([jid, change]) => ({ jid, action: change })) },
  ],
  'business-removed': ({ jid }) => [{ type: 'business_status_update', updateType: 'removed_as_business', targetJid: jid }],
  'media-retry': ({ id, chat, fromMe, error }) => [{ type: 'media_retry', messageId: id, chat, fromMe, errorCode: error }],
  ignored: () => [],
  'no-event': () => [],
  invalid: () => [],
}

const cases = vectorCases<EventCase>('events')

describe('every stanza of the vectors', () => {
  it('is known here or proven elsewhere', () => {
    expect(cases.filter(({ expected: { kind } }) => !EXPECTED[kind] && !ELSEWHERE[kind]).map(({ id }) => id)).toEqual([])
    expect(cases.length).toBe(102)
  })

  it.each(cases.filter(({ expected: { kind } }) => EXPECTED[kind]))('$id tells what it says', ({ stanza: node, expected }) => {
    const { events } = parsedOf(stanzaOfNode(node))
    const words = EXPECTED[expected.kind]!(expected).map(withoutAbsent)
    // What cannot be read is told as such; that is not what the vectors mean by an event.
    const told = events.filter(({ type }) => type !== 'malformed_stanza' || words.length > 0).map((event: WaEvent) => plain(event))
    // Mute changes have an event of their own beside the push.
    const known = told.filter((event) => (event as Fields)['type'] !== 'newsletter_mute_change')
    expect(known).toMatchObject(words)
    expect(known.length).toBe(words.length)
    if (expected['offline'] === true) expect(events[0]).toHaveProperty('offline')
  })

  it.each(cases)('$id is acknowledged if its kind is', ({ stanza: node }) => {
    const stanza = stanzaOfNode(node)
    const { answers, first = [] } = parsedOf(stanza)
    const isAcknowledged = ['notification', 'receipt', 'call'].includes(stanza.tag) && stanza.attrs['id'] !== undefined && stanza.attrs['from'] !== undefined
    expect(answers.map(({ tag }) => tag)).toEqual(isAcknowledged ? ['ack'] : [])
    if (!isAcknowledged) return
    const read = attributesOf(answers[0]!)
    expect(read.text('class')).toBe(stanza.tag)
    expect(read.text('id')).toBe(stanza.attrs['id'])
    expect(read.text('to')).toBe(stanza.attrs['from'])
    expect(first.map(({ tag }) => tag)).toEqual(stanza.tag === 'call' && node.content?.children?.[0]?.tag === 'offer' ? ['receipt'] : [])
  })

  it.each(cases.filter(({ expected }) => expected['learn'] !== undefined))('$id teaches the addresses it may', ({ stanza: node, expected }) => {
    const directory = createLidDirectory()
    const { writes } = parsedOf(stanzaOfNode(node), { learn: directory.learn, isObserved: () => false })
    const pairs = expected['learn'] as readonly (readonly [string, string])[]
    expect(writes.length).toBe(pairs.length)
    for (const [lid, phoneNumber] of pairs) expect(directory.lidOf(new Jid(phoneNumber.split('@')[0]!, 's.whatsapp.net'))?.toString()).toBe(lid)
  })
})
