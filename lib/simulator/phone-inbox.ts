import { Subject, type Observable } from 'rxjs'

import { RxwaError } from '../errors/rxwa-error.ts'
import { Message } from '../proto/content.generated.ts'
import { isBroadcast, sameUser, SERVER, userOf, type Jid } from '../stanza/jid.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { childOf, childrenOf, stanza, type Stanza } from '../stanza/stanza.ts'
import type { Device } from './account.ts'
import { feedOf } from './broadcast-feed.ts'
import { findGroup } from './groups.ts'
import type { createPhoneAppState } from './phone-app-state.ts'
import type { PhoneArchive } from './phone-archive.ts'
import type { GroupInbox } from './phone-groups.ts'
import type { createPhoneHistory } from './phone-history.ts'
import type { LinkBook } from './phone-links.ts'
import { readableText, type PhoneMessage } from './phone-message.ts'
import type { PhoneSessions } from './phone-sessions.ts'
import { routeReceipt } from './route-messages.ts'
import { findDevice, lidOf, type World } from './world.ts'

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

/** What a simulated phone hears, messages aside. */
export interface PhoneNews {
  readonly receipts$: Observable<PhoneReceipt>
  /** What the server tells about groups, messages aside, as it came. */
  readonly groupNews$: Observable<Stanza>
  /** Who writes to this phone, as it came. */
  readonly typing$: Observable<Stanza>
}

/** What an inbox needs of its phone. */
export interface PhoneInboxParts {
  readonly world: World
  readonly self: Device
  readonly sessions: PhoneSessions
  readonly archive: PhoneArchive
  readonly appState: Pick<ReturnType<typeof createPhoneAppState>, 'answerKeyRequest' | 'answerRecovery'>
  readonly history: Pick<ReturnType<typeof createPhoneHistory>, 'answer'>
  readonly groups: Pick<GroupInbox, 'receiveMessage' | 'resend'>
  readonly links: Pick<LinkBook, 'hear'>
  readonly tell: (message: PhoneMessage) => void
  readonly fail: (error: Error) => void
  readonly registration: () => Stanza
  /** `<keys>` with a one-time prekey, for who has to begin a session anew. */
  readonly freshKeys: () => Stanza
}

/** How often a message that cannot be read is asked for (protocol document 06, section 6). */
const RETRY_LIMIT = 5

/** What a phone does with what the server brings it. */
export const createPhoneInbox = (parts: PhoneInboxParts): { readonly news: PhoneNews; readonly receive: (received: Stanza) => void } => {
  const { world, self, sessions, archive, appState, history, groups, links, tell, fail, registration, freshKeys } = parts
  const { account } = self
  const receipts$ = new Subject<PhoneReceipt>()
  const groupNews$ = new Subject<Stanza>()
  const typing$ = new Subject<Stanza>()

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

  /** What a device of ours asks of its phone. */
  const takePeer = (from: Jid, id: string, message: Message): void => {
    const device = account.devices.get(from.device)
    const keys = message.protocolMessage?.appStateSyncKeyRequest
    if (keys && device) {
      appState.answerKeyRequest(device, keys)
      return
    }
    archive.answer(from, id, message)
    const request = message.protocolMessage?.peerDataOperationRequestMessage
    if (device && request) appState.answerRecovery(device, id, request)
    if (device) history.answer(device, id, message)
  }

  const takeMessage = (received: Stanza): void => {
    const read = attributesOf(received)
    const [from, id] = [read.jid('from'), read.text('id')]
    const isFromMe = sameUser(from, account.lid) || sameUser(from, account.phoneNumber)
    const isPeer = isFromMe && read.optionalText('category') === 'peer'
    try {
      for (const enc of childrenOf(received, 'enc')) {
        const outer = Message.decode(sessions.open(addressOf(from), enc))
        const message = outer.deviceSentMessage?.message ?? outer
        if (isPeer) {
          takePeer(from, id, message)
          continue
        }
        const chat = isFromMe ? (read.optionalJid('recipient') ?? userOf(from)) : userOf(from)
        tell({ id, chat, sender: from, isFromMe, message, text: readableText(message) })
      }
    } catch (error) {
      // Whether or not it asks for it again, as a real phone would: a test wants to know.
      if (!(error instanceof RxwaError)) throw error
      fail(error)
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
    switch (received.tag) {
      case 'message':
        if (group) groups.receiveMessage(received, group)
        else takeMessage(received)
        return
      case 'receipt': {
        const items = childrenOf(received, 'list').flatMap((list) => childrenOf(list, 'item').map((item) => attributesOf(item).text('id')))
        self.queue.answer('receipt', read.text('id'))
        receipts$.next({ ids: [read.text('id'), ...items], from: read.jid('from'), type: read.optionalText('type') ?? 'delivery', ...(group && { participant: read.jid('participant') }) })
        if (read.optionalText('type') !== 'retry') return
        if (group) groups.resend(received, group)
        else archive.resend(received)
        return
      }
      case 'chatstate':
        typing$.next(received)
        return
      case 'call':
        self.queue.answer('call', read.text('id'))
        return
      case 'notification':
        self.queue.answer('notification', read.text('id'))
        links.hear(received)
        if (read.optionalText('type') === 'w:gp2') groupNews$.next(received)
        return
      case 'ib':
        if (childOf(received, 'offline_preview')) self.queue.grant(Infinity)
    }
  }

  return { news: { receipts$: receipts$.asObservable(), groupNews$: groupNews$.asObservable(), typing$: typing$.asObservable() }, receive }
}
