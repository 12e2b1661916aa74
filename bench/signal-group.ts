import { existsSync } from 'node:fs'

import { utf8 } from '../lib/bytes/bytes.ts'
import { createSenderKey, distributionMessage, encryptForGroup } from '../lib/signal/own-sender-key.ts'
import { readSenderKeyDistribution, readSenderKeyMessage } from '../lib/signal/sender-key-messages.ts'
import { decryptFromGroup, learnSenderKey } from '../lib/signal/sender-key-record.ts'
import type { Row } from './harness.ts'
import type { Peers } from './peers.ts'
import { inOrder, racePrepared, repeat, type PreparedItem } from './race-prepared.ts'

/** A plaintext of the length of a short text message, padded. */
const plaintext = utf8('0123456789'.repeat(12))

/** The JavaScript library takes nothing but a `Buffer`. */
const text = Buffer.from(plaintext)

const ENCRYPT = 'sender-key encrypt'
const DECRYPT = 'sender-key decrypt'
const times: Readonly<Record<string, number>> = { [ENCRYPT]: 500, [DECRYPT]: 500 }

const ours: readonly PreparedItem[] = [
  {
    item: ENCRYPT,
    library: 'rxwa',
    prepare: async (count) => {
      let key = createSenderKey()
      return repeat(count, () => (key = encryptForGroup(key, plaintext).key))
    },
  },
  {
    item: DECRYPT,
    library: 'rxwa',
    prepare: async (count) => {
      let key = createSenderKey()
      let record = learnSenderKey([], readSenderKeyDistribution(distributionMessage(key).slice()))
      const sent = Array.from({ length: count }, () => {
        const encrypted = encryptForGroup(key, plaintext)
        key = encrypted.key
        return encrypted.ciphertext
      })
      return repeat(count, (index) => (record = decryptFromGroup(record, readSenderKeyMessage(sent[index]!)).record))
    },
  },
]

/** One side of a group of a peer. */
interface PeerGroup {
  readonly distribute: () => Promise<unknown>
  readonly learn: (distribution: unknown) => Promise<void>
  readonly encrypt: (text: Uint8Array) => Promise<Uint8Array>
  readonly decrypt: (bytes: Uint8Array) => Promise<Uint8Array>
}

const itemsOf = (library: string, create: () => PeerGroup): readonly PreparedItem[] => [
  {
    item: ENCRYPT,
    library,
    prepare: async (count) => {
      const ana = create()
      await ana.distribute()
      return inOrder(count, () => ana.encrypt(text))
    },
  },
  {
    item: DECRYPT,
    library,
    prepare: async (count) => {
      const [ana, ben] = [create(), create()]
      await ben.learn(await ana.distribute())
      const sent: Uint8Array[] = []
      for (let index = 0; index < count; index += 1) sent.push(await ana.encrypt(text))
      return inOrder(count, (index) => ben.decrypt(sent[index]!))
    },
  },
]

/** What both peers call alike. */
interface GroupParts {
  readonly cipher: Pick<PeerGroup, 'encrypt' | 'decrypt'>
  readonly builder: { readonly create: (name: object) => Promise<unknown>; readonly process: (name: object, distribution: unknown) => Promise<void> }
}

const groupOf = (name: object, { cipher, builder }: GroupParts): PeerGroup => ({
  distribute: () => builder.create(name),
  learn: (distribution) => builder.process(name, distribution),
  encrypt: (text) => cipher.encrypt(text),
  decrypt: (bytes) => cipher.decrypt(bytes),
})

interface RustGroups {
  readonly ProtocolAddress: new (name: string, device: number) => object
  readonly SenderKeyName: new (group: string, sender: object) => object
  readonly GroupCipher: new (storage: object, group: string, sender: object) => GroupParts['cipher']
  readonly GroupSessionBuilder: new (storage: object) => GroupParts['builder']
}

const rustGroup = (library: RustGroups) => (): PeerGroup => {
  const records = new Map<string, Uint8Array>()
  const storage = { loadSenderKey: (name: string) => records.get(name), storeSenderKey: (name: string, record: Uint8Array) => void records.set(name, record) }
  const address = () => new library.ProtocolAddress('ana', 1)
  return groupOf(new library.SenderKeyName('group', address()), {
    cipher: new library.GroupCipher(storage, 'group', address()),
    builder: new library.GroupSessionBuilder(storage),
  })
}

interface BaileysGroups {
  readonly SenderKeyRecord: new () => object
  readonly GroupCipher: new (storage: object, name: object) => GroupParts['cipher']
  readonly GroupSessionBuilder: new (storage: object) => GroupParts['builder']
}

const baileysGroup = ({ SenderKeyRecord, GroupCipher, GroupSessionBuilder }: BaileysGroups) => (): PeerGroup => {
  // The object itself is kept, its fastest way.
  let record: object = new SenderKeyRecord()
  const storage = { loadSenderKey: () => Promise.resolve(record), storeSenderKey: (_: object, next: object) => Promise.resolve(void (record = next)) }
  const name = { toString: () => 'group::ana::1' }
  return groupOf(name, { cipher: new GroupCipher(storage, name), builder: new GroupSessionBuilder(storage) })
}

/** Messages of groups. */
export const run = async ({ rust }: Peers): Promise<readonly Row[]> => {
  const entry = new URL('../spec/interop/node_modules/baileys/lib/Signal/Group/index.js', import.meta.url)
  const baileys = existsSync(entry) ? ((await import(entry.href)) as BaileysGroups) : undefined
  return racePrepared(
    [...ours, ...(rust ? itemsOf('rust', rustGroup(rust as unknown as RustGroups)) : []), ...(baileys ? itemsOf('baileys', baileysGroup(baileys)) : [])],
    times,
  )
}
