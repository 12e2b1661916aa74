import { RxwaError } from '../errors/rxwa-error.ts'
import { MessageRefused } from '../errors/send-errors.ts'
import { SignalFailed } from '../errors/signal-error.ts'
import type { MessageInfo } from '../events/message-event.ts'
import type { ExplainedMessage, ExplanationBook } from '../pipeline/explanation-book.ts'
import type { Parsed } from '../pipeline/parsed.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { childOf } from '../stanza/stanza.ts'
import type { Draft } from './encrypt-draft.ts'
import type { DeviceOutcome } from './send-progress.ts'

/** The name of a received message in the book. */
export const received = ({ id, source }: MessageInfo): ExplainedMessage => ({ direction: 'in', id, chat: source.chat, sender: source.sender })

/** The name of a message of ours. */
export const sent = ({ id, chat }: Pick<Draft, 'chat'> & { readonly id: string }): ExplainedMessage => ({ direction: 'out', id, chat })

/** Code and, for a failure of the encryption, fault of an error. */
export const codeOf = (error: unknown) => {
  const cause = error instanceof RxwaError && error.cause instanceof SignalFailed ? error.cause : error
  return { code: error instanceof RxwaError ? error.code : 'defect', ...(cause instanceof SignalFailed && { fault: cause.fault }) }
}

/** Writes down what a handled stanza says about messages that could not be read; nothing for all others. */
export const explainReceived = (book: ExplanationBook, parsed: Parsed): void => {
  const { trouble, missing, recovered } = parsed
  if (trouble) explainTrouble(book, trouble)
  if (missing) for (const { info } of missing) book.noteKnown(received(info), { kind: 'phone_answered', outcome: 'does_not_have_it' })
  if (recovered)
    for (const { events } of recovered)
      for (const event of events) {
        if (event.type !== 'message' || !book.has(event.info.id)) continue
        book.note(received(event.info), { kind: 'phone_answered', outcome: 'handed_over' })
        noteRead(book, event.info, 'phone')
      }
  if (book.isEmpty()) return
  for (const event of parsed.events) if (event.type === 'message') noteRead(book, event.info, 'sender')
}

/** Only the first one who helps is thanked. */
const noteRead = (book: ExplanationBook, info: MessageInfo, thanksTo: 'sender' | 'phone'): void => {
  const known = book.explain(info.id)
  if (known?.direction === 'in' && known.outcome !== 'mended') book.note(received(info), { kind: 'read', thanksTo })
}

const explainTrouble = (book: ExplanationBook, { info, failure, retry, unavailableType }: NonNullable<Parsed['trouble']>): void => {
  const message = received(info)
  if (unavailableType) book.note(message, { kind: 'no_content', unavailableType })
  if (failure) {
    const { encType, reason, fault, isUnknownDevice = false } = failure
    book.note(message, { kind: 'not_decrypted', encType, reason, isUnknownDevice, ...(fault !== undefined && { fault }) })
  }
  if (retry) {
    const asked = childOf(retry, 'retry')
    const count = (asked && attributesOf(asked).optionalInteger('count')) ?? 1
    book.note(message, { kind: 'retry_sent', count, withKeys: childOf(retry, 'keys') !== undefined })
  }
}

/** Writes down for which devices a message could not be encrypted. */
export const explainSkipped = (book: ExplanationBook, draft: Draft & { readonly id: string }, skipped: readonly DeviceOutcome[]): void => {
  for (const { device, error } of skipped) book.note(sent(draft), { kind: 'device_skipped', device, ...codeOf(error) })
}

/** Writes down why a message was not sent. */
export const explainNotSent = (book: ExplanationBook, draft: Draft & { readonly id: string }, error: unknown): void =>
  book.note(sent(draft), { kind: 'not_sent', code: codeOf(error).code, ...(error instanceof MessageRefused && { status: error.status }) })
