/** How a bot is tested, in thirty lines: a simulated person writes, the test looks at what comes back. */
import assert from 'node:assert/strict'
import { concatMap, filter, firstValueFrom } from 'rxjs'

import { createClient, fromOthers, textOf, type Client } from 'rxwa'
import { memoryStore } from 'rxwa/store/memory'
import { createSimulator, linkClient } from 'rxwa/testing'

/** The bot under test. */
const pingBot = (client: Client) =>
  client.messages$.pipe(
    fromOthers(),
    filter((event) => textOf(event.message) === 'ping'),
    concatMap((event) => client.reply(event, { text: 'pong' })),
  )

const simulator = createSimulator()
const [owner, person] = [simulator.phone({ name: 'Bot' }), simulator.phone({ name: 'Ben' })]
const client = createClient({ store: memoryStore(), dial: simulator.dial, trustedRoot: simulator.trustedRoot })
pingBot(client).subscribe()
const connection = await linkClient(client, owner)

const answer = firstValueFrom(person.messages$)
person.send(owner.lid, 'something else')
person.send(owner.lid, 'ping')
assert.equal((await answer).text, 'pong')
console.log('the bot answered ping with pong, and nothing else')

connection.unsubscribe()
