import { concat, defer, EMPTY, ignoreElements, type Observable } from 'rxjs'

import type { MessageKey } from '../proto/types.generated.ts'
import { parseJid, type Jid } from '../stanza/jid.ts'
import type { Book } from './book.ts'
import { mergeChats } from './merge-chats.ts'
import type { MessageReference } from './records.ts'
import type { Shelf } from './shelf.ts'

/** What events are projected onto. */
export interface ViewState {
  readonly book: Book
  readonly shelf: Shelf
  /** Our two addresses, as far as they are known. */
  readonly me: () => { readonly id: Jid; readonly lid: Jid } | undefined
}

/** Makes durable what was changed so far; completes when it is. */
export const settle = ({ book, shelf }: Pick<ViewState, 'book' | 'shelf'>): Observable<never> => defer(() => shelf.commit(book.takeWrites())).pipe(ignoreElements())

/**
 * Two addresses turned out to be of one person; completes when what was two chats is one. Until then it is durable as
 * if nobody knew: whoever is stopped in between finds it out again, and goes on.
 */
export const learn = (state: ViewState, one: Jid | undefined, other: Jid | undefined): Observable<never> => {
  const { book, shelf } = state
  const [first, second] = [one && book.findChat(one), other && book.findChat(other)]
  if (!first || !second || first.number === second.number) {
    book.learn(one, other)
    return EMPTY
  }
  return concat(
    settle(state),
    defer(() => {
      const merge = book.learn(one, other)
      return merge ? mergeChats(book, shelf, merge) : EMPTY
    }),
  )
}

/** Who did something: us, or somebody by address. */
export interface Actor {
  readonly fromMe: boolean
  /** Absent for us; in direct chats it is the other one. */
  readonly address?: string
}

/** Who wrote or did something in a chat. */
export const actorOf = ({ book }: ViewState, fromMe: boolean, sender: Jid | undefined): Actor => (fromMe || !sender ? { fromMe } : { fromMe, address: book.addressOf(sender) })

/** Whether a message is by this actor; in direct chats there is only one other. */
export const isBy = ({ book }: ViewState, { fromMe, sender }: MessageReference, actor: Actor): boolean => {
  if (fromMe !== actor.fromMe) return false
  if (fromMe || sender === undefined || actor.address === undefined) return true
  const jid = parseJid(sender)
  return sender === actor.address || (jid !== undefined && book.addressOf(jid) === actor.address)
}

/** The message a key of another message means, when there are several with its id. */
export const pick = (references: readonly MessageReference[], key: MessageKey, actor: Actor): MessageReference | undefined => {
  if (references.length < 2) return references[0]
  // What is `fromMe` to somebody else is by them.
  const isByActor = key.fromMe === true
  return references.find(({ fromMe, sender }) => (isByActor ? fromMe === actor.fromMe && (fromMe || sender === actor.address) : key.participant === undefined || sender === key.participant)) ?? references[0]
}
