import { asyncScheduler, defer, type Observable, type SchedulerLike } from 'rxjs'

import { HistoryRejected } from '../errors/history-error.ts'
import { ProtoMalformed } from '../errors/proto-error.ts'
import type { HistoryMessageStreamPart, HistoryStreamPart, LazyHistorySync } from '../events/history-events.ts'
import type { ProtoCodec } from '../proto/codec.ts'
import type { Conversation, HistorySync, HistorySyncMsg, Message_HistorySyncNotification } from '../proto/types.generated.ts'
import { inflateHistory } from './inflate-history.ts'
import { readHistory, readHistoryMessages } from './read-history.ts'
import { stepwiseParts } from './stepwise.ts'

/** Decoders of what a piece of history is made of. */
export interface HistoryCodecs {
  readonly history: ProtoCodec<HistorySync>
  readonly conversation: ProtoCodec<Conversation>
  readonly entry: ProtoCodec<HistorySyncMsg>
}

const STEP_BYTES = 1024 * 1024

/** A piece of history over its compressed bytes. */
export class LazyHistory implements LazyHistorySync {
  readonly syncType: number
  declare readonly chunkOrder?: number
  declare readonly progress?: number
  declare readonly peerDataRequestSessionId?: string
  declare readonly oldestMessageTimestamp?: Date
  readonly #compressed: Uint8Array
  readonly #size: number
  readonly #codecs: HistoryCodecs
  readonly #scheduler: SchedulerLike
  #whole: Promise<HistorySync | undefined> | undefined

  constructor(notification: Message_HistorySyncNotification, compressed: Uint8Array, size: number, codecs: HistoryCodecs, scheduler: SchedulerLike = asyncScheduler) {
    const { syncType = 0, chunkOrder, progress, peerDataRequestSessionId, oldestMsgInChunkTimestampSec } = notification
    this.syncType = syncType
    const told = {
      ...(chunkOrder !== undefined && { chunkOrder }),
      ...(progress !== undefined && { progress }),
      ...(peerDataRequestSessionId !== undefined && { peerDataRequestSessionId }),
      ...(oldestMsgInChunkTimestampSec !== undefined && { oldestMessageTimestamp: new Date(Number(oldestMsgInChunkTimestampSec) * 1000) }),
    }
    Object.assign(this, told)
    this.#compressed = compressed
    this.#size = size
    this.#codecs = codecs
    this.#scheduler = scheduler
  }

  get compressedBytes(): Uint8Array {
    return this.#compressed
  }

  get decompressedSize(): number {
    return this.#size
  }

  decompress = (): Promise<Uint8Array> => Promise.resolve().then(() => this.#inflate())

  stream = (): Observable<HistoryStreamPart> =>
    defer(() => {
      const decode = this.#decoder()
      return stepwiseParts(() => readHistory(this.#chunks()), ({ bytes }) => bytes.length, STEP_BYTES, decode, this.#scheduler)
    })

  messages = (): Observable<HistoryMessageStreamPart> =>
    defer(() => {
      const decode = this.#decoder()
      return stepwiseParts(
        () => readHistoryMessages(this.#chunks()),
        ({ bytes }) => bytes.length,
        STEP_BYTES,
        (part): HistoryMessageStreamPart | undefined => {
          if (part.kind !== 'message') return decode(part)
          const entry = unlessMalformed(() => this.#codecs.entry.decode(part.bytes.slice()))
          return entry && { kind: 'message', entry }
        },
        this.#scheduler,
      )
    })

  get = (): Promise<HistorySync | undefined> =>
    (this.#whole ??= this.decompress().then(
      (bytes) => unlessMalformed(() => this.#codecs.history.decode(bytes)),
      (error: unknown) => {
        if (error instanceof HistoryRejected) return undefined
        throw error
      },
    ))

  #chunks(): Generator<Uint8Array, void, undefined> {
    return this.#compressed.length === 0 ? nothing() : inflateHistory(this.#compressed, { mostBytes: this.#size })
  }

  #inflate(): Uint8Array {
    const whole = new Uint8Array(this.#size)
    let length = 0
    for (const chunk of this.#chunks()) {
      whole.set(chunk, length)
      length += chunk.length
    }
    return whole.subarray(0, length)
  }

  /** What one reader makes of parts; a conversation nobody can read is counted and left out. */
  #decoder(): (part: { readonly kind: 'conversation' | 'remainder'; readonly bytes: Uint8Array }) => HistoryStreamPart | undefined {
    let skippedConversations = 0
    return ({ kind, bytes }) => {
      // A copy: byte fields are views, and these bytes will be others soon.
      if (kind === 'remainder') {
        const history = unlessMalformed(() => this.#codecs.history.decode(bytes.slice()))
        if (!history) throw new HistoryRejected('malformed')
        return { kind, history, skippedConversations }
      }
      const conversation = unlessMalformed(() => this.#codecs.conversation.decode(bytes.slice()))
      if (!conversation) skippedConversations += 1
      return conversation && { kind, conversation }
    }
  }
}

function* nothing(): Generator<Uint8Array, void, undefined> {}

const unlessMalformed = <T>(decode: () => T): T | undefined => {
  try {
    return decode()
  } catch (error) {
    if (error instanceof ProtoMalformed) return undefined
    throw error
  }
}
