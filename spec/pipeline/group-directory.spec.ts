import { describe, expect, it } from '@jest/globals'
import { firstValueFrom } from 'rxjs'

import { createGroupDirectory } from '../../lib/pipeline/group-directory.ts'
import { createLidDirectory } from '../../lib/pipeline/lid-directory.ts'
import { queryGroup, readGroupMembers } from '../../lib/requests/group-requests.ts'
import { toJid } from '../../lib/stanza/jid.ts'
import { stanza, type Stanza } from '../../lib/stanza/stanza.ts'
import { memoryStore } from '../../lib/store/memory/memory-store.ts'
import type { OpenStore } from '../../lib/store/store.ts'

const GROUP = toJid('120363000000000001@g.us')
const participant = (jid: string, more: Readonly<Record<string, string>> = {}): Stanza => stanza('participant', { jid, ...more })
const described = (mode: string | undefined, ...people: readonly Stanza[]): Stanza => stanza('group', { id: '120363000000000001', addressing_mode: mode }, people)
const news = (children: readonly Stanza[], more: Readonly<Record<string, string>> = {}): Stanza =>
  stanza('notification', { type: 'w:gp2', id: 'N', from: GROUP, t: '1', ...more }, children)

const setUp = () => {
  const opened = memoryStore().open() as OpenStore
  const quarantined: string[] = []
  const quarantine = { put: (table: string, key: string) => void quarantined.push(`${table}/${key}`), count: () => 0 }
  const lids = createLidDirectory()
  const open = () => createGroupDirectory({ store: opened, quarantine, directory: lids })
  const groups = open()
  const follow = async (notification: Stanza, target = groups): Promise<void> => void opened.commit(await firstValueFrom(target.follow(notification)))
  const membersOf = async (target = groups) => (await firstValueFrom(target.known(GROUP)))?.members.map(String)
  const faults: string[] = []
  const answer = queryGroup(GROUP).parse(
    stanza('iq', {}, [described('lid', participant('1@lid', { phone_number: '151@s.whatsapp.net' }), participant('2@lid', { type: 'admin' }))]),
    faults,
  )
  if (answer?.kind !== 'members') throw new Error(faults.join())
  return { opened, quarantined, lids, open, groups, follow, membersOf, answer }
}

