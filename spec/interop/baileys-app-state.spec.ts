import { describe, expect, it } from '@jest/globals'
import { filter, firstValueFrom, skip, take } from 'rxjs'

import { createClient, type AppStateMutationEvent } from '../../lib/index.ts'
import type { SyncActionValue } from '../../lib/proto/types.generated.ts'
import { memoryStore } from '../../lib/store/memory/index.ts'
import { createSimulator } from '../../lib/testing/index.ts'
import { hasPeers, startPeer, untilLinked, wrongThings, type ChatState, type Peer } from './peer.ts'

const whenInstalled = hasPeers ? describe : describe.skip

/** How many changes are made; `RXWA_CHANGES=1000` for a long run. */
const CHANGES = Number(process.env['RXWA_CHANGES'] ?? 120)
const CHATS = Array.from({ length: 6 }, (_, index) => `1555020000${index}@s.whatsapp.net`)

/** What the entries of the app state say of a chat. */
const chatIn = (state: ReadonlyMap<string, SyncActionValue | undefined>, chat: string): ChatState => {
  const of = (action: string): SyncActionValue | undefined => state.get(JSON.stringify([action, chat]))
  const [mute, pin, archive] = [of('mute')?.muteAction, of('pin_v1')?.pinAction, of('archive')?.archiveChatAction]
  return {
    ...(mute && { isMuted: mute.muted === true }),
    ...(pin && { isPinned: pin.pinned === true }),
    ...(archive && { isArchived: archive.archived === true }),
  }
}

/** Baileys begins to write, and first reads what there is, when it has been given the key. */
const begin = async (baileys: Peer, chat: string, change: ChatState): Promise<void> => {
  for (let attempt = 0; attempt < 40; attempt += 1) {
    const tag = `begin ${JSON.stringify(change)} ${attempt}`
    const outcome = firstValueFrom(baileys.events$.pipe(filter((event) => (event.kind === 'sent' || event.kind === 'sendFailed') && event.tag === tag)))
    baileys.tell({ kind: 'modify', chat, change, tag })
    if ((await outcome).kind === 'sent') return
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  throw new Error('Baileys never began')
}

whenInstalled('two devices of one account, one of them Baileys', () => {
  it(
    `change the same chats ${CHANGES} times and end with the phone's truth`,
    async () => {
      const simulator = createSimulator()
      const listening = await simulator.listen()
      const ana = simulator.phone({ name: 'Ana' })
      // Somebody has to have begun: a device writes on top of what it has read.
      ana.appState.set(['mute', CHATS[0]!], { muteAction: { muted: false } })
      ana.appState.set(['pin_v1', CHATS[0]!], { pinAction: { pinned: false } })
      const client = createClient({ store: memoryStore(), url: listening.url, trustedRoot: simulator.trustedRoot, prekeyCount: 20 })
      const ours = new Map<string, SyncActionValue | undefined>()
      const failures: unknown[] = []
      client.appState$.subscribe(({ index, operation, action }: AppStateMutationEvent) => {
        if (operation === 'set') ours.set(JSON.stringify(index), action)
        else ours.delete(JSON.stringify(index))
      })
      client.appStateSyncFailed$.subscribe((failure) => failures.push(failure))
      client.pairingQrCodes$.pipe(take(1)).subscribe(({ code }) => void ana.scan(code))
      const connection = client.connection$.subscribe()
      await firstValueFrom(client.appState$.pipe(filter(({ index }) => index[0] === 'mute')))
      const baileys = await startPeer('Baileys', listening.url, simulator.trustedRoot.publicKey)
      await untilLinked(baileys, ana)
      ana.appState.shareKeys()
      await begin(baileys, CHATS[0]!, { isPinned: false })

      for (let turn = 0; turn < CHANGES; turn += 1) {
        const chat = CHATS[(turn * 5) % CHATS.length]!
        const is = Math.floor(turn / 3) % 2 === 0
        if (turn % 2 === 0) {
          const told = firstValueFrom(baileys.events$.pipe(filter((event) => (event.kind === 'sent' || event.kind === 'sendFailed') && event.tag === String(turn))))
          baileys.tell({ kind: 'modify', chat, change: turn % 4 === 0 ? { isMuted: is } : { isPinned: is }, tag: String(turn) })
          expect(await told).toMatchObject({ kind: 'sent' })
        } else await (turn % 4 === 1 ? client.chats.pin(chat, is) : client.chats.mute(chat, is ? 'forever' : undefined))
      }
      // The last changes reach both.
      const last = firstValueFrom(client.appState$.pipe(filter(({ index }) => index[0] === 'favorites')))
      ana.appState.set(['favorites'], { favoritesAction: {} })
      await last
      await new Promise((resolve) => setTimeout(resolve, 1_500))
      baileys.tell({ kind: 'chats' })
      const { chats } = await baileys.next('chats')
      const truth = ana.appState.truth()
      expect(ana.appState.faults()).toEqual([])
      expect(failures).toEqual([])
      for (const chat of CHATS) {
        expect({ chat, ...chatIn(ours, chat) }).toEqual({ chat, ...chatIn(truth, chat) })
        expect({ chat, ...chats[chat] }).toEqual({ chat, ...chatIn(truth, chat) })
      }
      expect(wrongThings(simulator)).toEqual([])
      connection.unsubscribe()
      baileys.stop()
      await listening.close()
    },
    600_000,
  )

  it('reads whole collections from the media host', async () => {
    const simulator = createSimulator()
    const listening = await simulator.listen()
    const ana = simulator.phone({ name: 'Ana' })
    const chats = Array.from({ length: 150 }, (_, index) => `15550300${String(index).padStart(3, '0')}@s.whatsapp.net`)
    for (const [index, chat] of chats.entries()) {
      ana.appState.set(['mute', chat], { muteAction: { muted: index % 2 === 0, ...(index % 2 === 0 && { muteEndTimestamp: 4_000_000_000_000 }) } })
      ana.appState.set(['pin_v1', chat], { pinAction: { pinned: index % 3 === 0 } })
    }
    for (const collection of ['regular_high', 'regular_low'] as const) ana.appState.snapshot(collection)
    // What came after the snapshot comes as patches.
    ana.appState.set(['mute', chats[0]!], { muteAction: { muted: false } })
    const baileys = await startPeer('Baileys', listening.url, simulator.trustedRoot.publicKey)
    await untilLinked(baileys, ana)
    ana.appState.shareKeys()
    // Writing into a collection makes it read all of it.
    await begin(baileys, CHATS[0]!, { isMuted: true })
    await begin(baileys, CHATS[0]!, { isPinned: true })
    // It tells what it read a while after it said that it was done.
    let known: Readonly<Record<string, ChatState>> = {}
    for (let turn = 0; turn < 100 && !chats.every((chat) => known[chat]?.isMuted !== undefined && known[chat]?.isPinned !== undefined); turn += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50))
      const told = firstValueFrom(baileys.events$.pipe(filter((event) => event.kind === 'chats'), skip(turn)))
      baileys.tell({ kind: 'chats' })
      known = (await told).chats
    }
    const truth = ana.appState.truth()
    expect(simulator.media.downloads().length).toBeGreaterThanOrEqual(2)
    expect(chats.map((chat) => ({ chat, ...known[chat] }))).toEqual(chats.map((chat) => ({ chat, ...chatIn(truth, chat) })))
    expect([ana.appState.faults(), wrongThings(simulator)]).toEqual([[], []])
    baileys.stop()
    await listening.close()
  }, 60_000)
})
