import { describe, expect, it } from '@jest/globals'

import { aPush, createSimulator, type Phone, type Simulator } from '../../lib/testing/index.ts'
import { hasPeers, startPeer, untilLinked, wrongThings, type Peer } from './peer.ts'

const whenInstalled = hasPeers ? describe : describe.skip

interface Stage {
  readonly simulator: Simulator
  readonly ana: Phone
  readonly ben: Phone
  readonly cleo: Phone
  readonly baileys: Peer
  /** Calls a function of Baileys; what it gives, or that the server cannot. */
  readonly ask: (method: string, ...args: readonly unknown[]) => Promise<unknown>
  readonly end: () => Promise<void>
}

const linked = async (): Promise<Stage> => {
  const simulator = createSimulator()
  const listening = await simulator.listen()
  const [ana, ben, cleo] = [simulator.phone({ name: 'Ana' }), simulator.phone({ name: 'Ben' }), simulator.phone({ name: 'Cleo' })]
  const baileys = await startPeer('Baileys', listening.url, simulator.trustedRoot.publicKey)
  await untilLinked(baileys, ana)
  let asked = 0
  const ask: Stage['ask'] = async (method, ...args) => {
    const tag = `${method} ${(asked += 1)}`
    baileys.tell({ kind: 'ask', method, args, tag })
    const { result, error } = await baileys.next('answer', (event) => event.tag === tag)
    return error ?? result
  }
  const end = async (): Promise<void> => {
    baileys.stop()
    await listening.close()
  }
  return { simulator, ana, ben, cleo, baileys, ask, end }
}

/** What the simulator does not do yet it says so, in the words of the protocol. */
const CANNOT = 'Error: feature-not-implemented'

/** What Baileys says that no published client would, besides its pings. */
const HABITS = [/membership_approval_requests@requestor_fetch/, /iq\/create@key/, /presence@id/]

