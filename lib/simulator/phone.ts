import { Subject, type Observable } from 'rxjs'

import { hmacSha256, randomBytes, sign } from '#crypto'
import { concat, equalBytes, toHex } from '../bytes/bytes.ts'
import { RxwaError } from '../errors/rxwa-error.ts'
import { SimulatorFailed } from '../errors/simulator-failed.ts'
import { advPrefix } from '../pairing/device-identity.ts'
import type { PasskeyAnswer } from '../pairing/passkey-json.ts'
import { parseQrCode } from '../pairing/qr-code.ts'
import {
  ADVDeviceIdentity,
  ADVKeyIndexList,
  ADVSignedDeviceIdentity,
  ADVSignedDeviceIdentityHMAC,
  ADVSignedKeyIndexList,
} from '../proto/core.ts'
import { Message } from '../proto/content.ts'
import type { PrekeyLookup } from '../signal/x3dh.ts'
import { isBroadcast, Jid, sameUser, SERVER, toJid, userOf } from '../stanza/jid.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { childOf, childrenOf, stanza, type Stanza } from '../stanza/stanza.ts'
import type { Account, Device } from './account.ts'
import { announceDevice } from './announce-devices.ts'
import { announceIdentity } from './announce-identity.ts'
import { feedOf } from './broadcast-feed.ts'
import { createCodeEntry } from './code-entry.ts'
import type { DeviceLine } from './device-line.ts'
import { addressIn, findGroup } from './groups.ts'
import { createOfflineQueue } from './offline-queue.ts'
import { createPasskeyEntry, type PhonePasskeyCode } from './passkey-entry.ts'
import { createPhoneAppState, type PhoneAppState } from './phone-app-state.ts'
import { createPhoneArchive, type PhoneSwitches } from './phone-archive.ts'
import { createPhoneGroups, type PhoneGroups } from './phone-groups.ts'
import { readableText, type PhoneMessage } from './phone-message.ts'
import { tellOwnDevice } from './tell-own-device.ts'
import { createPhoneHistory, type PhoneHistory } from './phone-history.ts'
import { createPhoneKeys, poolOf } from './phone-keys.ts'
import { createPhoneSessions } from './phone-sessions.ts'
import { bundleOf } from './prekey-pool.ts'
import type { Registration } from './registration.ts'
import { takePresence } from './presences.ts'
import { routeChatState, routeMessage, routeReceipt } from './route-messages.ts'
import { giveToken } from './trust.ts'
import { findAccount, findDevice, lidOf, nowSeconds, type World } from './world.ts'

/** A receipt as a simulated phone sees it. */
export interface PhoneReceipt {
  readonly ids: readonly string[]
  /** Who sent it; the group, when it is about a message of a group. */
  readonly from: Jid
  /** Who sent it, in a group. */
  readonly participant?: Jid
  /** `delivery` when the stanza had no type. */
  readonly type: string
}

