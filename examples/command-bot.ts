/** A bot that knows commands: types while it works, answers one at a time per chat. Runs on the simulator. */
import { concatMap, firstValueFrom, take, tap, timer, toArray } from 'rxjs'

import { commands, createClient, fromOthers, replyWith, typingWhile, type Client, type Command } from 'rxwa'
import { memoryStore } from 'rxwa/store/memory'
import { createSimulator } from 'rxwa/testing'

const answerTo = ({ name, words }: Command) => {
  if (name === 'add') return { text: String(words.reduce((sum, word) => sum + Number(word), 0)) }
  return name === 'help' ? { text: '/add 1 2 3 adds numbers' } : undefined
}

const commandBot = (client: Client) =>
  client.messages$.pipe(
    fromOthers(),
    commands('/'),
    // Typing is shown while the answer is thought about.
    typingWhile(client.presence, (command) => timer(20).pipe(concatMap(() => [command]))),
    replyWith(client, answerTo),
  )

const simulator = createSimulator()
const owner = simulator.phone({ name: 'Bot' })
const person = simulator.phone({ name: 'Ben' })
const client = createClient({ store: memoryStore(), dial: simulator.dial, trustedRoot: simulator.trustedRoot })
client.pairingQrCodes$.pipe(take(1)).subscribe(({ code }) => void owner.scan(code))
commandBot(client).subscribe()
const connected = firstValueFrom(client.connected$)
const connection = client.connection$.subscribe()
await connected

person.typing$.pipe(take(1)).subscribe(() => console.log('the bot is typing'))
const answers = firstValueFrom(person.messages$.pipe(tap(({ text }) => console.log(`answer: ${text}`)), take(2), toArray()))
for (const text of ['/help', 'no command', '/add 1 2 3']) person.send(owner.lid, text)
await answers
connection.unsubscribe()