whenInstalled('all that Baileys can ask for', () => {
  it('is taken for what it is, and what the simulator does gives what it should', async () => {
    const { simulator, ana, ben, cleo, ask, end } = await linked()
    const [b, c] = [ben.lid.toString(), cleo.lid.toString()]
    const { id: group } = (await ask('groupCreate', 'Friends', [b])) as { readonly id: string }
    const channel = '120363000000000009@newsletter'
    const questions: ReadonlyArray<readonly [method: string, args: readonly unknown[], answer: unknown]> = [
      ['onWhatsApp', [ben.phoneNumber.user, '15559999999'], [{ jid: ben.phoneNumber.toString(), exists: true }]],
      ['groupMetadata', [group], expect.objectContaining({ subject: 'Friends', size: 2, addressingMode: 'lid' })],
      ['groupParticipantsUpdate', [group, [c], 'add'], [expect.objectContaining({ status: '200', jid: c })]],
      ['groupParticipantsUpdate', [group, [c], 'promote'], [expect.objectContaining({ status: '200', jid: c })]],
      ['groupParticipantsUpdate', [group, [c], 'demote'], [expect.objectContaining({ status: '200', jid: c })]],
      ['groupParticipantsUpdate', [group, [c], 'remove'], [expect.objectContaining({ status: '200', jid: c })]],
      ['groupUpdateSubject', [group, 'Foes'], null],
      ['groupUpdateDescription', [group, 'what it is about'], null],
      ['groupUpdateDescription', [group], null],
      ['groupInviteCode', [group], expect.stringMatching(/^[\w-]{20,}$/)],
      ['groupRevokeInvite', [group], expect.stringMatching(/^[\w-]{20,}$/)],
      ['groupToggleEphemeral', [group, 86_400], null],
      ['groupToggleEphemeral', [group, 0], null],
      ...['announcement', 'not_announcement', 'locked', 'unlocked'].map((setting): [string, readonly unknown[], unknown] => ['groupSettingUpdate', [group, setting], null]),
      ['groupMemberAddMode', [group, 'all_member_add'], null],
      ['groupFetchAllParticipating', [], { [group]: expect.objectContaining({ subject: 'Foes' }) }],
      ['groupRequestParticipantsList', [group], CANNOT],
      ['groupRequestParticipantsUpdate', [group, [c], 'approve'], CANNOT],
      ['groupJoinApprovalMode', [group, 'on'], CANNOT],
      ['communityCreate', ['Village', 'all of us'], expect.objectContaining({ subject: 'Village' })],
      ['fetchPrivacySettings', [true], expect.objectContaining({ last: 'all', readreceipts: 'all' })],
      ...['LastSeen', 'Online', 'ProfilePicture', 'Status', 'ReadReceipts', 'GroupsAdd', 'Call', 'Messages'].map((name): [string, readonly unknown[], unknown] => [`update${name}Privacy`, ['all'], null]),
      ['updateDefaultDisappearingMode', [86_400], CANNOT],
      ['profilePictureUrl', [b], CANNOT],
      ['profilePictureUrl', [group, 'image'], CANNOT],
      ['removeProfilePicture', [ana.phoneNumber.toString()], CANNOT],
      ['updateProfileStatus', ['busy'], CANNOT],
      ['fetchStatus', [b], [{ id: b }]],
      ['fetchDisappearingDuration', [b], [{ id: b }]],
      ['fetchBlocklist', [], []],
      ['updateBlockStatus', [b, 'unblock'], null],
      ['getBusinessProfile', [b], CANNOT],
      ['getBotListV2', [], CANNOT],
      ['getOrderDetails', ['1', 'QUJD'], CANNOT],
      ['getCatalog', [{ jid: b }], CANNOT],
      ['getCollections', [b], CANNOT],
      ['newsletterMetadata', ['jid', channel], CANNOT],
      ['newsletterFetchMessages', [channel, 10], CANNOT],
      ['subscribeNewsletterUpdates', [channel], { duration: '300' }],
      ['refreshMediaConn', [true], expect.objectContaining({ ttl: 3600 })],
      ['rejectCall', ['ABC', b], null],
      ['cleanDirtyBits', ['groups'], null],
      ['resyncAppState', [['regular'], false], null],
      ['fetchMessageHistory', [10, { remoteJid: b, id: 'X', fromMe: false }, 1_700_000_000], expect.any(String)],
      ['presenceSubscribe', [b], null],
      ['sendPresenceUpdate', ['available'], null],
      ['sendPresenceUpdate', ['composing', b], null],
      ['groupLeave', [group], null],
      ['logout', [], null],
    ]
    for (const [method, args, answer] of questions) expect({ method, answer: await ask(method, ...args) }).toEqual({ method, answer })
    expect(wrongThings(simulator).filter((wrong) => !HABITS.some((habit) => habit.test(wrong)))).toEqual([])
    await end()
  }, 60_000)
})

whenInstalled('what the simulator tells', () => {
  it('is told by Baileys as well', async () => {
    const { simulator, ana, ben, cleo, baileys, ask, end } = await linked()
    const told = (name: string, matches: (data: unknown) => boolean = () => true) => baileys.next('event', (event) => event.name === name && matches(event.data))
    const group = ben.createGroup('Friends', [ana, cleo])
    expect((await told('groups.upsert')).data).toEqual([expect.objectContaining({ id: String(group), subject: 'Friends', size: 3 })])
    ben.renameGroup(group, 'Foes')
    await told('groups.update', (data) => (data as readonly { readonly subject?: string }[])[0]?.subject === 'Foes')
    ben.promoteInGroup(group, ana)
    await baileys.next('members', ({ action }) => action === 'promote')
    ben.type(ana.lid)
    await told('presence.update', (data) => JSON.stringify(data).includes('composing'))
    baileys.tell({ kind: 'rename', name: 'Ana' })
    await ask('sendPresenceUpdate', 'available')
    await ask('presenceSubscribe', ben.lid.toString())
    ben.setPresence(true)
    await told('presence.update', (data) => JSON.stringify(data).includes('"available"'))
    simulator.push(ana.lid, aPush.incoming_call())
    await told('call', (data) => (data as readonly { readonly status: string }[])[0]?.status === 'offer')
    simulator.push(ana.lid, aPush.blocklist_changed())
    await told('blocklist.update')
    simulator.push(ana.lid, aPush.picture_update())
    await told('contacts.update', (data) => JSON.stringify(data).includes('imgUrl'))
    // A new phone of Ben's: what it writes is read with a new session.
    ben.reinstall()
    ben.send(ana, 'the same as ever')
    await baileys.next('message', ({ text }) => text === 'the same as ever')
    await end()
  }, 60_000)
})
