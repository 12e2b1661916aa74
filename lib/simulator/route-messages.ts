import { isBroadcast, isGroup, isLid, sameJid, SERVER, userOf, type Jid } from '../stanza/jid.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { childOf, childrenOf, stanza, type Stanza } from '../stanza/stanza.ts'
import type { Account, Device } from './account.ts'
import { devicesOf, findGroup, memberOf, personIn } from './groups.ts'
import { idsOf } from './offline-queue.ts'
import { participantHash } from '../stanza/participant-hash.ts'
import { passBroadcastReceipt, routeBroadcast } from './route-broadcast.ts'
import { passGroupReceipt, routeGroupMessage } from './route-group-messages.ts'
import { isTrusted } from './trust.ts'
import { corrupt, deliver, findAccount, findDevice, lidOf, nowSeconds, phoneNumberOf, type World } from './world.ts'

/** Children of a message that its receivers see. */
const PASSED_ON = ['meta', 'biz', 'bot']

/** Takes a `<message>` of a device: delivers its copies, answers the sender (protocol document 05, simulator side). */
export const routeMessage = (world: World, sender: Device, message: Stanza): Stanza => {
  const read = attributesOf(message)
  const to = read.jid('to')
  const id = read.text('id')
  const type = read.optionalText('type')
  const isPeer = read.optionalText('category') === 'peer'
  const refuse = (error: number): Stanza => stanza('ack', { class: 'message', id, from: to, t: nowSeconds(world), error })
  if (read.faults.length > 0 || id === '') return refuse(400)
  if (isGroup(to)) return routeGroupMessage(world, sender, message)
  if (isBroadcast(to)) return routeBroadcast(world, sender, message)

  const isResend = childrenOf(message, 'enc').some((enc) => attributesOf(enc).optionalText('count') !== undefined)
  const formKey = `${sender.account.lid.user}:${sender.id}|${id}${isResend ? `|${to}` : ''}`
  const known = world.sentForms.get(formKey)
  const accept = (phash?: string): Stanza => stanza('ack', { class: 'message', id, from: to, t: known?.atSeconds ?? nowSeconds(world), phash })
  const recipient = findAccount(world, to)
  if (!recipient) return refuse(404)
  const copies = readCopies(world, sender, message, to)
  const served = (isResend ? undefined : known?.served) ?? new Set()
  const fresh = copies.filter(({ device }) => device !== undefined && !served.has(device))
  // The same message again is acknowledged again, and delivered to those only who did not have it.
  if (known && !isResend && fresh.length === 0) {
    for (const { encs } of copies) encs.forEach((enc) => world.messageKeys.see(enc))
    return accept(phashOfMissed(sender, recipient, served, isPeer))
  }
  if (world.faults.areTokensRequired && !isPeer && sender.id !== 0 && !isTrusted(sender.account, recipient, message)) return refuse(463)
  if (copies.some(({ device }) => device !== undefined && device.account !== recipient && device.account !== sender.account)) return refuse(479)
  if (copies.some(({ encs }) => encs.some((enc) => attributesOf(enc).optionalText('type') === 'pkmsg')) && sender.id !== 0 && !childOf(message, 'device-identity'))
    return refuse(479)

  for (const { encs } of copies) encs.forEach((enc) => world.messageKeys.see(enc))
  for (const { device } of copies) if (device) served.add(device)
  world.sentForms.set(formKey, { to, atSeconds: known?.atSeconds ?? nowSeconds(world), served })
  const isCorrupt = world.faults.isNextMessageCorrupt
  world.faults.isNextMessageCorrupt = false
  for (const { device, encs } of fresh) {
    if (!device || device === sender || encs.length === 0) continue
    deliver(device, copyFor(world, sender, recipient, device, message, isCorrupt ? corrupt(encs) : encs, isPeer ? { category: 'peer' } : {}, type))
  }
  return accept(phashOfMissed(sender, recipient, served, isPeer || isResend))
}

interface Copy {
  readonly device: Device | undefined
  readonly encs: readonly Stanza[]
}

/** Copies by device; an `enc` directly under the message is for exactly the device in `to`. */
const readCopies = (world: World, sender: Device, message: Stanza, to: Jid): readonly Copy[] => {
  const addressed = childrenOf(message, 'participants')
    .flatMap((participants) => childrenOf(participants, 'to'))
    .map((copy) => {
      const jid = attributesOf(copy).optionalJid('jid')
      return { device: jid && findDevice(world, jid), encs: childrenOf(copy, 'enc') }
    })
  const direct = childrenOf(message, 'enc')
  if (direct.length === 0) return addressed
  const target = findDevice(world, to)
  // Some clients send a resend both ways; one of the two is enough.
  const others = addressed.filter(({ device }) => device !== target && device !== sender)
  return [...others, { device: target, encs: direct }]
}

