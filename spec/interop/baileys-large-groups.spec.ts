import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { filter, firstValueFrom, map, ReplaySubject, take, timeout, type Subscription } from 'rxjs'

import { createClient, textOf, type Client } from '../../lib/index.ts'
import { memoryStore } from '../../lib/store/memory/index.ts'
import type { OpenStore, Table } from '../../lib/store/store.ts'
import { createSimulator, type Listening, type Phone, type Simulator } from '../../lib/testing/index.ts'
import { hasPeers, startPeer, untilLinked, wrongThings, type Peer } from './peer.ts'

const whenInstalled = hasPeers ? describe : describe.skip

const WAIT_LIMIT_MS = 30_000

/** What somebody reads, from the beginning on. */
type Heard = ReplaySubject<string | undefined>

whenInstalled('our client, a Baileys client and phones in one group', () => {
  const store = memoryStore()
  let simulator: Simulator
  let listening: Listening
  let phones: readonly Phone[]
  let client: Client
  let connection: Subscription
  let baileys: Peer
  const heard = new Map<string, Heard>()
  /** Retry receipts, as they reach the server. */
  const retries: string[] = []

  const connect = async (): Promise<void> => {
    client = createClient({ store, url: listening.url, trustedRoot: simulator.trustedRoot, prekeyCount: 50 })
    client.pairingQrCodes$.pipe(take(1)).subscribe(({ code }) => void phones[0]!.scan(code).catch(() => undefined))
    client.messages$.pipe(map(({ message }) => textOf(message))).subscribe((text) => heard.get('rxwa')!.next(text))
    const open = firstValueFrom(client.connected$)
    connection = client.connection$.subscribe()
    await open
  }

  beforeAll(async () => {
    simulator = createSimulator()
    listening = await simulator.listen()
    simulator.traffic$.pipe(filter(({ direction, stanza: { tag, attrs } }) => direction === 'in' && tag === 'receipt' && attrs['type'] === 'retry')).subscribe(({ stanza: { attrs } }) => retries.push(String(attrs['id'])))
    phones = ['Ana', 'Ben', 'Cleo', 'Dana', 'Eve'].map((name) => simulator.phone({ name }))
    for (const name of ['rxwa', 'Baileys', 'Ana', 'Ben', 'Cleo', 'Dana', 'Eve']) heard.set(name, new ReplaySubject())
    for (const [index, name] of ['Ana', 'Ben', 'Cleo', 'Dana', 'Eve'].entries()) phones[index]!.messages$.subscribe(({ text }) => heard.get(name)!.next(text))
    await connect()
    baileys = await startPeer('Baileys', listening.url, simulator.trustedRoot.publicKey)
    baileys.events$.pipe(filter((event) => event.kind === 'message')).subscribe(({ text, failed }) => {
      if (!failed) heard.get('Baileys')!.next(text)
    })
    await untilLinked(baileys, phones[1]!)
  }, 60_000)

  afterEach(() => {
    expect(wrongThings(simulator)).toEqual([])
    expect(simulator.reusedMessageKeys()).toEqual([])
  })

  afterAll(async () => {
    connection?.unsubscribe()
    baileys?.stop()
    await listening?.close()
  })

  const say = async (who: string, group: string, text: string): Promise<void> => {
    if (who === 'rxwa') await client.send(group, { text })
    else if (who === 'Baileys') {
      baileys.tell({ kind: 'send', to: group, text, tag: text })
      await baileys.next('sent', ({ tag }) => tag === text)
    } else phones[['Ana', 'Ben', 'Cleo', 'Dana', 'Eve'].indexOf(who)]!.sendToGroup(simulator.groupAt(group).jid, text)
  }

  /** Reads one of these after the other, whatever else comes. */
  const reads = async (who: string, text: string): Promise<void> => {
    await firstValueFrom(heard.get(who)!.pipe(filter((heardText) => heardText === text), take(1), timeout(WAIT_LIMIT_MS)))
  }
  const SPEAKERS = ['rxwa', 'Baileys', 'Ana', 'Ben', 'Cleo']
  const READERS = ['rxwa', 'Baileys', 'Ana', 'Ben', 'Cleo', 'Dana', 'Eve']

  const converse = async (group: string, name: string, turns: number): Promise<void> => {
    const said: { readonly who: string; readonly text: string }[] = []
    for (let turn = 0; turn < turns; turn += 1)
      for (const who of SPEAKERS) {
        const text = `${name} ${turn} by ${who}`
        said.push({ who, text })
        await say(who, group, text)
      }
    // Nobody hears themselves.
    for (const { who, text } of said) await Promise.all(READERS.filter((reader) => reader !== who).map((reader) => reads(reader, text)))
  }

  it.each([
    ['lid', 0, 4],
    ['pn', 0, 4],
    ['lid', 195, 2],
    ['pn', 195, 2],
  ] as const)('of mode %s with %i more members everybody reads everybody', async (addressingMode, bystanders, turns) => {
    const group = simulator.group({ phones, bystanders, addressingMode })
    await converse(group.jid.toString(), `${addressingMode} ${bystanders}`, turns)
  }, 120_000)

  it('whose form changes meanwhile everybody still reads everybody', async () => {
    const group = simulator.group({ phones, addressingMode: 'pn' })
    await converse(group.jid.toString(), 'before', 1)
    group.setAddressingMode('lid')
    await say('rxwa', group.jid.toString(), 'after by rxwa')
    for (const reader of READERS.filter((name) => name !== 'rxwa')) await reads(reader, 'after by rxwa')
  }, 60_000)

  const lose = (...tables: readonly Table[]): void => {
    const open = store.open() as OpenStore
    for (const table of tables) void open.commit((open.scan(table, undefined, 10_000) as readonly { readonly key: string }[]).map(({ key }) => ({ table, key, value: undefined })))
    void open.close()
  }

  it.each(['lid', 'pn'] as const)('of mode %s whoever loses all state asks again and reads within two retries', async (addressingMode) => {
    const group = simulator.group({ phones, bystanders: addressingMode === 'lid' ? 195 : 0, addressingMode })
    await converse(group.jid.toString(), `${addressingMode} at first`, 1)
    // Ours.
    connection.unsubscribe()
    await firstValueFrom(simulator.presence$.pipe(filter(({ device, isOnline }) => !isOnline && device.user === phones[0]!.phoneNumber.user)))
    lose('sessions', 'sender_keys', 'sender_key_marks')
    await connect()
    retries.length = 0
    for (const who of ['Baileys', 'Cleo']) await say(who, group.jid.toString(), `${addressingMode} to rxwa by ${who}`)
    for (const who of ['Baileys', 'Cleo']) await reads('rxwa', `${addressingMode} to rxwa by ${who}`)
    const timesAsked = (): number => Math.max(0, ...[...new Set(retries)].map((id) => retries.filter((one) => one === id).length))
    expect(timesAsked()).toBeGreaterThan(0)
    expect(timesAsked()).toBeLessThanOrEqual(2)
    // Theirs.
    baileys.tell({ kind: 'loseState', tag: `lost ${addressingMode}` })
    await baileys.next('sent', ({ tag }) => tag === `lost ${addressingMode}`)
    retries.length = 0
    await say('rxwa', group.jid.toString(), `${addressingMode} to Baileys by rxwa`)
    await reads('Baileys', `${addressingMode} to Baileys by rxwa`)
    expect(timesAsked()).toBeGreaterThan(0)
    expect(timesAsked()).toBeLessThanOrEqual(2)
    await converse(group.jid.toString(), `${addressingMode} at last`, 1)
  }, 120_000)
})
