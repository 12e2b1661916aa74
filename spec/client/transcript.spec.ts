import { describe, expect, it, jest } from '@jest/globals'
import { firstValueFrom, Observable, Subject, toArray, take } from 'rxjs'

import * as crypto from '#crypto'
import type { KeyPair } from '#crypto'
import type { Account } from '../../lib/account/account.ts'
import type { Dial } from '../../lib/connection/socket.ts'
import type { Stanza } from '../../lib/stanza/stanza.ts'
import { idsOf } from '../../lib/simulator/offline-queue.ts'
import { hex, vectorCases } from '../vectors.ts'
import { nodeOfStanza, stanzaOfNode, type VectorNode } from '../stanza/vector-node.ts'

// The recorded keys are handed out where the client draws fresh ones; everything else is the real thing.
const drawn: KeyPair[] = []
jest.unstable_mockModule('#crypto', () => ({ ...crypto, generateKeyPair: () => drawn.shift() ?? crypto.generateKeyPair() }))

const { createClient, textOf } = await import('../../lib/index.ts')
const { memoryStore } = await import('../../lib/store/memory/index.ts')
const { encodeAccount } = await import('../../lib/account/account-codec.ts')
const { createFrameDecoder } = await import('../../lib/connection/frame.ts')
const { createNoiseTransport } = await import('../../lib/connection/noise-transport.ts')
const { ADVSignedDeviceIdentity } = await import('../../lib/proto/core.generated.ts')
const { Message } = await import('../../lib/proto/content.generated.ts')
const { prekeyWrite } = await import('../../lib/pipeline/prekey-shelf.ts')
const { decryptPrekeyMessage } = await import('../../lib/signal/session-record.ts')
const { unpad } = await import('../../lib/signal/padding.ts')
const { decodeStanza } = await import('../../lib/stanza/decode.ts')
const { encodeStanza } = await import('../../lib/stanza/encode.ts')
const { toJid } = await import('../../lib/stanza/jid.ts')
const { bytesOf, childOf, childrenOf } = await import('../../lib/stanza/stanza.ts')
const { concat, toHex } = await import('../../lib/bytes/bytes.ts')
const { advPrefix } = await import('../../lib/pairing/device-identity.ts')

type Hex = string
interface Pair {
  readonly private: Hex
  readonly public: Hex
}
interface Frame {
  readonly direction: 'in' | 'out'
  readonly wire: Hex
  readonly plain?: Hex
  readonly stanza?: VectorNode
  readonly answers?: number
}
interface Peer {
  readonly jid: string
  readonly identity: Pair
  readonly registrationId: number
  readonly signedPreKey: Pair & { readonly id: number; readonly signature: Hex }
  readonly oneTimePreKeys?: readonly (Pair & { readonly id: number })[]
  readonly lid?: string
  readonly account?: Readonly<Record<'details' | 'accountSignatureKey' | 'accountSignature' | 'deviceSignature', Hex>>
}
interface Transcript {
  readonly keys: {
    readonly root: Pair
    readonly rootSerial: number
    readonly clientNoise: Pair
    readonly clientEphemeral: Pair
    readonly clientWriteKey: Hex
    readonly clientReadKey: Hex
    readonly client: Omit<Peer, 'jid'> & {
      readonly jid?: string
      readonly advSecret: Hex
      readonly drawnKeys?: readonly Pair[]
    }
    readonly primary: Peer
    readonly peers?: readonly Peer[]
  }
  readonly frames: readonly Frame[]
  readonly expected: {
    readonly messages?: readonly { readonly id: string; readonly text: string; readonly chat: string; readonly sender: string; readonly pushName: string; readonly timestamp: number; readonly offline: boolean }[]
    readonly sent?: readonly { readonly id: string; readonly to: string; readonly recipients: readonly { readonly jid: string; readonly text: string; readonly deviceSentTo?: string }[] }[]
  }
}

const pairOf = (pair: Pair): KeyPair => ({ privateKey: hex(pair.private), publicKey: hex(pair.public) })

