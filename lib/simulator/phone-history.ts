import { zlibSync } from 'fflate'

import { randomBytes } from '#crypto'
import { toHex } from '../bytes/bytes.ts'
import { RxwaError } from '../errors/rxwa-error.ts'
import { openMediaRetry, sealMediaRetry } from '../media/media-retry.ts'
import type { Message} from '../proto/content.generated.ts';
import { HistorySync, MediaRetryNotification, ServerErrorReceipt, type Message_HistorySyncNotification } from '../proto/content.generated.ts'
import { HistorySync_HistorySyncType as types, MediaRetryNotification_ResultType as Result, Message_PeerDataOperationRequestType as Operation, Message_ProtocolMessage_Type as ProtocolType } from '../proto/enums.generated.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { bytesOf, childOf, stanza, type Stanza } from '../stanza/stanza.ts'
import type { Account, Device } from './account.ts'
import { madeMessage, madePieces, type MadeHistory, type MadePiece } from './made-history.ts'
import { deliver, nowSeconds, type World } from './world.ts'

/** What goes wrong with a piece of history. */
export type HistoryDamage =
  | 'wrong_mac'
  /** The zlib stream ends early. */
  | 'cut'
  /** Nothing lies where it should. */
  | 'not_found'

/** What is sent. */
export interface SentHistory extends Partial<MadeHistory> {
  /** Changes a piece before it is sent. */
  readonly change?: (history: HistorySync) => HistorySync
  /** In the notification itself; default false, a file on the host. */
  readonly inline?: boolean
  /** Which pieces are sent, in which order, from 1; a piece may be named twice. Default each once. */
  readonly order?: readonly number[]
  /** What is wrong with a piece, by its number. */
  readonly damage?: Readonly<Record<number, HistoryDamage>>
}

/** The past as the phone sends it to its linked devices. */
export interface PhoneHistory {
  /** Sends pieces to the linked devices; the ids of their messages. */
  readonly send: (options?: SentHistory) => readonly string[]
  /** Sends again what no device has confirmed, under the same ids. */
  readonly sendUnconfirmed: () => void
  /** Messages whose history was confirmed, in the order that happened. */
  readonly confirmed: () => readonly string[]
  /** Messages whose file was asked for again. */
  readonly askedAgain: () => readonly string[]
  /** Bends how it answers: not at all, or that it has nothing more. */
  readonly behave: (switches?: { readonly ignoresRequests?: boolean; readonly cannotUpload?: boolean }) => void
}

/** What it is made of. */
export interface PhoneHistoryParts {
  readonly world: World
  readonly account: Account
  /** Tells a linked device something as a peer message, under this id. */
  readonly tellDevice: (device: Device, message: Message, id: string) => void
}

const noticeOf = (historySyncNotification: Message_HistorySyncNotification): Message => ({
  protocolMessage: { type: ProtocolType.HISTORY_SYNC_NOTIFICATION, historySyncNotification },
})

