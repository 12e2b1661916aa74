import { describe, expect, it } from '@jest/globals'
import { firstValueFrom } from 'rxjs'

import { createLidDirectory } from '../../lib/pipeline/lid-directory.ts'
import { loadMessageSecrets, type MessageSecrets } from '../../lib/pipeline/message-secrets.ts'
import type { Message } from '../../lib/proto/types.generated.ts'
import { memoryStore } from '../../lib/store/memory/index.ts'
import type { OpenStore } from '../../lib/store/store.ts'
import { toJid } from '../../lib/stanza/jid.ts'
import { messageEvent } from '../../lib/testing/index.ts'

const DAY_MS = 86_400_000
const chat = toJid('222@lid')
const withSecret = (message: Message, length = 32): Message => ({ ...message, messageContextInfo: { messageSecret: new Uint8Array(length).fill(4) } })
const infoOf = (id: string, atMs: number) => messageEvent({ id, from: '222:3@lid', at: new Date(atMs) }).info

const open = async (store: OpenStore, nowMs: () => number): Promise<MessageSecrets> => {
  const directory = createLidDirectory()
  directory.learn(chat, toJid('155@s.whatsapp.net'))
  const create = await firstValueFrom(loadMessageSecrets(store))
  return create({ directory, link: () => ({ lid: toJid('111@lid') }), nowMs })
}
const rows = (store: OpenStore): readonly string[] => (store.scan('message_secrets', undefined, 100_000) as readonly { readonly key: string }[]).map(({ key }) => key)

describe('secrets of messages', () => {
  it('are found under either address, at once and after a restart', async () => {
    const store = memoryStore().open() as OpenStore
    const secrets = await open(store, () => 0)
    await store.commit(secrets.keep(infoOf('A', 5_000), withSecret({ conversation: 'x' })))
    for (const each of [secrets, await open(store, () => 0)])
      for (const [where, who] of [['222@lid', '222:9@lid'], ['155@s.whatsapp.net', '155@s.whatsapp.net']] as const)
        expect(await firstValueFrom(each.find(toJid(where), toJid(who), 'A'))).toMatchObject({ secret: new Uint8Array(32).fill(4), atSeconds: 5 })
    expect(await firstValueFrom(secrets.find(chat, chat, 'B'))).toBeUndefined()
  })

  it('are 32 bytes or none', async () => {
    const secrets = await open(memoryStore().open() as OpenStore, () => 0)
    expect([secrets.keep(infoOf('A', 0), withSecret({}, 31)), secrets.keep(infoOf('A', 0), {})]).toEqual([[], []])
  })

  it('of texts are kept for thirty days, of polls and events for ninety', async () => {
    const store = memoryStore().open() as OpenStore
    let now = 0
    // What is old is cleared away with the first secret of a process.
    const keep = async (id: string, message: Message) => store.commit((await open(store, () => now)).keep(infoOf(id, now), withSecret(message)))
    await keep('TEXT', { conversation: 'x' })
    await keep('POLL', { pollCreationMessageV3: {} })
    await keep('EVENT', { eventMessage: {} })
    now = 31 * DAY_MS
    await keep('TEXT2', { conversation: 'x' })
    expect(rows(store).map((key) => key.split('|')[2]).sort()).toEqual(['EVENT', 'POLL', 'TEXT2'])
    now = 91 * DAY_MS
    await keep('POLL2', { pollCreationMessage: {} })
    expect(rows(store).map((key) => key.split('|')[2]).sort()).toEqual(['POLL2'])
  })

  it('are ten thousand of each kind, and few more; the oldest goes first', async () => {
    const store = memoryStore().open() as OpenStore
    const secrets = await open(store, () => 0)
    await store.commit(secrets.keep(infoOf('POLL', 0), withSecret({ pollCreationMessageV3: {} })))
    for (let index = 0; index < 10_200; index += 1) await store.commit(secrets.keep(infoOf(`T${index}`, index), withSecret({ conversation: 'x' })))
    const names = rows(store).map((key) => key.split('|')[2])
    expect(names.length).toBeLessThanOrEqual(10_001 + 64)
    expect([names.includes('T0'), names.includes('T10199'), names.includes('POLL')]).toEqual([false, true, true])
  })

  it('that cannot be read any more are no secrets', async () => {
    const store = memoryStore().open() as OpenStore
    await store.commit([{ table: 'message_secrets', key: '222@lid|222@lid|A', value: Uint8Array.of(1, 2) }])
    const secrets = await open(store, () => 0)
    expect(await firstValueFrom(secrets.find(chat, chat, 'A'))).toBeUndefined()
  })
})