const signedIdentityOf = (account: NonNullable<Peer['account']>): Uint8Array =>
  ADVSignedDeviceIdentity.encode({
    details: hex(account.details),
    accountSignatureKey: hex(account.accountSignatureKey),
    accountSignature: hex(account.accountSignature),
    deviceSignature: hex(account.deviceSignature),
  })

const accountOf = ({ keys }: Transcript): Account => {
  const { client, clientNoise } = keys
  const { account } = client
  const signed = client.signedPreKey
  return {
    noise: pairOf(clientNoise),
    identity: pairOf(client.identity),
    registrationId: client.registrationId,
    signedPrekey: { id: signed.id, pair: pairOf(signed), signature: hex(signed.signature) },
    advSecret: hex(client.advSecret),
    nextPrekeyId: 25,
    firstUnuploadedPrekeyId: 25,
    serverHasPrekeys: account !== undefined,
    // Not the first login after a pairing: the recorded servers tell nothing of the app state.
    loginCounter: 1,
    ...(account && {
      link: {
        id: toJid(client.jid!),
        lid: toJid(client.lid!),
        signedIdentity: signedIdentityOf(account),
        platform: 'android',
        // The recorded account addressed its chats by phone number.
        isLidMigrated: false,
      },
    }),
  }
}

/** The recorded server: exact bytes for the handshake, recorded trees with the ids of our requests after it. */
const recordedServer = ({ keys, frames }: Transcript) => {
  const sent: Stanza[] = []
  const hellos: string[] = []
  const bytes$ = new Subject<Uint8Array>()
  const decoder = createFrameDecoder()
  const transport = createNoiseTransport(hex(keys.clientReadKey), hex(keys.clientWriteKey))
  const trees = frames.map(({ stanza }) => (stanza ? stanzaOfNode(stanza) : undefined))
  const used = new Set<number>()
  const write = (stanza: Stanza): void => bytes$.next(transport.seal(encodeStanza(stanza)))
  // The recorded server left out what the phones signed for their devices; we insist on it, and the keys are at hand.
  const vouched = (user: Stanza): Stanza => {
    const account = keys.peers?.find(({ lid }) => lid === String(user.attrs['jid']))?.account
    return account ? { ...user, content: [...childrenOf(user), { tag: 'device-identity', attrs: {}, content: signedIdentityOf(account) }] } : user
  }
  const bundles = new Map(
    trees
      .flatMap((tree) => (tree?.tag === 'iq' ? childrenOf(tree, 'list').flatMap((list) => childrenOf(list, 'user')) : []))
      .map((user) => [String(user.attrs['jid']), vouched(user)]),
  )
  const shapeOf = (stanza: Stanza): string => `${stanza.tag} ${String(stanza.attrs['xmlns'] ?? '')} ${String(stanza.attrs['type'] ?? '')} ${childrenOf(stanza)[0]?.tag ?? ''}`

  const answer = (stanza: Stanza): void => {
    sent.push(stanza)
    const key = childOf(stanza, 'key')
    if (stanza.attrs['xmlns'] === 'encrypt' && key) {
      // The recorded client asked in two steps; ours asks once for all.
      const users = childrenOf(key, 'user').flatMap((user) => bundles.get(String(user.attrs['jid'])) ?? [])
      write({ tag: 'iq', attrs: { from: 's.whatsapp.net', type: 'result', id: stanza.attrs['id']! }, content: [{ tag: 'list', attrs: {}, content: users }] })
      return
    }
    const asked = frames.findIndex(({ direction }, index) => direction === 'out' && !used.has(index) && trees[index] !== undefined && shapeOf(trees[index]) === shapeOf(stanza))
    if (asked < 0) return
    used.add(asked)
    const reply = frames.findIndex(({ direction, answers }) => direction === 'in' && answers === asked)
    if (reply >= 0) write({ ...trees[reply]!, attrs: { ...trees[reply]!.attrs, id: stanza.attrs['id']! } })
  }

  const dial: Dial = () =>
    new Observable((subscriber) => {
      let chunks = 0
      subscriber.next({
        bytes$,
        send: (bytes) => {
          chunks += 1
          if (chunks === 1) {
            hellos.push(toHex(bytes))
            queueMicrotask(() => bytes$.next(hex(frames[1]!.wire)))
          } else if (chunks > 2) for (const body of decoder.push(bytes)) answer(decodeStanza(transport.open(body)))
        },
      })
    })

  return {
    dial,
    sent,
    hellos,
    /** Everything the server said unasked between two frames, in order. */
    tell: (from = 0, to = frames.length) =>
      frames.forEach(({ direction, answers }, index) => index >= from && index < to && direction === 'in' && answers === undefined && trees[index] && write(trees[index])),
    /** Where the client wrote its first message. */
    wroteAt: trees.findIndex((tree, index) => frames[index]!.direction === 'out' && tree?.tag === 'message'),
    trees,
    tellOne: (tag: string) => frames.some((frame, index) => frame.direction === 'in' && trees[index]?.tag === tag && (write(trees[index]), true)),
  }
}

