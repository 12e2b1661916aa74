import { utf8 } from '../bytes/bytes.ts'

/** The preview of the last message, as kept. */
export interface PreviewRecord {
  readonly moment: string
  readonly id: string
  readonly fromMe: boolean
  readonly sender?: string
  readonly text?: string
  readonly kind: string
}

/** A chat as it is kept, as JSON; times in milliseconds. */
export interface ChatRecord {
  readonly number: number
  /** All its addresses, the one to show first. */
  readonly addresses: readonly string[]
  readonly subject?: string | undefined
  readonly unread: number
  readonly mentions: number
  readonly isMarkedUnread: boolean
  /** Moment of the newest message that was read. */
  readonly readUpTo?: string | undefined
  readonly pinnedAtMs?: number | undefined
  readonly isArchived: boolean
  /** -1: for good. */
  readonly mutedUntilMs?: number | undefined
  readonly isLocked: boolean
  readonly labels: readonly string[]
  readonly ephemeralSeconds: number
  readonly isReadOnly: boolean
  readonly last?: PreviewRecord | undefined
  readonly lastAtMs?: number | undefined
  /** The phone has told what it knows of it. */
  readonly isFromHistory: boolean
  /** Deleted, and nothing was written since. */
  readonly isHidden: boolean
}

/** A chat nothing is known of. */
export const emptyChat = (number: number, address: string): ChatRecord => ({
  number,
  addresses: [address],
  unread: 0,
  mentions: 0,
  isMarkedUnread: false,
  isArchived: false,
  isLocked: false,
  labels: [],
  ephemeralSeconds: 0,
  isReadOnly: false,
  isFromHistory: false,
  isHidden: false,
})

/** A person as kept. */
export interface PersonRecord {
  readonly lid?: string
  readonly phoneNumber?: string
  readonly name?: string | undefined
  readonly pushName?: string | undefined
  readonly businessName?: string | undefined
}

/** A label as kept. */
export interface LabelRecord {
  readonly id: string
  readonly name: string
  readonly color?: number
}

/** One message with an id, by where it lies and who wrote it. */
export interface MessageReference {
  readonly place: string
  readonly fromMe: boolean
  /** Address of the person, in chats of many. */
  readonly sender?: string
}

/** What one person did with a message of ours, in milliseconds. */
export interface ReceiptRecord {
  readonly person: string
  readonly deliveredAtMs?: number
  readonly readAtMs?: number
  readonly playedAtMs?: number
}

/** The row of a record. */
export const encodeRecord = (record: unknown): Uint8Array => utf8(JSON.stringify(record))

const decoder = new TextDecoder()

/** Reads a row; undefined when it is no JSON object or list. */
export const decodeRecord = <T extends object>(row: Uint8Array | undefined): T | undefined => {
  if (!row) return undefined
  try {
    const value: unknown = JSON.parse(decoder.decode(row))
    // Rows are written by `encodeRecord` alone.
    return typeof value === 'object' && value !== null ? (value as T) : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
