import { EMPTY, type Observable } from 'rxjs'

import type { MessageKey } from '../proto/types.generated.ts'
import type { Jid } from '../stanza/jid.ts'
import type { Book, Merge } from './book.ts'
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

/** Two addresses turned out to be of one person; completes when what was two chats is one. */
export const learn = ({ book, shelf }: ViewState, one: Jid | undefined, other: Jid | undefined): Observable<never> => {
  const merge: Merge | undefined = book.learn(one, other)
  return merge ? mergeChats(book, shelf, merge) : EMPTY
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
export const isBy = ({ book }: ViewState, { fromMe, sender }: MessageReference, actor: Actor, parse: (address: string) => Jid | undefined): boolean => {
  if (fromMe !== actor.fromMe) return false
  if (fromMe || sender === undefined || actor.address === undefined) return true
  const jid = parse(sender)
  return sender === actor.address || (jid !== undefined && book.addressOf(jid) === actor.address)
}

/** The message a key of another message means, when there are several with its id. */
export const pick = (references: readonly MessageReference[], key: MessageKey, actor: Actor): MessageReference | undefined => {
  if (references.length < 2) return references[0]
  // What is `fromMe` to somebody else is by them.
  const isByActor = key.fromMe === true
  return references.find(({ fromMe, sender }) => (isByActor ? fromMe === actor.fromMe && (fromMe || sender === actor.address) : key.participant === undefined || sender === key.participant)) ?? references[0]
}