const turns = async (count = 20): Promise<void> => {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setTimeout(resolve, 0))
}

const replay = async (vector: Transcript) => {
  const { keys } = vector
  const account = accountOf(vector)
  const store = memoryStore()
  const open = await store.open()
  await open.commit([
    { table: 'account', key: 'credentials', value: encodeAccount(account) },
    ...(keys.client.oneTimePreKeys ?? []).map(({ id, ...pair }) => prekeyWrite({ id, pair: pairOf(pair) })),
  ])
  await open.close()
  drawn.length = 0
  drawn.push(pairOf(keys.clientEphemeral), ...(keys.client.drawnKeys ?? []).map(pairOf))
  const server = recordedServer(vector)
  const client = createClient({ store, dial: server.dial, trustedRoot: { publicKey: hex(keys.root.public), serial: keys.rootSerial }, prekeyCount: 24 })
  const errors: unknown[] = []
  const connection = client.connection$.subscribe({ error: (error: unknown) => errors.push(error) })
  await turns()
  expect(server.hellos[0]).toBe(vector.frames[0]!.wire)
  return { client, server, account, stop: () => connection.unsubscribe(), errors }
}

const transcripts = (kind: string) => vectorCases<Transcript>('transcript', kind)

describe('recorded connections', () => {
  it.each(vectorCases<Transcript>('transcript'))('$id: every frame decrypts and reads as recorded', ({ keys, frames }) => {
    const client = createNoiseTransport(new Uint8Array(32), hex(keys.clientReadKey))
    const server = createNoiseTransport(new Uint8Array(32), hex(keys.clientWriteKey))
    for (const { direction, wire, plain, stanza } of frames) {
      if (!stanza) continue
      const plaintext = (direction === 'in' ? client : server).open(hex(wire).subarray(3))
      expect(toHex(plaintext)).toBe(plain)
      expect(nodeOfStanza(decodeStanza(plaintext))).toEqual(nodeOfStanza(stanzaOfNode(stanza)))
    }
  })

  it.each(transcripts('pairing-qr'))('$id: the code, the link, the signed answer', async (vector) => {
    const { client, server, account, stop } = await replay(vector)
    const codes = firstValueFrom(client.pairingQrCodes$)
    const success = firstValueFrom(client.pairSuccess$)
    server.tellOne('iq')
    server.tell()
    const { code } = await codes
    expect(code.split(',').slice(1, 4)).toEqual([account.noise.publicKey, account.identity.publicKey, account.advSecret].map((key) => Buffer.from(key).toString('base64')))
    expect(String((await success).id)).toBe('15550100001:1@s.whatsapp.net')
    await turns()
    const signed = server.sent.map((stanza) => childOf(stanza, 'pair-device-sign')).find((stanza) => stanza !== undefined)
    const { details, accountSignatureKey, deviceSignature } = ADVSignedDeviceIdentity.decode(bytesOf(childOf(signed!, 'device-identity'))!)
    expect(accountSignatureKey).toBeUndefined()
    const covered = concat(advPrefix.device, details!, account.identity.publicKey, hex(vector.keys.primary.identity.public))
    expect(crypto.verify(account.identity.publicKey, covered, deviceSignature!)).toBe(true)
    stop()
  })

  it.each(transcripts('login'))('$id: the login', async (vector) => {
    const { client, server, stop, errors } = await replay(vector)
    const connected = firstValueFrom(client.connected$)
    const through = firstValueFrom(client.offlineSyncCompleted$)
    server.tell()
    expect(await connected).toMatchObject({ displayName: 'Alice', lid: toJid('70000000001:1@lid') })
    expect((await through).count).toBe(0)
    expect(errors).toEqual([])
    stop()
  })

  it.each(transcripts('direct-message-in'))('$id: from the first byte to the messages', async (vector) => {
    const { client, server, stop, errors } = await replay(vector)
    const { messages = [] } = vector.expected
    const events = firstValueFrom(client.messages$.pipe(take(messages.length), toArray()))
    const failures: unknown[] = []
    client.undecryptableMessages$.subscribe((event) => failures.push(event))
    if (server.wroteAt < 0) server.tell()
    else {
      server.tell(0, server.wroteAt)
      await turns()
      // The recorded client drew the key of its answers when it read. Ours draws it when it answers, after two for each of two new sessions.
      drawn.splice(4, 0, drawn.shift()!)
      await client.send(String(server.trees[server.wroteAt]!.attrs['to']), { text: 'an answer' })
      server.tell(server.wroteAt)
    }
    await turns()
    expect(failures).toEqual([])
    expect(
      (await events).map(({ message, info, origin }) => ({
        id: info.id,
        text: textOf(message),
        sender: String(info.source.sender),
        pushName: info.pushName,
        timestamp: info.timestamp.getTime() / 1000,
        offline: origin === 'offline',
      })),
    ).toEqual(messages.map(({ id, text, sender, pushName, timestamp, offline }) => ({ id, text, sender, pushName, timestamp, offline })))
    await turns()
    const receipts = server.sent.filter(({ tag }) => tag === 'receipt').flatMap(idsOf)
    expect(receipts).toEqual(messages.map(({ id }) => id))
    expect(errors).toEqual([])
    stop()
  })

  it.each(transcripts('direct-message-out'))('$id: from the text to what each device decrypts', async (vector) => {
    const { client, server, stop } = await replay(vector)
    const connected = firstValueFrom(client.connected$)
    server.tell()
    await connected
    const { keys, expected } = vector
    const devices = [keys.primary, ...(keys.peers ?? [])]
    for (const { to, recipients } of expected.sent ?? []) {
      const text = recipients[0]!.text
      await client.send(to, { text })
      const message = server.sent.filter(({ tag }) => tag === 'message').at(-1)!
      const copies = childrenOf(childOf(message, 'participants')!, 'to')
      expect(copies.map(({ attrs }) => String(attrs['jid'])).sort()).toEqual(recipients.map(({ jid }) => jid).sort())
      for (const { jid, deviceSentTo } of recipients) {
        const device = devices.find((candidate) => candidate.jid === jid)!
        const copy = copies.find(({ attrs }) => String(attrs['jid']) === jid)!
        const oneTime = new Map((device.oneTimePreKeys ?? []).map(({ id, ...pair }) => [id, pairOf(pair)]))
        const opened = decryptPrekeyMessage(
          undefined,
          bytesOf(childOf(copy, 'enc'))!,
          { identity: pairOf(device.identity), registrationId: device.registrationId },
          { oneTime: (id) => oneTime.get(id), signed: () => pairOf(device.signedPreKey) },
        )
        const content = Message.decode(unpad(opened.plaintext))
        expect(textOf(content)).toBe(text)
        expect(content.deviceSentMessage?.destinationJid).toBe(deviceSentTo)
      }
    }
    stop()
  })
})
