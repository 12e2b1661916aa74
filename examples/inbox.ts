/**
 * An inbox: all chats with their last message and what is unread, kept in a store of its own, searched, marked as
 * read. Nothing of it has to be written by hand: the view makes it of the events of the client.
 *
 * On disk: `sqliteStore('bot.db', { account: 'inbox' })`, which has an index of words, in place of the second
 * `memoryStore()`.
 */
import { filter, firstValueFrom, take } from 'rxjs'

import { createClient, textOf } from 'rxwa'
import { createChatView } from 'rxwa/chats'
import { memoryStore } from 'rxwa/store/memory'
import { createSimulator } from 'rxwa/testing'

const simulator = createSimulator()
const owner = simulator.phone({ name: 'Shop' })
const ben = simulator.phone({ name: 'Ben' })
const cleo = simulator.phone({ name: 'Cleo' })

const client = createClient({ store: memoryStore(), dial: simulator.dial, fetch: simulator.fetch, trustedRoot: simulator.trustedRoot })
const view = createChatView({ client, store: memoryStore() })
const shown = view.chats$.subscribe((chats) => console.log(chats.map(({ name, unread, lastMessage }) => `${name} (${unread}): ${lastMessage?.text}`).join(' · ') || 'no chats yet'))

client.pairingQrCodes$.pipe(take(1)).subscribe(({ code }) => void owner.scan(code))
const connected = firstValueFrom(client.connected$)
const connection = client.connection$.subscribe()
await connected

ben.send(owner.lid, 'Do you have the blue teapot?')
cleo.send(owner.lid, 'When do you open?')
await firstValueFrom(view.unread$.pipe(filter(({ messages }) => messages === 2)))

const [found] = await view.search('teapot')
console.log(`found "${textOf(found?.message ?? {})}" in the chat with ${found?.pushName}`)

await view.chat(ben.lid).markRead()
await client.send(ben.lid, { text: 'One is left.' })
await firstValueFrom(view.chat(ben.lid).messages$.pipe(filter(([newest]) => newest?.status === 'delivered')))
const [answer] = await view.chat(ben.lid).page({ limit: 1 })
console.log(`${answer?.status} to ${answer?.receipts.length} person; unread now: ${(await firstValueFrom(view.unread$)).messages}`)

shown.unsubscribe()
connection.unsubscribe()
