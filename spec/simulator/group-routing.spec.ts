import { describe, expect, it } from '@jest/globals'
import { asyncScheduler } from 'rxjs'

import { Jid, stanza, type Stanza } from '../../lib/index.ts'
import type { Account, Device } from '../../lib/simulator/account.ts'
import { createWorld } from '../../lib/simulator/create-world.ts'
import { createCrowd } from '../../lib/simulator/crowd.ts'
import type { AddressingMode, Group } from '../../lib/simulator/group.ts'
import { addressIn, devicesOf, foundGroup } from '../../lib/simulator/groups.ts'
import { participantHash } from '../../lib/stanza/participant-hash.ts'
import { routeMessage, routeReceipt } from '../../lib/simulator/route-messages.ts'
import type { World } from '../../lib/simulator/world.ts'
import { createSenderKey, encryptForGroup } from '../../lib/signal/own-sender-key.ts'
import { childrenOf } from '../../lib/stanza/stanza.ts'

const emptyWorld = (): World => createWorld({ scheduler: asyncScheduler, options: { refs: 6, lowPrekeys: 5, isLenientBacklog: true } })

/** Replaces the devices of people by ones that keep what they get. */
const listening = (accounts: readonly Account[]): ReadonlyMap<Device, Stanza[]> => {
  const inboxes = new Map<Device, Stanza[]>()
  for (const account of accounts)
    for (const device of [...account.devices.values()]) {
      const inbox: Stanza[] = []
      const heard: Device = { ...device, isSilent: false, queue: { ...device.queue, push: (said) => void inbox.push(said) } }
      account.devices.set(device.id, heard)
      inboxes.set(heard, inbox)
    }
  return inboxes
}

interface Setting {
  readonly world: World
  readonly group: Group
  readonly sender: Device
  readonly stranger: Device
  readonly inboxes: ReadonlyMap<Device, Stanza[]>
  readonly message: (more?: Readonly<Record<string, string | Jid>>, copies?: readonly Device[], encType?: string) => Stanza
}

/** Three people with two devices each and a stranger; the second device of the first writes. */
const setUp = (addressing: AddressingMode = 'lid'): Setting => {
  const world = emptyWorld()
  const [ana, ben, cleo, dora] = createCrowd(world, 4, 2) as [Account, Account, Account, Account]
  const inboxes = listening([ana, ben, cleo, dora])
  const group = foundGroup(world, { creator: ana, subject: 'Trip', members: [ben, cleo], addressing })
  let key = createSenderKey()
  const message: Setting['message'] = (more = {}, copies = [], encType = 'msg') => {
    const encrypted = encryptForGroup(key, new Uint8Array(16))
    key = encrypted.key
    return stanza('message', { to: group.jid, id: 'M1', type: 'text', addressing_mode: addressing, ...more }, [
      stanza('participants', {}, copies.map((device) => stanza('to', { jid: addressIn(group, device) }, [stanza('enc', { v: '2', type: encType }, Uint8Array.of(1))]))),
      stanza('enc', { v: '2', type: 'skmsg', mediatype: 'image', 'decrypt-fail': 'hide' }, encrypted.ciphertext),
      stanza('reporting', {}, [stanza('reporting_token', { v: '2' }, new Uint8Array(16))]),
      stanza('tctoken', {}, Uint8Array.of(1)),
    ])
  }
  return { world, group, sender: ana.devices.get(1)!, stranger: dora.devices.get(0)!, inboxes, message }
}

const heardBy = ({ inboxes }: Setting): number => [...inboxes.values()].flat().length

describe.each(['lid', 'pn'] as const)('a message to a group of mode %s', (mode) => {
  it('reaches every device of every member but the sending one, with its own copy first', () => {
    const setting = setUp(mode)
    const { world, group, sender, inboxes, message } = setting
    const receivers = devicesOf(group).filter((device) => device !== sender)
    const [first, ...others] = receivers
    const ack = routeMessage(world, sender, message({}, [first!, sender]))
    expect(ack.attrs).toEqual({ class: 'message', id: 'M1', from: group.jid, t: expect.any(String) })
    expect(receivers.map((device) => inboxes.get(device)!.length)).toEqual([1, 1, 1, 1, 1])
    const [got] = inboxes.get(first!)!
    const { lid, phoneNumber } = sender.account
    expect(JSON.parse(JSON.stringify(got!.attrs))).toEqual({
      from: group.jid.toString(),
      participant: mode === 'lid' ? `${lid.user}:1@lid` : `${phoneNumber.user}:1@s.whatsapp.net`,
      ...(mode === 'lid' ? { participant_pn: phoneNumber.toString() } : { participant_lid: lid.toString() }),
      id: 'M1',
      type: 'text',
      t: expect.any(String),
      addressing_mode: mode,
    })
    expect(childrenOf(got!).map(({ tag, attrs }) => [tag, attrs['type']])).toEqual([['enc', 'msg'], ['enc', 'skmsg'], ['reporting', undefined]])
    for (const device of others) expect(childrenOf(inboxes.get(device)![0]!, 'enc').map(({ attrs }) => attrs)).toEqual([{ v: '2', type: 'skmsg', mediatype: 'image', 'decrypt-fail': 'hide' }])
    expect(heardBy(setting)).toBe(5)
  })

  it('is answered with the right hash when the sender counted other devices', () => {
    const { world, group, sender, message } = setUp(mode)
    const right = participantHash(devicesOf(group).map((device) => addressIn(group, device)))
    expect(routeMessage(world, sender, message({ phash: right })).attrs['phash']).toBeUndefined()
    expect(routeMessage(world, sender, message({ id: 'M2', phash: '2:AAAAAAAA' })).attrs['phash']).toBe(right)
  })

  it('of the other mode is refused with the right one, and reaches nobody', () => {
    const setting = setUp(mode)
    const ack = routeMessage(setting.world, setting.sender, setting.message({ addressing_mode: mode === 'lid' ? 'pn' : 'lid' }))
    expect(ack.attrs).toMatchObject({ error: '421', addressing_mode: mode })
    expect(heardBy(setting)).toBe(0)
  })

  it('has receipts that name who got it, in the form of the group', () => {
    const { world, group, sender, inboxes, message } = setUp(mode)
    routeMessage(world, sender, message())
    const reader = [...group.members.values()][1]!.account.devices.get(1)!
    const phone = sender.account.devices.get(0)!
    const say = (type?: string): Stanza => routeReceipt(world, reader, stanza('receipt', { id: 'M1', to: group.jid, participant: addressIn(group, sender), type }))
    expect(say().attrs).toMatchObject({ class: 'receipt', id: 'M1', from: group.jid, participant: addressIn(group, sender) })
    const about = { from: group.jid, participant: addressIn(group, reader), id: 'M1' }
    expect(inboxes.get(sender)!.at(-1)!.attrs).toMatchObject(about)
    expect(inboxes.get(phone)!.filter(({ tag }) => tag === 'receipt')).toEqual([])
    say('read')
    for (const own of [sender, phone]) expect(inboxes.get(own)!.at(-1)!.attrs).toMatchObject({ ...about, type: 'read' })
    const other = reader.account.devices.get(0)!
    expect(inboxes.get(other)!.at(-1)!.attrs).toMatchObject({ ...about, type: 'read', recipient: mode === 'lid' ? sender.account.lid : sender.account.phoneNumber })
    say('retry')
    expect(inboxes.get(sender)!.at(-1)!.attrs).toMatchObject({ ...about, type: 'retry' })
    expect(inboxes.get(phone)!.at(-1)!.attrs['type']).toBe('read')
  })
})

