import { RecentMap } from '../collections/recent-map.ts'
import { SimulatorFailed } from '../errors/simulator-failed.ts'
import { Message, WebMessageInfo } from '../proto/content.generated.ts'
import { Message_PeerDataOperationRequestType as Operation, Message_ProtocolMessage_Type as ProtocolType } from '../proto/enums.generated.ts'
import { isBroadcast, isGroup, sameUser, type Jid } from '../stanza/jid.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { childOf, stanza, type Stanza } from '../stanza/stanza.ts'
import type { Device } from './account.ts'
import type { PhoneMessage } from './phone-message.ts'
import type { PhoneSessions } from './phone-sessions.ts'
import { routeMessage } from './route-messages.ts'
import { tellOwnDevice } from './tell-own-device.ts'
import { findAccount, findDevice, lidOf, nowSeconds, type World } from './world.ts'

/** What a phone leaves undone, and does besides. */
export interface PhoneSwitches {
  /** Sends nothing again to devices that could not read it in a direct chat. */
  readonly ignoresRetries?: boolean
  /** Answers no request of its linked devices. */
  readonly ignoresRequests?: boolean
  /** Answers that it has none of the messages it is asked for. */
  readonly hasNoMessages?: boolean
  /** Asks for messages of direct chats again that it cannot read, as it always does in groups. */
  readonly asksAgain?: boolean
}

/** What a phone wrote and read, and how it helps with it. */
export interface PhoneArchive {
  readonly keep: (message: PhoneMessage) => void
  /** Answers a linked device that asks for messages it cannot read (protocol document 06, simulator 6). */
  readonly answer: (device: Jid, requestId: string, request: Message) => void
  /** Sends a message of a direct chat again (protocol document 05, simulator 16). */
  readonly resend: (receipt: Stanza) => void
  readonly behave: (switches?: PhoneSwitches) => void
  /** Whether it asks for messages of direct chats again. */
  readonly asksAgain: () => boolean
  /** Sends a message of a direct chat to one device again, unasked. */
  readonly sendAgain: (id: string, device: Jid) => void
}

/** What the archive needs of its phone. */
export interface PhoneArchiveParts {
  readonly world: World
  readonly self: Device
  readonly sessions: PhoneSessions
}

interface Kept extends PhoneMessage {
  readonly atSeconds: number
}

/** Messages it keeps at least. */
const REMEMBERED = 10_000

/** A fifth request is refused. */
const RETRY_LIMIT = 5

/** An empty archive. */
export const createPhoneArchive = ({ world, self, sessions }: PhoneArchiveParts): PhoneArchive => {
  const kept = new RecentMap<string, Kept>(REMEMBERED)
  let switches: PhoneSwitches = {}

  const webMessageOf = (key: NonNullable<WebMessageInfo['key']>): Uint8Array | undefined => {
    const found = kept.get(key.id ?? '')
    if (!found || switches.hasNoMessages) return undefined
    const isMany = isGroup(found.chat) || isBroadcast(found.chat)
    return WebMessageInfo.encode({
      key,
      message: found.message,
      messageTimestamp: found.atSeconds,
      ...(isMany && key.participant !== undefined && { participant: key.participant }),
      ...(!found.isFromMe && { pushName: findAccount(world, found.sender)?.pushName ?? '' }),
    })
  }

  const sendTo = (device: Device, { id, message }: Kept, count: number): void =>
    void routeMessage(world, self, stanza('message', { to: lidOf(device), id, type: 'text' }, [sessions.encryptFor(device, Message.encode(message), count)]))

  return {
    keep: (message) => void kept.set(message.id, { ...message, atSeconds: nowSeconds(world) }),
    answer: (from, requestId, { protocolMessage }) => {
      const request = protocolMessage?.peerDataOperationRequestMessage
      const device = self.account.devices.get(from.device)
      if (!device || switches.ignoresRequests || request?.peerDataOperationRequestType !== Operation.PLACEHOLDER_MESSAGE_RESEND) return
      const results = (request.placeholderMessageResendRequest ?? []).map(({ messageKey = {} }) => {
        const webMessageInfoBytes = webMessageOf(messageKey)
        return webMessageInfoBytes ? { placeholderMessageResendResponse: { webMessageInfoBytes } } : {}
      })
      const answer: Message = {
        protocolMessage: {
          type: ProtocolType.PEER_DATA_OPERATION_REQUEST_RESPONSE_MESSAGE,
          peerDataOperationRequestResponseMessage: { peerDataOperationRequestType: Operation.PLACEHOLDER_MESSAGE_RESEND, stanzaId: requestId, peerDataOperationResult: results },
        },
      }
      tellOwnDevice({ world, self, sessions }, device, answer)
    },
    resend: (receipt) => {
      const read = attributesOf(receipt)
      const asked = childOf(receipt, 'retry')
      const [registration, keys] = [childOf(receipt, 'registration'), childOf(receipt, 'keys')]
      const device = findDevice(world, read.jid('from'))
      const found = kept.get(read.text('id'))
      const count = (asked && attributesOf(asked).optionalInteger('count')) ?? 1
      const isForThem = device && found?.isFromMe && device.account !== self.account && sameUser(found.chat, device.account.lid)
      if (!isForThem || switches.ignoresRetries || count >= RETRY_LIMIT) return
      if (registration && keys) sessions.restart(device, registration, keys)
      sendTo(device, found, count)
    },
    sendAgain: (id, to) => {
      const [device, found] = [findDevice(world, to), kept.get(id)]
      if (!device || !found) throw new SimulatorFailed('no such device, or no such message')
      sendTo(device, found, 1)
    },
    behave: (next = {}) => (switches = next),
    asksAgain: () => switches.asksAgain === true,
  }
}
