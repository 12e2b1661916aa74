export type { Chat, ChatLabel, MessagePreview, Person, Unread } from './chat.ts'
export type { ChatMessage, MessageReaction, MessageReceipt, PollOption } from './chat-message.ts'
export { createChatView, type ChatView, type ChatViewOptions, type OneChat } from './chat-view.ts'
export type { FoundMessage, PageOptions, SearchOptions } from './read-messages.ts'