/** A simulated phone: device 0 of an account, with real cryptography, driven by a test. */
export interface Phone extends PhoneGroups {
  readonly phoneNumber: Jid
  readonly lid: Jid
  readonly messages$: Observable<PhoneMessage>
  readonly receipts$: Observable<PhoneReceipt>
  /** Ciphertexts that could not be opened, and why. */
  readonly failures$: Observable<Error>
  /** What the server tells about groups, messages aside, as it came. */
  readonly groupNews$: Observable<Stanza>
  /** Links the device that shows this code; rejects when nobody shows it or the device refuses. */
  readonly scan: (qrCode: string) => Promise<Jid>
  /**
   * Types the pairing code of the device that asked last, and links it. Rejects when nobody asked, when
   * the code is wrong, of which the device hears nothing, or when the device refuses.
   */
  readonly enterCode: (code: string) => Promise<Jid>
  /** Signs the options of a passkey request with the passkey of this account. */
  readonly signPasskey: (requestOptionsJson: string) => PasskeyAnswer
  /** The codes it shows while a device is linked by passkey. */
  readonly passkeyCodes$: Observable<PhonePasskeyCode>
  /** Writes to all devices of a person and to our own others; the id of the message. */
  readonly send: (to: Jid | { readonly lid: Jid }, text: string) => string
  readonly sendMessage: (to: Jid | { readonly lid: Jid }, message: Message) => string
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
  readonly trust: (person: Jid | { readonly lid: Jid }) => void
  /** Says that this phone is there, or gone; told to whoever asked. */
  readonly setPresence: (isAvailable: boolean) => void
  /** Writes or speaks to a person or in a group, or stops; told to whoever is connected. */
  readonly type: (chat: Jid, state?: 'text' | 'audio' | 'paused') => void
  /** Who writes to this phone, as it came. */
  readonly typing$: Observable<Stanza>
  /** Unlinks a device. */
  readonly unlink: (device: number) => void
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

/** How often a message that cannot be read is asked for (protocol document 06, section 6). */
const RETRY_LIMIT = 5

/** `ADVEncryptionType.HOSTED`. */
const HOSTED = 1

/** Turns a phone on: makes its account and keys and connects it. */
export const createPhone = (parts: PhoneParts): Phone => {
  const { world, registrations, phoneNumber, lid, name, platform, wantsPasskey } = parts
  let keys = createPhoneKeys()
  let lastKeyIndex = 0
  const messages$ = new Subject<PhoneMessage>()
  const receipts$ = new Subject<PhoneReceipt>()
  const failures$ = new Subject<Error>()
  const groupNews$ = new Subject<Stanza>()
  const typing$ = new Subject<Stanza>()

  const account: Account = {
    phoneNumber,
    lid,
    pushName: name,
    devices: new Map(),
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

  const publishKeyIndexes = (): void => {
    const timestamp = nowSeconds(world)
    const { rawId, local: { identity } } = keys
    const validIndexes = [...account.devices.values()].map(({ keyIndex }) => keyIndex).sort((one, other) => one - other)
    const details = ADVKeyIndexList.encode({ rawId, timestamp, currentIndex: lastKeyIndex, validIndexes })
    account.keyIndexList = ADVSignedKeyIndexList.encode({
      details,
      accountSignature: sign(identity, concat(advPrefix.keyIndexList, details)),
    })
    account.keyIndexListAtSeconds = timestamp
  }

  /** Vouches for a device with a secret only it and the phone know. */
  const link = async (registration: Registration, companion: Uint8Array, advSecret: Uint8Array): Promise<Jid> => {
    lastKeyIndex += 1
    const { rawId, local: { identity } } = keys
    const { hasBadHmac, hasBadSignature, isHosted } = world.faults.pairing
    const details = ADVDeviceIdentity.encode({ rawId, timestamp: nowSeconds(world), keyIndex: lastKeyIndex, ...(isHosted && { accountType: HOSTED, deviceType: HOSTED }) })
    const prefix = isHosted ? advPrefix.hostedAccount : advPrefix.account
    const signed = ADVSignedDeviceIdentity.encode({
      details,
      accountSignatureKey: identity.publicKey,
      accountSignature: sign(identity, concat(prefix, details, hasBadSignature ? identity.publicKey : companion)),
    })
    const covered = isHosted ? concat(advPrefix.hostedAccount, signed) : signed
    const container = ADVSignedDeviceIdentityHMAC.encode({
      details: signed,
      hmac: hmacSha256(hasBadHmac ? companion : advSecret, covered),
      ...(isHosted && { accountType: HOSTED }),
    })
    const device = await registration.link(account, { container, keyIndex: lastKeyIndex, accountKey: identity.publicKey, platform })
    publishKeyIndexes()
    announceDevice(world, device, 'add')
    return lidOf(device)
  }

  const passkey = createPasskeyEntry()
  /** Whoever waits for a link by passkey to come about. */
  let waitingForPasskey: ((linked: Promise<Jid>) => void) | undefined
  world.passkeys.set(toHex(passkey.credentialId), {
    entry: passkey,
    link: (secrets) => {
      const registration = [...registrations].find(({ noise }) => equalBytes(noise, secrets.noise))
      if (!registration) return
      const linked = link(registration, secrets.identity, secrets.advSecret)
      if (waitingForPasskey) waitingForPasskey(linked)
      else linked.catch((error: Error) => failures$.next(error))
      waitingForPasskey = undefined
    },
  })

  /** An account that wants a passkey goes on with it, and links only then. */
  const linkOrAsk = (registration: Registration, companion: Uint8Array, advSecret: Uint8Array): Promise<Jid> => {
    if (!wantsPasskey) return link(registration, companion, advSecret)
    passkey.interrupt(advSecret)
    const linked = new Promise<Jid>((resolve) => (waitingForPasskey = resolve))
    registration.gate.demand()
    return linked
  }

  const scan = async (qrCode: string): Promise<Jid> => {
    const code = parseQrCode(qrCode)
    if (!code) throw new SimulatorFailed('this is no QR code of a device')
    const registration = [...registrations].find(({ refs }) => refs.includes(code.ref))
    if (!registration) throw new SimulatorFailed('no device shows this code')
    return linkOrAsk(registration, code.identity, code.advSecret)
  }

  const codeEntry = createCodeEntry(() => keys.local.identity, registrations)
  const enterCode = async (code: string): Promise<Jid> => {
    const { registration, companion, advSecret } = await codeEntry.enter(code)
    return linkOrAsk(registration, companion, advSecret)
  }

  const sessions = createPhoneSessions({ local: () => keys.local, prekeys, used: (id) => keys.oneTime.delete(id) })
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
  const freshKeys = (): Stanza => stanza('keys', {}, bundleOf(self.keys, undefined).filter((part) => part?.tag !== 'registration'))
  const groups = createPhoneGroups({ world, self, sessions, tell, fail: (error) => failures$.next(error), registration, freshKeys })
  const copyFor = (device: Device, payload: Uint8Array): Stanza => stanza('to', { jid: lidOf(device) }, [sessions.encryptFor(device, payload)])

  const sendMessage = (to: Jid | { readonly lid: Jid }, message: Message): string => {
    const recipient = findAccount(world, to instanceof Jid ? to : to.lid)
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

  /** Sessions live under LIDs, however a device is named. */
  const addressOf = (jid: Jid): Jid => {
    const device = findDevice(world, jid)
    return device ? lidOf(device) : jid
  }

  /** How often each message was asked for. */
  const asked = new Map<string, number>()
  const askAgain = ({ attrs: { id, t, from, recipient } }: Stanza): void => {
    const place = `${String(id)}|${String(from)}`
    const count = (asked.get(place) ?? 0) + 1
    asked.set(place, count)
    if (count > RETRY_LIMIT) return
    routeReceipt(world, self, stanza('receipt', { id, to: from, recipient, type: 'retry' }, [
      stanza('retry', { v: '1', count, id, t }),
      registration(),
      count > 1 ? freshKeys() : undefined,
    ]))
  }

  const receiveMessage = (received: Stanza): void => {
    const read = attributesOf(received)
    const [from, id] = [read.jid('from'), read.text('id')]
    const isFromMe = sameUser(from, lid) || sameUser(from, phoneNumber)
    const isPeer = isFromMe && read.optionalText('category') === 'peer'
    try {
      for (const enc of childrenOf(received, 'enc')) {
        const outer = Message.decode(sessions.open(addressOf(from), enc))
        const message = outer.deviceSentMessage?.message ?? outer
        if (isPeer) {
          const asked = message.protocolMessage?.appStateSyncKeyRequest
          const device = account.devices.get(from.device)
          if (asked && device) appState.answerKeyRequest(device, asked)
          else {
            archive.answer(from, id, message)
            const request = message.protocolMessage?.peerDataOperationRequestMessage
            if (device && request) appState.answerRecovery(device, id, request)
            if (device) history.answer(device, id, message)
          }
          continue
        }
        const chat = isFromMe ? (read.optionalJid('recipient') ?? userOf(from)) : userOf(from)
        tell({ id, chat, sender: from, isFromMe, message, text: readableText(message) })
      }
    } catch (error) {
      // Whether or not it asks for it again, as a real phone would: a test wants to know.
      if (!(error instanceof RxwaError)) throw error
      failures$.next(error)
      if (archive.asksAgain() && !isPeer) {
        self.queue.answer('message', id, 'sender')
        askAgain(received)
        return
      }
    }
    routeReceipt(world, self, stanza('receipt', { id, to: from, ...(isFromMe && { type: isPeer ? 'peer_msg' : 'sender', recipient: read.optionalJid('recipient') }) }))
  }

  const receive = (received: Stanza): void => {
    const read = attributesOf(received)
    const from = read.optionalJid('from') ?? SERVER
    const group = isBroadcast(from) ? feedOf(from, account, []) : findGroup(world, from)
    if (received.tag === 'message') {
      if (group) groups.receiveMessage(received, group)
      else receiveMessage(received)
    } else if (received.tag === 'receipt') {
      const items = childrenOf(received, 'list').flatMap((list) => childrenOf(list, 'item').map((item) => attributesOf(item).text('id')))
      self.queue.answer('receipt', read.text('id'))
      receipts$.next({ ids: [read.text('id'), ...items], from: read.jid('from'), type: read.optionalText('type') ?? 'delivery', ...(group && { participant: read.jid('participant') }) })
      if (group && read.optionalText('type') === 'retry') groups.resend(received, group)
      else if (read.optionalText('type') === 'retry') archive.resend(received)
    } else if (received.tag === 'chatstate') {
      typing$.next(received)
    } else if (received.tag === 'call') {
      self.queue.answer('call', read.text('id'))
    } else if (received.tag === 'notification') {
      self.queue.answer('notification', read.text('id'))
      codeEntry.hear(received)
      if (read.optionalText('type') === 'w:gp2') groupNews$.next(received)
    } else if (received.tag === 'ib' && childOf(received, 'offline_preview')) self.queue.grant(Infinity)
  }

  const line: DeviceLine = { send: receive, sendBytes: () => undefined, end: () => undefined, stall: () => undefined, routingInfo: () => undefined }
  const goOnline = (): void => {
    if (self.line) return
    self.line = line
    self.queue.resume(line)
  }
  goOnline()
  publishKeyIndexes()

  const drop = (device: Device): void => {
    account.devices.delete(device.id)
    device.line?.end(stanza('stream:error', { code: '401' }, [stanza('conflict', { type: 'device_removed' })]))
  }

  const { receiveMessage: _receive, resend: _resend, forgetKeys, ...inGroups } = groups
  return {
    ...inGroups,
    sendToGroup: (group, content) => {
      const id = inGroups.sendToGroup(group, content)
      const message = typeof content === 'string' ? { conversation: content } : content
      archive.keep({ id, chat: group, sender: lid, isFromMe: true, message, text: readableText(message) })
      return id
    },
    appState: appState.phone,
    history: history.phone,
    behave: archive.behave,
    sendAgain: (id, device) => archive.sendAgain(id, toJid(device)),
    remember: archive.keep,
    phoneNumber,
    lid,
    groupNews$: groupNews$.asObservable(),
    messages$: messages$.asObservable(),
    receipts$: receipts$.asObservable(),
    failures$: failures$.asObservable(),
    scan,
    enterCode,
    signPasskey: passkey.sign,
    passkeyCodes$: passkey.codes$,
    sendMessage,
    send: (to, text) => sendMessage(to, { conversation: text }),
    read: ({ id, chat, sender }) => {
      const group = findGroup(world, chat)
      const author = findDevice(world, sender)
      const to = group && author ? { to: group.jid, participant: addressIn(group, author) } : { to: userOf(sender) }
      routeReceipt(world, self, stanza('receipt', { id, ...to, type: 'read', t: nowSeconds(world) }))
    },
    trust: (person) => {
      const taker = findAccount(world, person instanceof Jid ? person : person.lid)
      if (!taker) throw new SimulatorFailed('nobody has this address')
      giveToken(world, account, taker)
    },
    setPresence: (isAvailable) => takePresence(world, self, stanza('presence', { type: isAvailable ? 'available' : 'unavailable', name: account.pushName })),
    type: (chat, state = 'text') =>
      routeChatState(world, self, stanza('chatstate', { to: chat }, [state === 'paused' ? stanza('paused') : stanza('composing', { media: state === 'audio' ? 'audio' : undefined })])),
    typing$: typing$.asObservable(),
    unlink: (id) => {
      const device = account.devices.get(id)
      if (!device || id === 0) throw new SimulatorFailed(`device ${id} is not linked`)
      sessions.forget(device)
      drop(device)
      publishKeyIndexes()
      announceDevice(world, device, 'remove')
    },
    reinstall: ({ isSilent = false } = {}) => {
      keys = createPhoneKeys()
      self.keys = poolOf(keys)
      sessions.forgetAll()
      forgetKeys()
      for (const device of [...account.devices.values()]) if (device !== self) drop(device)
      lastKeyIndex = 0
      publishKeyIndexes()
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