const copyFor = (
  world: World,
  sender: Device,
  recipient: Account,
  device: Device,
  message: Stanza,
  encs: readonly Stanza[],
  more: Readonly<Record<string, string>>,
  type: string | undefined,
): Stanza => {
  const { attrs } = message
  const isOwn = device.account === sender.account
  const isFirst = encs.some((enc) => attributesOf(enc).optionalText('type') === 'pkmsg')
  const identity = childOf(message, 'device-identity')
  const reporting = childOf(message, 'reporting')
  const isPeer = more['category'] === 'peer'
  const isHidden = world.faults.areLidsHidden
  // What is sent again to a device of one's own names the chat besides the device.
  const named = attributesOf(message).optionalJid('recipient')
  const chat = (named && findAccount(world, named)) ?? recipient
  return stanza(
    'message',
    {
      // Everybody hears of everybody under the LID, whatever the sender wrote; sessions live there.
      from: isHidden ? phoneNumberOf(sender) : lidOf(sender),
      id: attrs['id'],
      type,
      t: nowSeconds(world),
      notify: sender.account.pushName,
      addressing_mode: isHidden ? 'pn' : 'lid',
      edit: attrs['edit'],
      ...more,
      ...(isOwn
        ? isPeer
          ? {}
          : isHidden
            ? { recipient: chat.phoneNumber }
            : { recipient: chat.lid, peer_recipient_pn: chat.phoneNumber }
        : isHidden
          ? {}
          : { sender_pn: userOf(phoneNumberOf(sender)) }),
    },
    [
      ...encs,
      ...childrenOf(message).filter(({ tag }) => PASSED_ON.includes(tag)),
      reporting,
      isFirst ? identity : undefined,
    ],
  )
}

/** A hash of the right devices when some were missed, so that the sender asks again. */
const phashOfMissed = (sender: Device, recipient: Account, served: ReadonlySet<Device>, isPartial: boolean): string | undefined => {
  if (isPartial) return undefined
  const expected = [...new Set([...recipient.devices.values(), ...sender.account.devices.values()])].filter((device) => device !== sender)
  return expected.every((device) => served.has(device)) ? undefined : participantHash(expected.map(phoneNumberOf))
}

/** Receipts that end at the server. */
const SWALLOWED = ['sender', 'peer_msg', 'hist_sync', 'server-error']

/** Takes a `<receipt>` of a device: clears its queue, tells the sender, answers (protocol document 06, simulator side). */
export const routeReceipt = (world: World, reader: Device, receipt: Stanza): Stanza => {
  const read = attributesOf(receipt)
  const type = read.optionalText('type')
  const to = read.optionalJid('to')
  const id = read.text('id')
  if (type !== 'retry') for (const message of idsOf(receipt)) reader.queue.answer('message', message, type)
  const ack = stanza('ack', { class: 'receipt', id, from: to ?? SERVER, type, participant: receipt.attrs['participant'] })
  if (type === 'hist_sync' || type === 'server-error') reader.account.historyReceipt?.(reader, receipt)
  if (!to || (type !== undefined && SWALLOWED.includes(type))) return ack
  const group = findGroup(world, to)
  if (group) passGroupReceipt(world, group, reader, receipt)
  if (isBroadcast(to)) passBroadcastReceipt(world, to, reader, receipt)
  const account = findAccount(world, to)
  if (!account) return ack

  const send = (device: Device, attributes: Readonly<Record<string, string | Jid | undefined>>): void => {
    deliver(device, stanza('receipt', { id, t: nowSeconds(world), ...attributes }, childrenOf(receipt)))
  }
  if (type === 'retry') {
    const asked = account.devices.get(to.device)
    if (asked) send(asked, { from: formFor(world, asked, reader, id), type, recipient: text(receipt.attrs['recipient']) })
    return ack
  }
  if (type === undefined || type === 'inactive') {
    const author = account.devices.get(to.device)
    if (author) send(author, { from: formFor(world, author, reader, id) })
    return ack
  }
  const isPrivate = type === 'read-self' || type === 'played-self'
  if (!isPrivate)
    for (const author of account.devices.values()) send(author, { from: formFor(world, author, reader, id), type })
  for (const other of reader.account.devices.values())
    if (other !== reader) send(other, { from: lidOf(reader), recipient: account.lid, type })
  return ack
}

const text = (value: string | Jid | undefined): string | undefined => value?.toString()

/** The reader in the address form the author used for the message. */
const formFor = (world: World, author: Device, reader: Device, id: string): Jid => {
  const form = world.sentForms.get(`${author.account.lid.user}:${author.id}|${id}`)
  return form && !isLid(form.to) ? phoneNumberOf(reader) : lidOf(reader)
}

/** Takes an `<ack>` of a device: clears its queue. */
export const routeAck = (device: Device, ack: Stanza): void => {
  const read = attributesOf(ack)
  const id = read.optionalText('id')
  const kind = read.optionalText('class')
  if (id === undefined) return
  if (kind === 'message' || kind === 'receipt' || kind === 'notification' || kind === 'call') device.queue.answer(kind, id, undefined, ack)
}

/** Passes `<chatstate>` on to the connected devices of the other person, or of the members of a group; nothing waits for anybody. */
export const routeChatState = (world: World, sender: Device, chatState: Stanza): void => {
  const to = attributesOf(chatState).optionalJid('to')
  const group = to && findGroup(world, to)
  if (group) {
    if (!memberOf(group, sender.account)) return
    const told = stanza('chatstate', { from: group.jid, participant: personIn(group, sender.account) }, childrenOf(chatState))
    for (const device of devicesOf(group)) if (device.account !== sender.account) device.line?.send(told)
    return
  }
  const account = to && findAccount(world, to)
  if (!account || sameJid(account.lid, sender.account.lid)) return
  for (const { line } of account.devices.values())
    line?.send(stanza('chatstate', { from: userOf(lidOf(sender)) }, childrenOf(chatState)))
}
