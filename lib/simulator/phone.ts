import { Subject, type Observable } from 'rxjs'

import { randomBytes } from '#crypto'
import { toHex } from '../bytes/bytes.ts'
import { SimulatorFailed } from '../errors/simulator-failed.ts'
import { Message } from '../proto/content.generated.ts'
import type { PrekeyLookup } from '../signal/x3dh.ts'
import { toJid, userOf, type Jid } from '../stanza/jid.ts'
import { stanza, type Stanza } from '../stanza/stanza.ts'
import type { Account, Device } from './account.ts'
import { announceIdentity } from './announce-identity.ts'
import type { DeviceLine } from './device-line.ts'
import { addressIn, findGroup } from './groups.ts'
import { createOfflineQueue } from './offline-queue.ts'
import { createPhoneAppState, type PhoneAppState } from './phone-app-state.ts'
import { createPhoneArchive, type PhoneSwitches } from './phone-archive.ts'
import { createPhoneGroups, type PhoneGroups } from './phone-groups.ts'
import { createPhoneHistory, type PhoneHistory } from './phone-history.ts'
import { createPhoneInbox, type PhoneNews } from './phone-inbox.ts'
import { createPhoneKeys, poolOf } from './phone-keys.ts'
import { createPhoneLinks, type PhoneLinks } from './phone-links.ts'
import { readableText, type PhoneMessage } from './phone-message.ts'
import { addressOf, type Person } from './person.ts'
import { createPhoneSessions } from './phone-sessions.ts'
import { takePrekey } from './take-prekey.ts'
import { bundleOf } from './prekey-pool.ts'
import { takePresence } from './presences.ts'
import type { Registration } from './registration.ts'
import { routeChatState, routeMessage, routeReceipt } from './route-messages.ts'
import { tellOwnDevice } from './tell-own-device.ts'
import { giveToken } from './trust.ts'
import { findAccount, findDevice, lidOf, nowSeconds, type World } from './world.ts'

/** A simulated phone: device 0 of an account, with real cryptography, driven by a test. */
export interface Phone extends PhoneGroups, PhoneLinks, PhoneNews {
  readonly phoneNumber: Jid
  readonly lid: Jid
  readonly messages$: Observable<PhoneMessage>
  /** Ciphertexts that could not be opened, and why. */
  readonly failures$: Observable<Error>
  /** Writes to all devices of a person and to our own others; the id of the message. */
  readonly send: (to: Person, text: string) => string
  readonly sendMessage: (to: Person, message: Message) => string
  /** Tells a sender that their message was read. */
  readonly read: (message: PhoneMessage) => void
  /** What its devices share: chats, contacts, settings. */
  readonly appState: PhoneAppState
  /** The past, for linked devices. */
  readonly history: PhoneHistory
  /** Bends how it helps others who cannot read something; without switches it does what it can. */
  readonly behave: (switches?: PhoneSwitches) => void
  /** Sends a message of a direct chat to one device again, unasked. */
  readonly sendAgain: (id: string, device: Jid | string) => void
  /** Has this message from elsewhere, as from a backup. */
  readonly remember: (message: PhoneMessage) => void
  /** Gives somebody a token of trust: their messages are welcome. */
  readonly trust: (person: Person) => void
  /** Says that this phone is there, or gone; told to whoever asked. */
  readonly setPresence: (isAvailable: boolean) => void
  /** Writes or speaks to a person or in a group, or stops; told to whoever is connected. */
  readonly type: (chat: Jid | string, state?: 'text' | 'audio' | 'paused') => void
  /**
   * Installs the app anew: another identity, no sessions, no linked devices. Everybody else's devices hear of
   * it, unless `isSilent`: then they find out by what it writes.
   */
  readonly reinstall: (options?: { readonly isSilent?: boolean }) => void
  /** Loses its session with one device, as whoever comes back from an old backup. */
  readonly loseSession: (device: Jid | string) => void
  readonly goOffline: () => void
  readonly goOnline: () => void
}

/** What a phone needs of its server. */
export interface PhoneParts {
  readonly world: World
  readonly registrations: ReadonlySet<Registration>
  readonly phoneNumber: Jid
  readonly lid: Jid
  readonly name: string | undefined
  /** `android`, `iphone`, `smba` … */
  readonly platform: string
  readonly wantsPasskey: boolean
}

