import { randomBytes } from '#crypto'
import { toHex } from '../bytes/bytes.ts'
import { RecentMap } from '../collections/recent-map.ts'
import { RxwaError } from '../errors/rxwa-error.ts'
import { SimulatorFailed } from '../errors/simulator-failed.ts'
import { Message } from '../proto/content.generated.ts'
import { isBroadcast, isStatus, Jid, STATUS, toJid } from '../stanza/jid.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { bytesOf, childOf, childrenOf, stanza, type Stanza } from '../stanza/stanza.ts'
import type { Device } from './account.ts'
import type { Answer } from './answer.ts'
import type { AddressingMode, Group } from './group.ts'
import { createGroupCipher } from './group-cipher.ts'
import { answerGroups } from './group-requests.ts'
import { addressIn, devicesOf, findGroup } from './groups.ts'
import { readableText, type PhoneMessage } from './phone-message.ts'
import type { PhoneSessions } from './phone-sessions.ts'
import { routeMessage, routeReceipt } from './route-messages.ts'
import { feedOf } from './broadcast-feed.ts'
import { addressOf, type Person } from './person.ts'
import { findAccount, findDevice, lidOf, type World } from './world.ts'

/** What a simulated phone does in groups. Everything throws `SimulatorFailed` when the server would not have it. */
export interface PhoneGroups {
  /** Makes a group of itself and others; its address. Members see each other under LIDs unless told otherwise. */
  readonly createGroup: (subject: string, members: readonly Person[], options?: { readonly addressingMode?: AddressingMode }) => Jid
  /** Writes to all devices of all members; the id of the message. */
  readonly sendToGroup: (group: Jid | string, content: string | Message) => string
  readonly addToGroup: (group: Jid | string, ...people: readonly Person[]) => void
  readonly removeFromGroup: (group: Jid | string, ...people: readonly Person[]) => void
  readonly promoteInGroup: (group: Jid | string, ...people: readonly Person[]) => void
  readonly demoteInGroup: (group: Jid | string, ...people: readonly Person[]) => void
  readonly leaveGroup: (group: Jid | string) => void
  readonly renameGroup: (group: Jid | string, subject: string) => void
  /** Any change of settings, as the child of a request to the group. */
  readonly changeGroup: (group: Jid | string, change: Stanza) => void
  /** The code of the link into a group. */
  readonly inviteToGroup: (group: Jid | string) => string
  readonly joinGroup: (code: string) => Jid
  /** Takes a new sender key for the next message. */
  readonly rotateGroupKey: (group: Jid | string) => void
  /** Posts to the feed of these people; the id of the post. */
  readonly postStatus: (people: readonly Person[], content: string | Message) => string
  /** Writes to a broadcast list, `<n>@broadcast`, that these people are on; the id of the message. */
  readonly sendToList: (list: Jid | string, people: readonly Person[], content: string | Message) => string
}

/** What a phone's groups need of the phone. */
export interface PhoneGroupsParts {
  readonly world: World
  readonly self: Device
  readonly sessions: PhoneSessions
  readonly tell: (message: PhoneMessage) => void
  readonly fail: (error: Error) => void
  readonly registration: () => Stanza
  /** `<keys>` with a one-time prekey, for who has to begin a session anew. */
  readonly freshKeys: () => Stanza
}

/** How the phone's inbox feeds its groups. */
export interface GroupInbox {
  readonly receiveMessage: (message: Stanza, group: Group) => void
  /** Sends a message again to the device that could not read it. */
  readonly resend: (receipt: Stanza, group: Group) => void
  /** Gives up all sender keys, its own and those of others. */
  readonly forgetKeys: () => void
}

/** Messages it can send again at least, and messages it counts its requests for. */
const REMEMBERED = 10_000

/** How often a message that cannot be read is asked for (protocol document 06, section 6). */
const RETRY_LIMIT = 5

