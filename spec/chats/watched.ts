import { firstValueFrom, type Subscription } from 'rxjs'

import { createChatView, type Chat, type ChatMessage, type ChatView, type Unread } from '../../lib/chats/index.ts'
import type { Client } from '../../lib/index.ts'
import { memoryStore } from '../../lib/store/memory/index.ts'
import type { Store } from '../../lib/store/store.ts'
import { createTestWorld, type TestWorld } from '../client/world.ts'

/** A world with a view that somebody looks at. */
export interface WatchedWorld extends TestWorld {
  readonly view: ChatView
  readonly store: Store
  readonly chats: () => readonly Chat[]
  readonly unread: () => Unread | undefined
  readonly messages: (chat: Parameters<ChatView['chat']>[0]) => Promise<readonly ChatMessage[]>
  /** What the list errored with. */
  readonly failed: () => unknown
  /** Nobody looks any more. */
  readonly leave: () => void
  /** Somebody looks again, at the same store. */
  readonly look: () => ChatView
}

/** A connected client with a view of its chats. */
export const watchedWorld = async (store: Store = memoryStore(), options: Parameters<typeof createTestWorld>[0] = {}): Promise<WatchedWorld> => {
  const world = createTestWorld(options)
  let shown: readonly Chat[] = []
  let unread: Unread | undefined
  let failure: unknown
  let watching: Subscription | undefined
  const viewOf = (client: Client): ChatView => createChatView({ client, store, scheduler: world.clock.scheduler })
  let view = viewOf(world.client)
  const look = (): ChatView => {
    view = viewOf(world.client)
    watching = view.chats$.subscribe({ next: (chats) => (shown = chats), error: (error: unknown) => (failure = error) })
    watching.add(view.unread$.subscribe({ next: (now) => (unread = now), error: () => undefined }))
    return view
  }
  look()
  await world.connect()
  await world.clock.advance(5_000)
  return {
    ...world,
    get view() {
      return view
    },
    store,
    chats: () => shown,
    unread: () => unread,
    messages: async (chat) => firstValueFrom(view.chat(chat).messages$),
    failed: () => failure,
    leave: () => watching?.unsubscribe(),
    look,
  }
}