/** Turns a phone on: makes its account and keys and connects it. */
export const createPhone = (parts: PhoneParts): Phone => {
  const { world, registrations, phoneNumber, lid, name, platform, wantsPasskey } = parts
  let keys = createPhoneKeys()
  const messages$ = new Subject<PhoneMessage>()
  const failures$ = new Subject<Error>()
  const fail = (error: Error): void => failures$.next(error)

  const account: Account = {
    phoneNumber,
    lid,
    pushName: name,
    devices: new Map(),
    promisedIds: new Set(),
    keyIndexList: undefined,
    keyIndexListAtSeconds: 0,
    createdAtSeconds: nowSeconds(world),
  }
  const self: Device = {
    account,
    id: 0,
    keyIndex: 0,
    keys: poolOf(keys),
    queue: createOfflineQueue(world.scheduler, true),
    liveUpdates: new Map(),
    line: undefined,
  }
  account.devices.set(0, self)
  world.accounts.set(phoneNumber.user, account)
  world.accountsByLid.set(lid.user, account)

  const prekeys: PrekeyLookup = {
    oneTime: (id) => keys.oneTime.get(id),
    signed: (id) => (id === keys.signedPrekey.id ? keys.signedPrekey.pair : undefined),
  }

  const sessions = createPhoneSessions({
    local: () => keys.local,
    prekeys,
    used: (id) => keys.oneTime.delete(id),
    takePrekey: (device) => takePrekey(world, device),
  })
  const archive = createPhoneArchive({ world, self, sessions })
  const appState = createPhoneAppState({ world, account, self: () => self, tellDevice: (device, message) => tellOwnDevice({ world, self, sessions }, device, message) })
  account.appState = appState.server
  account.deviceReady = appState.deviceReady
  const history = createPhoneHistory({ world, account, tellDevice: (device, message, id) => tellOwnDevice({ world, self, sessions }, device, message, id) })
  account.historyReceipt = history.hear
  const tell = (message: PhoneMessage): void => {
    archive.keep(message)
    messages$.next(message)
  }
  const registration = (): Stanza => stanza('registration', {}, self.keys.registration)
  const freshKeys = (): Stanza => stanza('keys', {}, bundleOf(self.keys, self.keys.oneTime.shift()).filter((part) => part?.tag !== 'registration'))
  const groups = createPhoneGroups({ world, self, sessions, tell, fail, registration, freshKeys })
  const copyFor = (device: Device, payload: Uint8Array): Stanza => stanza('to', { jid: lidOf(device) }, [sessions.encryptFor(device, payload)])

  const sendMessage = (to: Person, message: Message): string => {
    const recipient = findAccount(world, addressOf(to))
    if (!recipient) throw new SimulatorFailed('nobody has this address')
    const id = `AC${toHex(randomBytes(15)).toUpperCase()}`
    const payload = Message.encode(message)
    const own = Message.encode({ deviceSentMessage: { destinationJid: recipient.lid.toString(), message } })
    const theirs = recipient === account ? [] : [...recipient.devices.values()]
    const ours = [...account.devices.values()].filter(({ id: device }) => device !== 0)
    // Kept first: who cannot read it asks at once.
    archive.keep({ id, chat: recipient.lid, sender: lid, isFromMe: true, message, text: readableText(message) })
    routeMessage(
      world,
      self,
      stanza('message', { to: recipient.lid, id, type: 'text' }, [
        stanza('participants', {}, [...theirs.map((device) => copyFor(device, payload)), ...ours.map((device) => copyFor(device, own))]),
      ]),
    )
    return id
  }

  const links = createPhoneLinks({ world, registrations, account, keys: () => keys, platform, wantsPasskey, fail, unlinked: (device) => sessions.forget(device) })
  const { news, receive } = createPhoneInbox({ world, self, sessions, archive, appState, history, groups, links, tell, fail, registration, freshKeys })

  const line: DeviceLine = { send: receive, sendBytes: () => undefined, end: () => undefined, stall: () => undefined, routingInfo: () => undefined }
  const goOnline = (): void => {
    if (self.line) return
    self.line = line
    self.queue.resume(line)
  }
  goOnline()
  links.publish()

  const { receiveMessage: _receive, resend: _resend, forgetKeys, ...inGroups } = groups
  const { hear: _hear, publish: _publish, startOver, ...linking } = links
  return {
    ...inGroups,
    ...linking,
    ...news,
    sendToGroup: (group, content) => {
      const id = inGroups.sendToGroup(group, content)
      const message = typeof content === 'string' ? { conversation: content } : content
      archive.keep({ id, chat: toJid(group), sender: lid, isFromMe: true, message, text: readableText(message) })
      return id
    },
    appState: appState.phone,
    history: history.phone,
    behave: archive.behave,
    sendAgain: (id, device) => archive.sendAgain(id, toJid(device)),
    remember: archive.keep,
    phoneNumber,
    lid,
    messages$: messages$.asObservable(),
    failures$: failures$.asObservable(),
    sendMessage,
    send: (to, text) => sendMessage(to, { conversation: text }),
    read: ({ id, chat, sender }) => {
      const group = findGroup(world, chat)
      const author = findDevice(world, sender)
      const to = group && author ? { to: group.jid, participant: addressIn(group, author) } : { to: userOf(sender) }
      routeReceipt(world, self, stanza('receipt', { id, ...to, type: 'read', t: nowSeconds(world) }))
    },
    trust: (person) => {
      const taker = findAccount(world, addressOf(person))
      if (!taker) throw new SimulatorFailed('nobody has this address')
      giveToken(world, account, taker)
    },
    setPresence: (isAvailable) => takePresence(world, self, stanza('presence', { type: isAvailable ? 'available' : 'unavailable', name: account.pushName })),
    type: (chat, state = 'text') =>
      routeChatState(world, self, stanza('chatstate', { to: toJid(chat) }, [state === 'paused' ? stanza('paused') : stanza('composing', { media: state === 'audio' ? 'audio' : undefined })])),
    reinstall: ({ isSilent = false } = {}) => {
      keys = createPhoneKeys()
      self.keys = poolOf(keys)
      sessions.forgetAll()
      forgetKeys()
      startOver()
      if (!isSilent) announceIdentity(world, account)
    },
    loseSession: (address) => {
      const device = findDevice(world, toJid(address))
      if (!device) throw new SimulatorFailed('no device has this address')
      sessions.forget(device)
    },
    goOffline: () => {
      self.line = undefined
      self.queue.suspend()
    },
    goOnline,
  }
}