/** Joins no group yet. */
export const createPhoneGroups = ({ world, self, sessions, tell, fail, registration, freshKeys }: PhoneGroupsParts): PhoneGroups & GroupInbox => {
  const cipher = createGroupCipher()
  const sent = new RecentMap<string, Message>(REMEMBERED)
  const retries = new RecentMap<string, number>(REMEMBERED)

  const groupAt = (address: Jid | string): Group => {
    const group = findGroup(world, toJid(address))
    if (!group) throw new SimulatorFailed('no group has this address')
    return group
  }
  const ask = (to: Jid, type: 'get' | 'set', request: Stanza): Answer & { readonly kind: 'result' } => {
    const answer = answerGroups(world, self, stanza('iq', { to, type, xmlns: 'w:g2' }, [request]), type === 'set')
    if (answer.kind === 'error') throw new SimulatorFailed(`the server answers ${answer.code} (${answer.text}) to ${request.tag}`)
    return answer
  }
  /** What is answered part by part has its refusals in the parts. */
  const askForEach = (to: Jid, request: Stanza): void => {
    const [outcome] = ask(to, 'set', request).content ?? []
    const failed = outcome && childrenOf(outcome).find(({ attrs }) => attrs['error'] !== undefined)
    if (failed) throw new SimulatorFailed(`the server answers ${String(failed.attrs['error'])} to ${request.tag}`)
  }
  const changeMembers = (kind: 'add' | 'remove' | 'promote' | 'demote') => (group: Jid | string, ...people: readonly Person[]): void => {
    askForEach(toJid(group), stanza(kind, {}, people.map((person) => stanza('participant', { jid: addressOf(person) }))))
  }
  const copyFor = (group: Group, device: Device, message: Message): Stanza =>
    stanza('to', { jid: addressIn(group, device) }, [sessions.encryptFor(device, Message.encode(message))])

  const send = (group: Group, message: Message): string => {
    const id = `AC${toHex(randomBytes(15)).toUpperCase()}`
    const readers = devicesOf(group).filter((device) => device !== self && !device.isSilent)
    const { ciphertext, distribution, lacking } = cipher.encrypt(group, readers, Message.encode(message))
    const key = keyMessage(group, distribution)
    sent.set(id, message)
    const { attrs } = routeMessage(
      world,
      self,
      stanza('message', { to: group.jid, id, type: 'text', addressing_mode: group.addressing }, [
        lacking.length > 0 ? stanza('participants', {}, lacking.map((device) => copyFor(group, device, key))) : undefined,
        stanza('enc', { v: '2', type: 'skmsg' }, ciphertext),
      ]),
    )
    if (attrs['error'] !== undefined) throw new SimulatorFailed(`the server answers ${String(attrs['error'])} to a message`)
    return id
  }

  const broadcast = (address: Jid | string, people: readonly Person[], content: string | Message): string => {
    const chat = toJid(address)
    const readers = people.map((person) => findAccount(world, addressOf(person)))
    if (!readers.every((account) => account !== undefined)) throw new SimulatorFailed('nobody has this address')
    const feed = feedOf(chat, self.account, readers)
    const message: Message = typeof content === 'string' ? { extendedTextMessage: { text: content } } : content
    const id = `AC${toHex(randomBytes(15)).toUpperCase()}`
    const devices = devicesOf(feed).filter((device) => device !== self && !device.isSilent)
    const { ciphertext, distribution, lacking } = cipher.encrypt(feed, devices, Message.encode(message))
    sent.set(id, message)
    const served = new Set(lacking.map(({ account }) => account))
    routeMessage(world, self, stanza('message', { to: chat, id, type: 'text' }, [
      stanza('participants', {}, [
        ...lacking.map((device) => copyFor(feed, device, keyMessage(feed, distribution))),
        ...[...feed.members.values()].filter(({ account }) => !served.has(account)).map(({ account }) => stanza('to', { jid: account.lid })),
      ]),
      stanza('enc', { v: '2', type: 'skmsg' }, ciphertext),
      isStatus(chat) ? stanza('meta', { status_setting: 'contacts' }) : undefined,
    ]))
    return id
  }

  const learn = (group: Group, sender: Jid, message: Message): void => {
    const distribution = message.senderKeyDistributionMessage?.axolotlSenderKeyDistributionMessage
    if (distribution) cipher.learn(group.jid, sender, distribution)
  }

  /** A wrapper with nothing in it but a key is no message. */
  const hasContent = (message: Message): boolean =>
    Object.entries(message).some(([name, value]) => value !== undefined && name !== 'senderKeyDistributionMessage' && name !== 'messageContextInfo')

  const retry = (message: Stanza, group: Group): void => {
    const { id, participant, t } = message.attrs
    const place = `${String(id)}|${String(participant)}`
    const count = (retries.get(place) ?? 0) + 1
    retries.set(place, count)
    if (count > RETRY_LIMIT) return
    routeReceipt(world, self, stanza('receipt', { id, to: group.jid, participant, type: 'retry' }, [
      stanza('retry', { v: '1', count, id, t }),
      registration(),
      count > 1 ? freshKeys() : undefined,
    ]))
  }

  const receiveMessage = (message: Stanza, group: Group): void => {
    const read = attributesOf(message)
    const [id, participant] = [read.text('id'), read.jid('participant')]
    const device = findDevice(world, participant)
    if (!device) return
    const sender = lidOf(device)
    try {
      for (const enc of childrenOf(message, 'enc')) {
        const isForAll = enc.attrs['type'] === 'skmsg'
        const outer = Message.decode(isForAll ? cipher.open(group.jid, sender, bytesOf(enc) ?? new Uint8Array(0)) : sessions.open(sender, enc))
        const inner = outer.deviceSentMessage?.message ?? outer
        if (!isForAll) learn(group, sender, outer)
        if (!isForAll && !hasContent(inner)) continue
        tell({ id, chat: group.jid, sender, isFromMe: device.account === self.account, message: inner, text: readableText(inner) })
      }
      routeReceipt(world, self, stanza('receipt', { id, to: group.jid, participant }))
    } catch (error) {
      if (!(error instanceof RxwaError)) throw error
      fail(error)
      retry(message, group)
      self.queue.answer('message', id)
    }
  }

  const resend = (receipt: Stanza, group: Group): void => {
    const read = attributesOf(receipt)
    const asked = childOf(receipt, 'retry')
    const [theirs, keys] = [childOf(receipt, 'registration'), childOf(receipt, 'keys')]
    const device = findDevice(world, read.jid('participant'))
    const message = sent.get(read.text('id'))
    const count = (asked && attributesOf(asked).optionalInteger('count')) ?? 1
    if (!device || !message || count >= RETRY_LIMIT) return
    if (theirs && keys) sessions.restart(device, theirs, keys)
    const distribution = cipher.distribution(group)
    const content: Message = device.account === self.account ? { deviceSentMessage: { destinationJid: group.jid.toString(), message } } : message
    const payload: Message = { ...content, ...(distribution && keyMessage(group, distribution)) }
    routeMessage(world, self, stanza('message', { to: group.jid, participant: addressIn(group, device), id: read.text('id'), type: 'text', addressing_mode: isBroadcast(group.jid) ? undefined : group.addressing }, [
      sessions.encryptFor(device, Message.encode(payload), count),
    ]))
  }

  return {
    createGroup: (subject, members, { addressingMode = 'lid' } = {}) => {
      const [made] = ask(new Jid('', 'g.us'), 'set', stanza('create', { subject, key: toHex(randomBytes(8)) }, [
        ...members.map((person) => stanza('participant', { jid: addressOf(person) })),
        stanza('addressing_mode_override', { mode: addressingMode }),
      ])).content ?? []
      return new Jid(String(made?.attrs['id']), 'g.us')
    },
    sendToGroup: (group, content) => send(groupAt(group), typeof content === 'string' ? { conversation: content } : content),
    addToGroup: changeMembers('add'),
    removeFromGroup: changeMembers('remove'),
    promoteInGroup: changeMembers('promote'),
    demoteInGroup: changeMembers('demote'),
    leaveGroup: (group) => askForEach(new Jid('', 'g.us'), stanza('leave', {}, [stanza('group', { id: toJid(group) })])),
    renameGroup: (group, subject) => void ask(toJid(group), 'set', stanza('subject', {}, subject)),
    changeGroup: (group, change) => void ask(toJid(group), 'set', change),
    inviteToGroup: (group) => String(ask(toJid(group), 'get', stanza('invite')).content?.[0]?.attrs['code']),
    joinGroup: (code) => {
      const [joined] = ask(new Jid('', 'g.us'), 'set', stanza('invite', { code })).content ?? []
      const jid = joined?.attrs['jid']
      if (!(jid instanceof Jid)) throw new SimulatorFailed('the server lets nobody in')
      return jid
    },
    rotateGroupKey: (group) => cipher.rotate(toJid(group)),
    postStatus: (people, content) => broadcast(STATUS, people, content),
    sendToList: broadcast,
    receiveMessage,
    resend,
    forgetKeys: cipher.forget,
  }
}

const keyMessage = ({ jid }: Group, distribution: Uint8Array): Message => ({
  senderKeyDistributionMessage: { groupId: jid.toString(), axolotlSenderKeyDistributionMessage: distribution },
})