/** The history of a phone. */
export const createPhoneHistory = ({ world, account, tellDevice }: PhoneHistoryParts) => {
  const sent = new Map<string, { readonly device: Device; readonly notification: Message_HistorySyncNotification; readonly zlib: Uint8Array }>()
  const confirmed: string[] = []
  const askedAgain: string[] = []
  let switches: NonNullable<Parameters<PhoneHistory['behave']>[0]> = {}

  const sendPiece = (device: Device, { syncType, chunkOrder, progress }: Pick<MadePiece, 'syncType' | 'chunkOrder' | 'progress'>, raw: Uint8Array, inline: boolean, damage?: HistoryDamage, sessionId?: string): string => {
    const id = `AC${toHex(randomBytes(15)).toUpperCase()}`
    const whole = zlibSync(raw)
    const zlib = damage === 'cut' ? whole.subarray(0, -9) : whole
    const stored = inline ? undefined : world.media.put('history', zlib)
    if (stored && damage === 'wrong_mac') world.media.bend({ change: (bytes) => ((bytes[bytes.length - 1]! ^= 1), bytes) }, stored.directPath)
    if (stored && damage === 'not_found') world.media.bend({ status: 404 }, stored.directPath)
    const notification: Message_HistorySyncNotification = {
      ...(stored ?? { initialHistBootstrapInlinePayload: zlib }),
      syncType: syncType as NonNullable<Message_HistorySyncNotification['syncType']>,
      chunkOrder,
      progress,
      ...(sessionId !== undefined && { peerDataRequestSessionId: sessionId }),
    }
    sent.set(id, { device, notification, zlib: whole })
    tellDevice(device, noticeOf(notification), id)
    return id
  }

  const linked = (): readonly Device[] => [...account.devices.values()].filter(({ id }) => id !== 0)

  const phone: PhoneHistory = {
    send: ({ change = (history: HistorySync) => history, inline = false, order, damage = {}, ...made } = {}) => {
      const pieces = madePieces({ atSeconds: nowSeconds(world), ...made })
      return (order ?? pieces.map(({ chunkOrder }) => chunkOrder)).flatMap((number) => {
        const piece = pieces[number - 1]
        return piece ? linked().map((device) => sendPiece(device, piece, HistorySync.encode(change(piece.history)), inline, damage[number])) : []
      })
    },
    sendUnconfirmed: () => {
      for (const [id, { device, notification }] of sent) if (!confirmed.includes(id)) tellDevice(device, noticeOf(notification), id)
    },
    confirmed: () => confirmed,
    askedAgain: () => askedAgain,
    behave: (next = {}) => (switches = next),
  }

  /** Uploads a file again where it is asked for, or says that it cannot (protocol document 07, section 7). */
  const uploadAgain = (device: Device, receipt: Stanza): void => {
    const id = attributesOf(receipt).text('id')
    askedAgain.push(id)
    const found = sent.get(id)
    const encrypt = childOf(receipt, 'encrypt')
    const [ciphertext, iv] = [encrypt && bytesOf(childOf(encrypt, 'enc_p')), encrypt && bytesOf(childOf(encrypt, 'enc_iv'))]
    const mediaKey = found?.notification.mediaKey
    const answer = (content: Stanza): void =>
      deliver(device, stanza('notification', { id, type: 'mediaretry', from: account.lid, t: nowSeconds(world) }, [content]))
    const asked = mediaKey && ciphertext && iv && readable(() => ServerErrorReceipt.decode(openMediaRetry(mediaKey, id, { ciphertext, iv })))
    if (!found || !mediaKey || asked?.stanzaId !== id || switches.cannotUpload) {
      answer(stanza('error', { code: '2' }))
      return
    }
    const directPath = world.media.putAgain('history', found.zlib, mediaKey)
    const sealed = sealMediaRetry(mediaKey, id, MediaRetryNotification.encode({ stanzaId: id, directPath, result: Result.SUCCESS }))
    answer(stanza('encrypt', {}, [stanza('enc_p', {}, sealed.ciphertext), stanza('enc_iv', {}, sealed.iv)]))
  }

  return {
    phone,
    /** A linked device told something of a piece. */
    hear: (device: Device, receipt: Stanza): void => {
      const read = attributesOf(receipt)
      if (read.optionalText('type') === 'hist_sync') confirmed.push(read.text('id'))
      else if (read.optionalText('category') === 'peer') uploadAgain(device, receipt)
    },
    /** Answers who asks for older messages (protocol document 09, simulator 4). */
    answer: (device: Device, requestId: string, { protocolMessage }: Message): void => {
      const request = protocolMessage?.peerDataOperationRequestMessage
      const wish = request?.historySyncOnDemandRequest
      if (request?.peerDataOperationRequestType !== Operation.HISTORY_SYNC_ON_DEMAND || !wish || switches.ignoresRequests) return
      const { chatJid = '', onDemandMsgCount = 50, oldestMsgTimestampMs = 0, supportInlineResponse = false } = wish
      const before = Math.floor(Number(oldestMsgTimestampMs) / 1000)
      const history: HistorySync = {
        syncType: types.ON_DEMAND,
        conversations: [
          { id: chatJid, messages: Array.from({ length: onDemandMsgCount }, (_, index) => madeMessage(chatJid, index, 9, before - 60 * (index + 1))), endOfHistoryTransferType: 2 },
        ],
      }
      sendPiece(device, { syncType: types.ON_DEMAND, chunkOrder: 1, progress: 100 }, HistorySync.encode(history), supportInlineResponse, undefined, requestId)
    },
  }
}

const readable = <T>(read: () => T): T | undefined => {
  try {
    return read()
  } catch (error) {
    if (error instanceof RxwaError) return undefined
    throw error
  }
}