describe('a group directory', () => {
  it('knows what it was told, also after a restart, and who is who', async () => {
    const { opened, groups, answer, open, membersOf, lids } = setUp()
    expect(await membersOf()).toBeUndefined()
    void opened.commit(groups.learn(answer))
    expect(await membersOf()).toEqual(['1@lid', '2@lid'])
    expect(await firstValueFrom(open().known(GROUP))).toEqual({ addressingMode: 'lid', members: [toJid('1@lid'), toJid('2@lid')] })
    expect(String(lids.phoneNumberOf(toJid('1@lid')))).toBe('151@s.whatsapp.net')
  })

  it('follows people who come and go, loaded or not, and keeps that', async () => {
    const { opened, groups, answer, follow, open, membersOf, lids } = setUp()
    void opened.commit(groups.learn(answer))
    await follow(news([stanza('add', {}, [participant('3@lid', { phone_number: '153@s.whatsapp.net' }), participant('2@lid')])]))
    expect(await membersOf()).toEqual(['1@lid', '3@lid', '2@lid'])
    expect(String(lids.lidOf(toJid('153@s.whatsapp.net')))).toBe('3@lid')
    const restarted = open()
    await follow(news([stanza('remove', {}, [participant('3@lid')]), stanza('subject', { subject: 'x' })]), restarted)
    expect(await membersOf(restarted)).toEqual(['1@lid', '2@lid'])
    // Named by their other address.
    await follow(news([stanza('remove', {}, [participant('151@s.whatsapp.net', { lid: '1@lid' })])]), restarted)
    expect(await membersOf(open())).toEqual(['2@lid'])
  })

  it('is the same object until something changes', async () => {
    const { opened, groups, answer, follow } = setUp()
    void opened.commit(groups.learn(answer))
    const before = groups.present(GROUP)
    await follow(news([stanza('promote', {}, [participant('1@lid')]), stanza('announcement')]))
    expect(groups.present(GROUP)).toBe(before)
    await follow(news([stanza('remove', {}, [participant('1@lid')])]))
    expect(groups.present(GROUP)).not.toBe(before)
  })

  it('takes a new group as described', async () => {
    const { follow, membersOf, open } = setUp()
    await follow(news([stanza('create', { type: 'new' }, [described(undefined, participant('151@s.whatsapp.net'))])]))
    expect(await membersOf(open())).toEqual(['151@s.whatsapp.net'])
  })

  it.each([
    ['new identities', news([stanza('modify', {}, [participant('9@lid')])])],
    ['a deleted group', news([stanza('delete')])],
    ['another addressing mode', news([stanza('subject', { subject: 'x' })], { addressing_mode: 'pn' })],
    ['a dirty list', stanza('notification', { type: 'w:gp2', id: 'N', from: toJid('g.us'), t: '1' }, [stanza('groups_dirty', {}, [stanza('group', { jid: GROUP })])])],
    ['a description nobody can read', news([stanza('create', {}, [described('odd')])])],
  ])('forgets the list on %s', async (_, notification) => {
    const { opened, groups, answer, follow, membersOf, open } = setUp()
    void opened.commit(groups.learn(answer))
    await follow(notification)
    expect(await membersOf()).toBeUndefined()
    expect(await membersOf(open())).toBeUndefined()
  })

  it('does not make up a list of somebody who joined, and ignores other notifications', async () => {
    const { follow, membersOf, groups } = setUp()
    await follow(news([stanza('add', {}, [participant('3@lid')])]))
    await follow(stanza('notification', { type: 'picture', from: GROUP, id: 'N' }))
    await follow(stanza('receipt', { from: GROUP, id: 'R' }))
    expect(await membersOf()).toBeUndefined()
    expect(groups.present(GROUP)).toBeUndefined()
  })

  it('puts a row that cannot be read aside', async () => {
    const { opened, membersOf, quarantined } = setUp()
    void opened.commit([{ table: 'groups', key: GROUP.toString(), value: Uint8Array.of(1, 2) }])
    expect(await membersOf()).toBeUndefined()
    expect(quarantined).toEqual([`groups/${GROUP}`])
  })
})

describe('the answer about a group', () => {
  const parse = (...children: readonly Stanza[]) => {
    const faults: string[] = []
    return { group: queryGroup(GROUP).parse(stanza('iq', {}, children), faults), faults }
  }

  it.each([
    ['an unknown mode', described('odd'), 'group: addressing_mode is neither lid nor pn'],
    ['too many people', described('lid', ...Array.from({ length: 20_000 }, () => participant('1@lid'))), 'group: more than 19999 members'],
  ])('with %s is refused', (_, description, fault) => {
    const { group, faults } = parse(description)
    expect(group).toBeUndefined()
    expect(faults).toEqual([fault])
  })

  it('may keep the list to itself', () => expect(parse()).toEqual({ group: { kind: 'unchanged' }, faults: [] }))

  it.each([[stanza('group', {})], [stanza('group', { id: '1@lid' })]])('%#: of a group nobody asked for needs its address', (description) => {
    const faults: string[] = []
    expect(readGroupMembers(description, faults)).toBeUndefined()
    expect(faults).toEqual(['group: id is not a group'])
  })

  it('leaves out who cannot be addressed', () => {
    const { group } = parse(stanza('community', { id: GROUP }, [participant('1@lid'), stanza('participant', {}), participant('x@bot')]))
    expect(group).toMatchObject({ addressingMode: 'pn', members: [{ jid: toJid('1@lid') }] })
  })
})
