// The built package on another runtime: its own SQLite keeps the contract of stores, and a client on it talks over
// a WebSocket, also after a restart. Says `fine` at the end; anything else is an error.
import { deepStrictEqual } from 'node:assert'
import { rmSync } from 'node:fs'
import { filter, firstValueFrom, take, timeout, toArray } from 'rxjs'

import { createClient, fromOthers, withText } from '../../dist/index.js'
import { sqliteStore } from '../../dist/store/sqlite/index.js'
import { createSimulator, storeContract } from '../../dist/testing/index.js'

const folder = process.argv[2]

const specs = []
const runner = {
  describe: (_, body) => body(),
  it: (title, body) => void specs.push([title, body]),
  expect: (actual) => ({ toEqual: (expected) => deepStrictEqual(actual, expected) }),
}
const pathOf = new WeakMap()
let files = 0
const makeStore = (path = `${folder}/contract-${files++}.db`, account = 'default') => {
  const store = sqliteStore(path, { account })
  pathOf.set(store, path)
  return store
}
storeContract('sqliteStore', () => makeStore(), {
  runner,
  reopen: (store) => makeStore(pathOf.get(store)),
  otherAccount: (store) => makeStore(pathOf.get(store), 'other'),
})
for (const [title, body] of specs) {
  try {
    await body()
  } catch (cause) {
    throw new Error(`the store does not keep its contract: ${title}`, { cause })
  }
}

const simulator = createSimulator()
const listening = await simulator.listen()
const ana = simulator.phone({ name: 'Ana' })
const ben = simulator.phone({ name: 'Ben' })
const store = () => sqliteStore(`${folder}/client.db`)

const converse = async (texts) => {
  const client = createClient({ store: store(), url: listening.url, trustedRoot: simulator.trustedRoot, prekeyCount: 20 })
  client.pairingQrCodes$.pipe(take(1)).subscribe(({ code }) => void ana.scan(code))
  client.messages$.pipe(fromOthers(), withText()).subscribe(({ event, text }) => client.reply(event, { text: `you said ${text}` }).subscribe())
  const connected = firstValueFrom(client.connected$.pipe(timeout(20_000)))
  const answered = firstValueFrom(ben.messages$.pipe(filter(({ isFromMe }) => !isFromMe), take(texts.length), toArray(), timeout(20_000)))
  const connection = client.connection$.subscribe({ error: (error) => console.error(error) })
  await connected
  for (const text of texts) ben.send(ana, text)
  deepStrictEqual((await answered).map(({ text }) => text), texts.map((text) => `you said ${text}`))
  connection.unsubscribe()
}
await converse(['one', 'two', 'three'])
await converse(['after a restart'])
deepStrictEqual(simulator.violations(), [])
deepStrictEqual(simulator.reusedMessageKeys(), [])
await listening.close()
simulator.close()
rmSync(folder, { recursive: true })
console.log('fine')