describe('the server of a group', () => {
  it('takes the same message again without delivering it again, and sees a key used twice', () => {
    const setting = setUp()
    const { world, sender, message } = setting
    const same = message()
    expect(routeMessage(world, sender, same).attrs).toEqual(routeMessage(world, sender, same).attrs)
    expect([heardBy(setting), world.messageKeys.reused()]).toEqual([5, []])
    const [enc] = childrenOf(same, 'enc')
    const broken = (enc!.content as Uint8Array).slice()
    broken[broken.length - 70]! ^= 1
    routeMessage(world, sender, { ...same, attrs: { ...same.attrs, id: 'M2' }, content: [{ ...enc!, content: broken }] })
    expect(world.messageKeys.reused()).toHaveLength(1)
  })

  it.each<[string, number, (setting: Setting) => Stanza]>([
    ['from somebody who is no member', 403, ({ world, stranger, message }) => routeMessage(world, stranger, message())],
    ['to a group that is none', 404, ({ world, sender, message }) => routeMessage(world, sender, message({ to: new Jid('120363000000009999', 'g.us') }))],
    ['with nothing in it', 479, ({ world, sender, message }) => routeMessage(world, sender, { ...message(), content: [] })],
    ['that begins a session without saying who vouches', 479, ({ world, sender, message, group }) => routeMessage(world, sender, message({}, [devicesOf(group)[0]!], 'pkmsg'))],
  ])('refuses a message %s with %i', (_what, error, send) => {
    const setting = setUp()
    expect(send(setting).attrs['error']).toBe(String(error))
    expect(heardBy(setting)).toBe(0)
  })

  it('gives a message that was encrypted anew under its id to those who asked for it, and to nobody else', () => {
    const setting = setUp()
    const { world, group, sender, inboxes, message } = setting
    routeMessage(world, sender, message())
    const asked = devicesOf(group).at(-1)!
    routeReceipt(world, asked, stanza('receipt', { id: 'M1', to: group.jid, participant: addressIn(group, sender), type: 'retry' }))
    for (const inbox of inboxes.values()) inbox.length = 0
    expect(routeMessage(world, sender, message()).attrs['error']).toBeUndefined()
    expect([heardBy(setting), inboxes.get(asked)!.length]).toEqual([1, 1])
    routeMessage(world, sender, message())
    expect(heardBy(setting)).toBe(1)
  })

  it('brings a resend to the one device that asked, under the id that is known', () => {
    const setting = setUp()
    const { world, group, sender, inboxes, message } = setting
    routeMessage(world, sender, message())
    const asked = devicesOf(group).at(-1)!
    const again = stanza('message', { to: group.jid, participant: addressIn(group, asked), id: 'M1', type: 'text', addressing_mode: 'lid' }, [
      stanza('enc', { v: '2', type: 'msg', count: '1' }, Uint8Array.of(1)),
      stanza('participants', {}, [stanza('to', { jid: addressIn(group, asked) }, [stanza('enc', { v: '2', type: 'msg', count: '1' }, Uint8Array.of(2))])]),
    ])
    expect(routeMessage(world, sender, again).attrs).toMatchObject({ participant: addressIn(group, asked) })
    expect(heardBy(setting)).toBe(6)
    expect(inboxes.get(asked)!.at(-1)!.attrs).toMatchObject({ from: group.jid, participant: addressIn(group, sender), id: 'M1' })
    expect(childrenOf(inboxes.get(asked)!.at(-1)!, 'enc').map(({ content }) => content)).toEqual([Uint8Array.of(1)])
  })
})
