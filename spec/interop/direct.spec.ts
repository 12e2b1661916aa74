import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { filter, firstValueFrom, interval, map, scan, startWith, take, type Observable } from 'rxjs'

import { createClient, textOf, type Client, type MessageEvent } from '../../lib/index.ts'
import { memoryStore } from '../../lib/store/memory/index.ts'
import { createSimulator, type Listening, type Phone, type Simulator } from '../../lib/testing/index.ts'
import { addressOf, hasPeers, peerNames, startPeer, untilLinked, wrongThings, type Peer, type PeerEvent } from './peer.ts'

const whenInstalled = (hasPeers ? describe : describe.skip).each(peerNames)

whenInstalled('a %s client on the same server', (name) => {
  let simulator: Simulator
  let listening: Listening
  let ana: Phone
  let ben: Phone
  let cleo: Phone
  let client: Client
  let connection: { unsubscribe: () => void }
  let peer: Peer

  beforeAll(async () => {
    simulator = createSimulator()
    listening = await simulator.listen()
    ana = simulator.phone({ name: 'Ana' })
    ben = simulator.phone({ name: 'Ben' })
    cleo = simulator.phone({ name: 'Cleo' })
    client = createClient({ store: memoryStore(), url: listening.url, trustedRoot: simulator.trustedRoot, prekeyCount: 50, freezeEvents: true })
    client.pairingQrCodes$.pipe(take(1)).subscribe(({ code }) => void ana.scan(code))
    const open = firstValueFrom(client.connected$)
    connection = client.connection$.subscribe()
    await open
    peer = await startPeer(name, listening.url, simulator.trustedRoot.publicKey)
    await untilLinked(peer, ben)
  }, 60_000)

  // Neither ours nor the other one: clients that work with the real service fit the published shapes.
  afterEach(() => expect(wrongThings(simulator, name)).toEqual([]))

  afterAll(async () => {
    connection?.unsubscribe()
    peer?.stop()
    await listening?.close()
  })

  const fromBen$ = () => client.messages$.pipe(filter(({ info }) => !info.source.isFromMe && info.pushName === 'Ben'))
  const textAt$ = (text: string): Observable<MessageEvent> => fromBen$().pipe(filter((event) => textOf(event.message) === text))
  const texts = (prefix: string, count: number): readonly string[] => Array.from({ length: count }, (_, turn) => `${prefix} ${turn}`)
  /** What the peer received so far that starts like this, as soon as there are so many. */
  const atPeer = (prefix: string, count: number): Promise<readonly ReadByPeer[]> =>
    firstValueFrom(
      peer.events$.pipe(
        filter((event) => event.kind === 'message'),
        filter(({ text }) => text?.startsWith(prefix) ?? false),
        scan((all: readonly ReadByPeer[], message) => [...all, message], []),
        filter((all) => all.length >= count),
      ),
    )

  it('exchanges 180 messages in both directions, in order, each once', async () => {
    const received: (string | undefined)[] = []
    const failures: unknown[] = []
    const watching = fromBen$().subscribe((event) => received.push(textOf(event.message)))
    watching.add(client.undecryptableMessages$.subscribe((event) => failures.push(event)))
    for (let turn = 0; turn < 90; turn += 1) {
      const arrived = firstValueFrom(textAt$(`from the peer ${turn}`))
      peer.tell({ kind: 'send', to: addressOf(name, ana), text: `from the peer ${turn}`, tag: String(turn) })
      await client.reply(await arrived, { text: `from rxwa ${turn}` })
      await peer.next('message', ({ text }) => text === `from rxwa ${turn}`)
    }
    watching.unsubscribe()
    expect(failures).toEqual([])
    expect(received).toEqual(texts('from the peer', 90))
    const all = await atPeer('from rxwa', 90)
    expect(all.map(({ text }) => text)).toEqual(texts('from rxwa', 90))
    expect(all.map(({ failed }) => failed)).not.toContain(true)
    expect(all.every(({ quoted }) => quoted !== undefined)).toBe(true)
  }, 60_000)

  it('delivers what was written while one side was away, in order, each once', async () => {
    connection.unsubscribe()
    for (let turn = 0; turn < 10; turn += 1) {
      peer.tell({ kind: 'send', to: addressOf(name, ana), text: `while rxwa slept ${turn}`, tag: `away ${turn}` })
      await peer.next('sent', ({ tag }) => tag === `away ${turn}`)
    }
    const missed: MessageEvent[] = []
    const watching = fromBen$().subscribe((event) => missed.push(event))
    const through = firstValueFrom(client.offlineSyncCompleted$)
    const preview = firstValueFrom(client.offlineSyncPreview$)
    connection = client.connection$.subscribe()
    expect((await preview).messages).toBe(10)
    await through
    watching.unsubscribe()
    expect(missed.map((event) => textOf(event.message))).toEqual(texts('while rxwa slept', 10))
    expect(missed.map(({ origin }) => origin)).toEqual(Array.from({ length: 10 }, () => 'offline'))

    peer.tell({ kind: 'hangUp' })
    await firstValueFrom(simulator.presence$.pipe(filter(({ device, isOnline }) => !isOnline && device.user === ben.phoneNumber.user)))
    for (const text of texts('while the peer slept', 10)) await client.send(ben.phoneNumber, { text })
    peer.tell({ kind: 'reconnect' })
    const read = await atPeer('while the peer slept', 10)
    expect(read.map(({ text }) => text)).toEqual(texts('while the peer slept', 10))
    expect(read.map(({ failed }) => failed)).not.toContain(true)
    await firstValueFrom(waitUntil(() => simulator.waitingFor(ana.phoneNumber.toString().replace('@', ':1@')) === 0))
  }, 60_000)

  it('shares receipts in both directions', async () => {
    const arrived = firstValueFrom(textAt$('read me'))
    peer.tell({ kind: 'send', to: addressOf(name, ana), text: 'read me', tag: 'read me' })
    const event = await arrived
    await client.markRead(event)
    await peer.next('status', ({ id, status }) => id === event.info.id && status === READ)

    const steps: string[] = []
    const sending = client.send(ben.phoneNumber, { text: 'and me' }, { until: 'read' })
    sending.subscribe(({ kind }) => steps.push(kind))
    const { id, from } = await peer.next('message', ({ text }) => text === 'and me')
    peer.tell({ kind: 'read', id, from })
    await sending
    expect(steps.filter((step) => step !== 'delivered')).toEqual(['queued', 'encrypted', 'sent', 'accepted', 'read'])
  }, 60_000)

  it('links another of its kind by a pairing code, and talks with it', async () => {
    const other = await startPeer(name, listening.url, simulator.trustedRoot.publicKey)
    await other.next('qr')
    other.tell({ kind: 'code', phoneNumber: cleo.phoneNumber.user })
    const linked = cleo.enterCode((await other.next('code')).code)
    expect((await untilLinked(other, cleo, 1)).id).toMatch(cleo.phoneNumber.user)
    expect((await linked).user).toBe(cleo.lid.user)
    const told = firstValueFrom(client.messages$.pipe(filter(({ message }) => textOf(message) === 'linked by a code')))
    other.tell({ kind: 'send', to: addressOf(name, ana), text: 'linked by a code', tag: 'code' })
    await client.reply(await told, { text: 'so I see' })
    await other.next('message', ({ text }) => text === 'so I see')
    other.stop()
    for (const { device } of cleo.devices()) cleo.unlink(device)
  }, 60_000)

  it('talks with one of ours that was linked by a code, before and after it resumed with the key it knows', async () => {
    const dora = simulator.phone({ name: 'Dora' })
    const linked = createClient({ store: memoryStore(), url: listening.url, trustedRoot: simulator.trustedRoot, prekeyCount: 20, freezeEvents: true })
    const failures: unknown[] = []
    const watching = linked.undecryptableMessages$.subscribe((event) => failures.push(event))
    const connected = firstValueFrom(linked.connected$)
    watching.add(linked.connection$.subscribe())
    await dora.enterCode((await linked.pairWithCode(dora.phoneNumber.user)).code)
    await connected
    const exchange = async (turn: string): Promise<void> => {
      const arrived = firstValueFrom(linked.messages$.pipe(filter(({ message }) => textOf(message) === `to a linked one, ${turn}`)))
      peer.tell({ kind: 'send', to: addressOf(name, dora), text: `to a linked one, ${turn}`, tag: `linked ${turn}` })
      await linked.reply(await arrived, { text: `from a linked one, ${turn}` })
      expect((await peer.next('message', ({ text }) => text === `from a linked one, ${turn}`)).failed).toBe(false)
    }
    await exchange('before')
    const before = simulator.handshakes().length
    const again = firstValueFrom(linked.connected$)
    linked.reconnect()
    await again
    expect(simulator.handshakes().slice(before)).toEqual(['IK'])
    await exchange('after')
    watching.unsubscribe()
    expect(failures).toEqual([])
    expect(simulator.reusedMessageKeys()).toEqual([])
  }, 60_000)

  it('talks to a phone and to such a companion of our own account', async () => {
    const second = await startPeer(name, listening.url, simulator.trustedRoot.publicKey)
    await untilLinked(second, ana)

    // A third person writes to all devices of ours; what we answer is seen by our other devices as our own.
    const greeting = firstValueFrom(client.messages$.pipe(filter(({ message }) => textOf(message) === 'hello from Cleo')))
    cleo.send(ana.lid, 'hello from Cleo')
    await second.next('message', ({ text, fromMe }) => text === 'hello from Cleo' && !fromMe)
    const atCleo = firstValueFrom(cleo.messages$.pipe(map(({ text }) => text)))
    const atAna = firstValueFrom(ana.messages$.pipe(filter(({ isFromMe }) => isFromMe)))
    await client.reply(await greeting, { text: 'hello Cleo' })
    expect(await atCleo).toBe('hello Cleo')
    expect((await atAna).chat.toString()).toBe(cleo.lid.toString())
    await second.next('message', ({ text, fromMe }) => text === 'hello Cleo' && fromMe)

    // And what the companion writes comes to us as our own.
    const copy = firstValueFrom(client.messages$.pipe(filter(({ info }) => info.source.isFromMe)))
    second.tell({ kind: 'send', to: addressOf(name, cleo), text: 'me again', tag: 'me again' })
    const { info, message } = await copy
    expect(textOf(message)).toBe('me again')
    expect(info.source.chat.toString()).toBe(cleo.lid.toString())
    second.stop()
  }, 60_000)
})

type ReadByPeer = Extract<PeerEvent, { readonly kind: 'message' }>

/** The number for a message that was read. */
const READ = 4

const waitUntil = (condition: () => boolean): Observable<true> =>
  interval(5).pipe(
    startWith(0),
    filter(condition),
    map(() => true as const),
  )
