import { describe, expect, it } from '@jest/globals'

import { stanza, type Jid } from '../../lib/index.ts'
import { createSimulator, createVirtualClock, type Phone, type PhoneMessage, type PhoneReceipt, type Simulator } from '../../lib/testing/index.ts'
import { childrenOf, type Stanza } from '../../lib/stanza/stanza.ts'

interface Watched {
  readonly phone: Phone
  readonly messages: PhoneMessage[]
  readonly receipts: PhoneReceipt[]
  readonly failures: Error[]
  readonly news: Stanza[]
  readonly texts: () => readonly (string | undefined)[]
}

const watch = (phone: Phone): Watched => {
  const [messages, receipts, failures, news]: [PhoneMessage[], PhoneReceipt[], Error[], Stanza[]] = [[], [], [], []]
  phone.messages$.subscribe((message) => messages.push(message))
  phone.receipts$.subscribe((receipt) => receipts.push(receipt))
  phone.failures$.subscribe((error) => failures.push(error))
  phone.groupNews$.subscribe((said) => news.push(said))
  return { phone, messages, receipts, failures, news, texts: () => messages.map(({ text }) => text) }
}

const createWorld = (): { readonly simulator: Simulator; readonly ana: Watched; readonly ben: Watched; readonly cleo: Watched } => {
  const simulator = createSimulator({ scheduler: createVirtualClock().scheduler })
  const [ana, ben, cleo] = ['Ana', 'Ben', 'Cleo'].map((name) => watch(simulator.phone({ name }))) as [Watched, Watched, Watched]
  return { simulator, ana, ben, cleo }
}

/** What the news say, by the tag of their only child. */
const kindsOf = (news: readonly Stanza[]): readonly string[] => news.flatMap((said) => childrenOf(said).map(({ tag }) => tag))

const textOfJid = (jid: Jid): string => jid.toString()

describe.each(['lid', 'pn'] as const)('phones in a group of mode %s', (addressingMode) => {
  it('hear of it, read each other, and tell who got what', () => {
    const { simulator, ana, ben, cleo } = createWorld()
    const group = ana.phone.createGroup('Trip', [ben.phone, cleo.phone.phoneNumber], { addressingMode })
    const found = simulator.groupAt(group)
    expect([found.subject(), found.addressingMode(), found.members().map(({ role }) => role)]).toEqual(['Trip', addressingMode, ['superadmin', 'member', 'member']])
    for (const { news } of [ana, ben, cleo]) {
      expect(kindsOf(news)).toEqual(['create'])
      const form = addressingMode === 'lid' ? ana.phone.lid : ana.phone.phoneNumber
      expect(news[0]!.attrs).toMatchObject({ from: group, type: 'w:gp2', participant: form })
    }
    const ids = [ana, ben, cleo, ana, ben].map(({ phone }, turn) => phone.sendToGroup(group, `text ${turn}`))
    expect(ana.texts()).toEqual(['text 1', 'text 2', 'text 4'])
    expect(ben.texts()).toEqual(['text 0', 'text 2', 'text 3'])
    expect(cleo.texts()).toEqual(['text 0', 'text 1', 'text 3', 'text 4'])
    expect(cleo.messages[0]).toMatchObject({ id: ids[0], chat: group, sender: ana.phone.lid, isFromMe: false })
    const deliveries = ana.receipts.filter(({ ids: [id] }) => id === ids[0])
    expect(deliveries.map(({ from, participant, type }) => [from.toString(), participant?.toString(), type])).toEqual(
      [ben, cleo].map(({ phone }) => [group.toString(), textOfJid(addressingMode === 'lid' ? phone.lid : phone.phoneNumber), 'delivery']),
    )
    ben.phone.read(ben.messages[0]!)
    expect(ana.receipts.at(-1)).toMatchObject({ ids: [ids[0]], from: group, type: 'read', participant: addressingMode === 'lid' ? ben.phone.lid : ben.phone.phoneNumber })
    expect([ana, ben, cleo].flatMap(({ failures }) => failures)).toEqual([])
    expect(simulator.reusedMessageKeys()).toEqual([])
  })

  it('get what was said while they were away, in order', () => {
    const { ana, ben, cleo } = createWorld()
    const group = ana.phone.createGroup('Trip', [ben.phone, cleo.phone], { addressingMode })
    cleo.phone.goOffline()
    for (let turn = 0; turn < 20; turn += 1) (turn % 2 === 0 ? ana : ben).phone.sendToGroup(group, `text ${turn}`)
    expect(cleo.texts()).toEqual([])
    cleo.phone.goOnline()
    expect(cleo.texts()).toEqual(Array.from({ length: 20 }, (_, turn) => `text ${turn}`))
    expect(cleo.failures).toEqual([])
  })
})

