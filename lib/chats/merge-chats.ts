import { concat, concatMap, defer, EMPTY, type Observable } from 'rxjs'

import { followedBy } from '../reactive/at-once.ts'
import type { Book, Merge } from './book.ts'
import { chatOfPlace, momentOfPlace, placeOf } from './places.ts'
import { searchText } from './search-words.ts'
import { eachMessage, type PlacedMessage, type Shelf } from './shelf.ts'

/** Moves the messages of a chat to the one it turned out to be; newer things win, what is unread adds up. */
export const mergeChats = (book: Book, shelf: Shelf, { kept, gone }: Merge): Observable<never> => {
  const moved$ = eachMessage(shelf, gone, undefined, (message) => move(shelf, message, kept))
  return concat(moved$, defer(() => (join(book, kept, gone), EMPTY)))
}

const move = (shelf: Shelf, message: PlacedMessage, chat: number): Observable<never> => {
  const { place, info, editedAtMs } = message
  const id = info.key?.id ?? ''
  const moved = placeOf(chat, momentOfPlace(place))
  return shelf.references(chatOfPlace(place), id).pipe(
    concatMap((before) =>
      followedBy(shelf.receipts(place), (receipts) =>
        followedBy(shelf.references(chat, id), (there) => {
          const own = before.find((reference) => reference.place === place)
          shelf.remove(message, before)
          // It came under both addresses.
          if (there.some(({ fromMe }) => fromMe === own?.fromMe)) return EMPTY
          shelf.keep({ place: moved, info, editedAtMs }, searchText(chat, info.message), [...there, { ...(own ?? { fromMe: info.key?.fromMe === true }), place: moved }])
          if (receipts.length > 0) shelf.keepReceipts(moved, receipts)
          return EMPTY
        }),
      ),
    ),
  )
}

const join = (book: Book, kept: number, gone: number): void => {
  const [chat, other] = [book.chatAt(kept), book.chatAt(gone)]
  if (!chat || !other) return
  const newer = (other.last?.moment ?? '~') < (chat.last?.moment ?? '~') ? other : chat
  book.removeChat(gone)
  book.changeChat(kept, {
    addresses: [...new Set([...chat.addresses, ...other.addresses])],
    unread: chat.unread + other.unread,
    mentions: chat.mentions + other.mentions,
    isMarkedUnread: chat.isMarkedUnread || other.isMarkedUnread,
    isArchived: chat.isArchived && other.isArchived,
    isHidden: chat.isHidden && other.isHidden,
    isFromHistory: chat.isFromHistory || other.isFromHistory,
    labels: [...new Set([...chat.labels, ...other.labels])],
    pinnedAtMs: chat.pinnedAtMs ?? other.pinnedAtMs,
    mutedUntilMs: chat.mutedUntilMs ?? other.mutedUntilMs,
    last: newer.last,
    lastAtMs: newer.lastAtMs,
  })
}
