import { utf8 } from '../bytes/bytes.ts'
import { HistorySync, type Conversation, type HistorySyncMsg } from '../proto/content.generated.ts'
import { HistorySync_HistorySyncType as types } from '../proto/enums.generated.ts'

/** What a made history holds; the same options make the same bytes. */
export interface MadeHistory {
  /** `Message_HistorySyncType`; default 3, recent. */
  readonly syncType?: number
  readonly conversations?: number
  readonly messagesPerChat?: number
  /** Pieces the conversations are spread over; default 1. */
  readonly chunks?: number
  /** Characters of each message; default 40. */
  readonly textLength?: number
  /** When the newest message was written, in seconds since 1970. */
  readonly atSeconds: number
}

/** A made piece and what it says of itself. */
export interface MadePiece {
  readonly syncType: number
  readonly chunkOrder: number
  readonly progress: number
  readonly history: HistorySync
  readonly bytes: Uint8Array
}

const secretOf = (seed: number): Uint8Array => Uint8Array.from({ length: 32 }, (_, index) => (seed * 31 + index * 7) & 0xff)

const WORDS = ['well', 'see', 'you', 'later', 'then', 'tea', 'train', 'maybe', 'lovely', 'photo', 'street', 'never', 'again', 'home']
const textOf = (seed: number, length: number): string => {
  let state = seed >>> 0 || 1
  let text = ''
  while (text.length < length) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    text += `${WORDS[state % WORDS.length]} `
  }
  return text.slice(0, length)
}

/** The user part of the n-th made person: of the LID, and of the phone number. */
export const madeLid = (chat: number): string => String(70_000_000 + chat)
export const madeNumber = (chat: number): string => String(15_557_000_000 + chat)

/** One made message; ids name their chat and place. */
export const madeMessage = (chat: string, index: number, seed: number, atSeconds: number, textLength = 40): HistorySyncMsg => ({
  message: {
    key: { remoteJid: chat, fromMe: index % 3 === 0, id: `H${seed}M${index}` },
    message: { conversation: textOf(seed * 1_000 + index, textLength), messageContextInfo: { messageSecret: secretOf(seed + index) } },
    messageTimestamp: atSeconds,
    status: 3,
  },
  msgOrderId: index + 1,
})

const madeConversation = (chat: number, { messagesPerChat = 1, textLength, atSeconds }: MadeHistory): Conversation => {
  const id = `${madeLid(chat)}@lid`
  return {
    id,
    messages: Array.from({ length: messagesPerChat }, (_, index) => madeMessage(id, index, chat, atSeconds - index * 60, textLength)),
    conversationTimestamp: atSeconds,
    name: `Chat ${chat}`,
    unreadCount: chat % 5,
    tcToken: utf8(`token of ${chat}`),
    tcTokenTimestamp: atSeconds,
    pnJid: `${madeNumber(chat)}@s.whatsapp.net`,
    lidJid: id,
  }
}

/** Makes the pieces of a history, without anything of chance. */
export const madePieces = (made: MadeHistory): readonly MadePiece[] => {
  const { syncType = types.RECENT, conversations = 1, chunks = 1 } = made
  return Array.from({ length: chunks }, (_, chunk) => {
    const chats = Array.from({ length: conversations }, (__, chat) => chat).filter((chat) => chat % chunks === chunk)
    const [chunkOrder, progress] = [chunk + 1, Math.round(((chunk + 1) * 100) / chunks)]
    const history: HistorySync = {
      syncType: syncType as NonNullable<HistorySync['syncType']>,
      conversations: chats.map((chat) => madeConversation(chat, made)),
      chunkOrder,
      progress,
      phoneNumberToLidMappings: chats.map((chat) => ({ pnJid: `${madeNumber(chat)}@s.whatsapp.net`, lidJid: `${madeLid(chat)}@lid` })),
    }
    return { syncType, chunkOrder, progress, history, bytes: HistorySync.encode(history) }
  })
}