describe('members', () => {
  it('come, go, rise and fall, each change told once to everybody it concerns', () => {
    const { simulator, ana, ben, cleo } = createWorld()
    const group = ana.phone.createGroup('Trip', [ben.phone])
    const roles = (): readonly string[] => simulator.groupAt(group).members().map(({ role }) => role)
    for (const { news } of [ana, ben, cleo]) news.length = 0
    ben.phone.addToGroup(group, cleo.phone)
    ana.phone.promoteInGroup(group, cleo.phone)
    expect(roles()).toEqual(['superadmin', 'member', 'admin'])
    cleo.phone.removeFromGroup(group, ben.phone)
    ana.phone.demoteInGroup(group, cleo.phone)
    ana.phone.renameGroup(group, 'Another trip')
    cleo.phone.leaveGroup(group)
    expect(roles()).toEqual(['superadmin'])
    expect(kindsOf(ana.news)).toEqual(['add', 'promote', 'remove', 'demote', 'subject', 'remove'])
    expect(kindsOf(ben.news)).toEqual(['add', 'promote', 'remove'])
    expect(kindsOf(cleo.news)).toEqual(['add', 'promote', 'remove', 'demote', 'subject', 'remove'])
    expect(simulator.groupAt(group).subject()).toBe('Another trip')
  })

  it('read nothing from before they came, and nothing after they went', () => {
    const { ana, ben, cleo } = createWorld()
    const group = ana.phone.createGroup('Trip', [ben.phone])
    ana.phone.sendToGroup(group, 'before')
    ana.phone.addToGroup(group, cleo.phone)
    ana.phone.sendToGroup(group, 'with Cleo')
    ana.phone.removeFromGroup(group, cleo.phone)
    ana.phone.sendToGroup(group, 'without Cleo')
    expect([ben.texts(), cleo.texts()]).toEqual([['before', 'with Cleo', 'without Cleo'], ['with Cleo']])
    expect([...ben.failures, ...cleo.failures]).toEqual([])
    expect(() => cleo.phone.sendToGroup(group, 'let me in')).toThrow('403')
  })

  it('may do what their role allows', () => {
    const { ana, ben, cleo } = createWorld()
    const group = ana.phone.createGroup('Trip', [ben.phone])
    expect(() => ben.phone.promoteInGroup(group, ben.phone)).toThrow('403')
    expect(() => ben.phone.inviteToGroup(group)).toThrow('401')
    expect(() => ana.phone.addToGroup(group, ben.phone)).toThrow('409')
    expect(() => ana.phone.removeFromGroup(group, cleo.phone)).toThrow('404')
    ana.phone.promoteInGroup(group, ben.phone)
    expect(() => ben.phone.removeFromGroup(group, ana.phone)).toThrow('405')
    ana.phone.demoteInGroup(group, ben.phone)
    ana.phone.changeGroup(group, stanza('announcement'))
    expect(() => ben.phone.sendToGroup(group, 'quiet, please')).toThrow('403')
    ana.phone.changeGroup(group, stanza('not_announcement'))
    ben.phone.sendToGroup(group, 'at last')
    ana.phone.changeGroup(group, stanza('locked'))
    expect(() => ben.phone.renameGroup(group, 'Mine')).toThrow('403')
    expect(() => ana.phone.renameGroup(group, 'x'.repeat(101))).toThrow('406')
  })

  it('come in by a link, until it is changed', () => {
    const { ana, ben, cleo } = createWorld()
    const group = ana.phone.createGroup('Trip', [])
    const code = ana.phone.inviteToGroup(group)
    expect(ben.phone.joinGroup(code).toString()).toBe(group.toString())
    expect(() => ben.phone.joinGroup(code)).toThrow('304')
    ana.phone.changeGroup(group, stanza('invite'))
    expect(() => cleo.phone.joinGroup(code)).toThrow('410')
    ben.phone.sendToGroup(group, 'hello')
    expect(ana.texts()).toEqual(['hello'])
  })
})

describe('a message of a group that cannot be read', () => {
  it('is asked for, sent again, and read', () => {
    const { simulator, ana, ben, cleo } = createWorld()
    const group = ana.phone.createGroup('Trip', [ben.phone, cleo.phone])
    ana.phone.sendToGroup(group, 'first')
    simulator.corruptNextMessage()
    ana.phone.sendToGroup(group, 'second')
    ana.phone.sendToGroup(group, 'third')
    for (const { failures, texts } of [ben, cleo]) {
      expect(failures).toMatchObject([{ code: 'signal_failed' }])
      expect(texts()).toEqual(['first', 'second', 'third'])
    }
    expect(ana.receipts.filter(({ type }) => type === 'retry').map(({ participant }) => participant?.toString())).toEqual([ben, cleo].map(({ phone }) => textOfJid(phone.lid)))
    expect(simulator.reusedMessageKeys()).toEqual([])
  })

  it('is read although its key came with the lost one', () => {
    const { simulator, ana, ben } = createWorld()
    const group = ana.phone.createGroup('Trip', [ben.phone])
    simulator.corruptNextMessage()
    ana.phone.sendToGroup(group, 'first')
    ana.phone.rotateGroupKey(group)
    ana.phone.sendToGroup(group, 'second')
    expect(ben.texts()).toEqual(['first', 'second'])
  })
})

describe('a group of 1024 others with two devices each', () => {
  it('is there at once, and phones in it talk', () => {
    const { simulator, ana, ben } = createWorld()
    const startedAtMs = performance.now()
    const group = simulator.group({ phones: [ana.phone], bystanders: 1_023 })
    expect(performance.now() - startedAtMs).toBeLessThan(1_000)
    expect(group.members()).toHaveLength(1_024)
    ana.phone.addToGroup(group.jid, ben.phone)
    ana.phone.sendToGroup(group.jid, 'hello, all of you')
    expect(ben.texts()).toEqual(['hello, all of you'])
    expect(() => ana.phone.addToGroup(group.jid, simulator.phone())).toThrow('419')
    expect(() => simulator.group({ phones: [ana.phone], bystanders: 1_025 })).toThrow('at most 1025')
    expect(() => simulator.group({ phones: [] })).toThrow('makes it')
    expect(() => simulator.groupAt('120363000000009999@g.us')).toThrow('no group')
  })
})
