import { describe, expect, it } from '@jest/globals'
import { concatWith, from, lastValueFrom, NEVER, of, Subject, tap, toArray, type Observable } from 'rxjs'

import { newAccount, type Account } from '../../lib/account/account.ts'
import { generateKeyPair, generateSigningKeyPair } from '#crypto'
import { decrypt, type OpenedStanza } from '../../lib/pipeline/decrypt.ts'
import { createDeviceDirectory } from '../../lib/pipeline/device-directory.ts'
import { createGroupDirectory } from '../../lib/pipeline/group-directory.ts'
import { createLidDirectory } from '../../lib/pipeline/lid-directory.ts'
import type { Loan } from '../../lib/pipeline/loan.ts'
import { prekeyWrite } from '../../lib/pipeline/prekey-shelf.ts'
import { createOwnSenderKeys } from '../../lib/pipeline/own-sender-keys.ts'
import { createSenderKeyPool, senderKeyName } from '../../lib/pipeline/sender-key-pool.ts'
import { addressOf, createSessionPool, type SessionPool } from '../../lib/pipeline/session-pool.ts'
import { Message } from '../../lib/proto/content.generated.ts'
import type { Message as MessageType } from '../../lib/proto/types.generated.ts'
import { pad } from '../../lib/signal/padding.ts'
import { createSenderKey, distributionMessage, encryptForGroup } from '../../lib/signal/own-sender-key.ts'
import { decodeSenderKeyRecord } from '../../lib/signal/sender-key-codec.ts'
import { decryptSignalMessage, encrypt } from '../../lib/signal/session-record.ts'
import type { LocalIdentity, SessionRecord } from '../../lib/signal/session-state.ts'
import { startSession } from '../../lib/signal/x3dh.ts'
import { toJid } from '../../lib/stanza/jid.ts'
import { stanza, type Stanza } from '../../lib/stanza/stanza.ts'
import { memoryStore } from '../../lib/store/memory/memory-store.ts'
import type { Awaitable, OpenStore } from '../../lib/store/store.ts'

const link = { id: toJid('15550100001:1@s.whatsapp.net'), lid: toJid('90010001:1@lid'), signedIdentity: new Uint8Array(0), platform: '', isLidMigrated: true }
const BEN = '90010002:1@lid'
const BEN_PN = '15550100002:1@s.whatsapp.net'

/** Somebody who writes to our account. */
const writer = (account: Account, prekey: { readonly id: number; readonly publicKey: Uint8Array }) => {
  const local: LocalIdentity = { identity: generateSigningKeyPair(), registrationId: 7 }
  let record: SessionRecord = startSession(
    undefined,
    {
      registrationId: account.registrationId,
      identity: account.identity.publicKey,
      signedPrekey: { id: account.signedPrekey.id, publicKey: account.signedPrekey.pair.publicKey, signature: account.signedPrekey.signature },
      oneTimePrekey: prekey,
    },
    local,
  )
  return {
    local,
    write: (content: string | MessageType): Stanza => {
      const encrypted = encrypt(record, pad(Message.encode(typeof content === 'string' ? { conversation: content } : content)), local)
      record = encrypted.record
      return stanza('enc', { v: '2', type: encrypted.type }, encrypted.ciphertext.slice())
    },
    hear: (ciphertext: Uint8Array) => {
      record = decryptSignalMessage(record, ciphertext, local).record
    },
  }
}

const setUp = (wrap: (store: OpenStore) => OpenStore = (store) => store, onReplaced?: (address: string) => void) => {
  const account: Account = { ...newAccount(), link }
  const opened = memoryStore().open() as OpenStore
  const pair = generateKeyPair()
  void opened.commit([prekeyWrite({ id: 1, pair })])
  const store = wrap(opened)
  const pool: SessionPool = createSessionPool(store, { put: () => undefined, count: () => 0 }, onReplaced)
  const directory = createLidDirectory()
  const quarantined: string[] = []
  const quarantine = { put: (table: string, key: string) => void quarantined.push(`${table}/${key}`), count: () => quarantined.length }
  const devices = createDeviceDirectory(store, () => 0)
  const groups = createGroupDirectory({ store, quarantine, directory })
  const parts = {
    account: () => account,
    link: () => link,
    store,
    pool,
    senderKeys: createSenderKeyPool(store, quarantine),
    directory,
    devices,
    groups,
    people: { follow: () => undefined },
    messageCodec: Message,
    secrets: { find: () => of(undefined) },
    laneOf: ({ attrs }: Stanza) => String(attrs['from']),
  }
  return { account, opened, pool, directory, devices, groups, quarantined, parts, ben: writer(account, { id: 1, publicKey: pair.publicKey }) }
}

let ids = 0
const message = (enc: readonly Stanza[], from = BEN, more: Readonly<Record<string, string>> = {}): Stanza =>
  stanza('message', { id: `M${(ids += 1)}`, from, t: '1', ...more }, enc)

type OpenedMessage = OpenedStanza & { readonly kind: 'message' }

/** Opens stanzas and commits each as the next stage would. */
const run = (set: ReturnType<typeof setUp>, stanzas: readonly Stanza[]): Promise<readonly OpenedStanza[]> =>
  lastValueFrom(
    from(stanzas).pipe(
      decrypt(set.parts),
      tap((opened) => {
        if (opened.kind !== 'message') return
        void set.opened.commit([...opened.loan.writes(), ...opened.results.flatMap((result) => (result.kind === 'opened' ? result.writes : []))])
        opened.loan.keep()
      }),
      toArray(),
    ),
  )

const textsOf = (opened: readonly OpenedStanza[]): readonly unknown[] =>
  opened.map((each) => (each.kind === 'message' ? each.results.map((result) => (result.kind === 'opened' ? result.message.conversation : result.kind)) : each.kind))

describe('decrypt', () => {
  it('opens messages in order, keeps the ratchet and uses up the prekey', async () => {
    const set = setUp()
    const opened = await run(set, [message([set.ben.write('one')]), message([set.ben.write('two')]), stanza('receipt', { id: 'R', from: BEN })])
    expect(textsOf(opened)).toEqual([['one'], ['two'], 'plain'])
    expect(set.opened.read('prekeys', '000001')).toBeUndefined()
    expect(set.opened.read('sessions', addressOf(toJid(BEN)))).toBeDefined()
    expect(set.opened.read('identities', addressOf(toJid(BEN)))).toEqual(set.ben.local.identity.publicKey)
  })

  it('lets one failure cost nobody else anything', async () => {
    const set = setUp()
    const broken = set.ben.write('lost')
    const opened = await run(set, [
      message([set.ben.write('one')]),
      message([{ ...broken, content: (broken.content as Uint8Array).subarray(0, 20) }]),
      message([stanza('enc', { v: '2', type: 'msg' }, new Uint8Array(40).fill(0x33))], '90010009@lid'),
      stanza('message', { from: BEN }),
      message([set.ben.write('two')]),
    ])
    expect(textsOf(opened)).toEqual([['one'], ['undecryptable'], ['undecryptable'], 'malformed', ['two']])
  })

  it('knows a message it has taken before', async () => {
    const set = setUp()
    const first = message([set.ben.write('one')])
    expect(textsOf(await run(set, [first, first]))).toEqual([['one'], ['duplicate']])
  })

  it('forgets what was not committed: the same message opens again', async () => {
    const set = setUp()
    const first = message([set.ben.write('one')])
    const uncommitted = await lastValueFrom(of(first).pipe(decrypt(set.parts), toArray()))
    // Teardown gave the loan back.
    expect(textsOf(uncommitted)).toEqual([['one']])
    expect(textsOf(await run(set, [first]))).toEqual([['one']])
  })

  it('waits for a ratchet that is on loan, and gives loans back when unsubscribed', () => {
    const set = setUp()
    const seen: OpenedStanza[] = []
    const source$ = new Subject<Stanza>()
    const subscription = source$.pipe(decrypt(set.parts)).subscribe((opened) => seen.push(opened))
    source$.next(message([set.ben.write('one')]))
    source$.next(message([set.ben.write('two')]))
    // The first is not committed, so nobody may build on its ratchet.
    expect(textsOf(seen)).toEqual([['one']])
    const first = seen[0] as OpenedMessage
    first.loan.keep()
    expect(textsOf(seen)).toEqual([['one'], ['two']])
    subscription.unsubscribe()
    let isFree = false
    set.pool.borrow([addressOf(toJid(BEN))]).subscribe((loan) => {
      isFree = true
      loan.release()
    })
    expect(isFree).toBe(true)
  })

  it('works for other chats while one waits for the store', () => {
    const set = setUp((store) => ({
      ...store,
      readMany: (table, keys): Awaitable<ReadonlyArray<Uint8Array | undefined>> =>
        keys[0]?.startsWith('90010002') ? new Promise<never>(() => undefined) : store.readMany(table, keys),
    }))
    const seen: OpenedStanza[] = []
    const subscription = from([message([set.ben.write('waits')]), stanza('receipt', { id: 'R', from: '1@lid' })])
      .pipe(concatWith(NEVER), decrypt(set.parts))
      .subscribe((opened) => seen.push(opened))
    expect(seen.map(({ kind }) => kind)).toEqual(['plain'])
    subscription.unsubscribe()
  })

  it('errors when the store does', async () => {
    const failure = new Error('disk')
    const set = setUp((store) => ({
      ...store,
      readMany: () => {
        throw failure
      },
    }))
    await expect(run(set, [message([set.ben.write('x')])])).rejects.toBe(failure)
  })

  it('moves a session from the phone number to the LID once it knows that they are one person', async () => {
    const set = setUp()
    await run(set, [message([set.ben.write('by number')], BEN_PN)])
    const mine = (set.opened.read('sessions', addressOf(toJid(BEN_PN))) as Uint8Array | undefined)?.length
    expect(mine).toBeGreaterThan(0)
    const moved = await run(set, [message([set.ben.write('by LID')], BEN, { sender_pn: BEN_PN })])
    expect(textsOf(moved)).toEqual([['by LID']])
    expect(String(set.directory.lidOf(toJid(BEN_PN)))).toBe('90010002@lid')
    expect(set.opened.read('sessions', addressOf(toJid(BEN)))).toBeDefined()
    expect(set.opened.read('sessions', addressOf(toJid(BEN_PN)))).toBeUndefined()
  })

  it('completes with its source and has nothing for nothing', async () => {
    const set = setUp()
    expect(await run(set, [])).toEqual([])
  })
})

const GROUP = toJid('120363000000000001@g.us')

/** Somebody's key for a group. */
const groupWriter = (groupId = GROUP.toString()) => {
  let key = createSenderKey()
  return {
    distribution: () => ({ senderKeyDistributionMessage: { groupId, axolotlSenderKeyDistributionMessage: distributionMessage(key).slice() } }),
    write: (text: string): Stanza => {
      const encrypted = encryptForGroup(key, pad(Message.encode({ conversation: text })))
      key = encrypted.key
      return stanza('enc', { v: '2', type: 'skmsg' }, encrypted.ciphertext.slice())
    },
  }
}

const inGroup = (encs: readonly Stanza[], participant = BEN, more: Readonly<Record<string, string>> = {}): Stanza =>
  message(encs, GROUP.toString(), { participant, ...more })

const reasonsOf = (opened: readonly OpenedStanza[]): readonly unknown[] =>
  opened.flatMap((each) => (each.kind === 'message' ? each.results.map((result) => (result.kind === 'undecryptable' ? (result.fault ?? result.reason) : result.kind)) : []))

describe('decrypt, in groups', () => {
  it('takes the key first, whatever the order in the stanza, and keeps both', async () => {
    const set = setUp()
    const ben = groupWriter()
    const distribution = ben.distribution()
    const one = ben.write('one')
    const opened = await run(set, [inGroup([one, set.ben.write(distribution)]), inGroup([ben.write('two')])])
    expect(textsOf(opened)).toEqual([[undefined, 'one'], ['two']])
    const row = set.opened.read('sender_keys', senderKeyName(GROUP, toJid(BEN))) as Uint8Array
    expect(decodeSenderKeyRecord(row)).toMatchObject([{ index: 2 }])
    expect(set.opened.read('sessions', addressOf(toJid(BEN)))).toBeDefined()
  })

  it('opens nothing without a key, and what failed moves nothing', async () => {
    const set = setUp()
    const ben = groupWriter()
    expect(reasonsOf(await run(set, [inGroup([ben.write('lost')])]))).toEqual(['no_sender_key'])
    const distribution = ben.distribution()
    const spoilt = ben.write('x')
    const bytes = (spoilt.content as Uint8Array).slice()
    bytes[bytes.length - 1]! ^= 1
    const opened = await run(set, [
      inGroup([set.ben.write(distribution)]),
      inGroup([{ ...spoilt, content: bytes }]),
      inGroup([spoilt]),
      inGroup([spoilt]),
      inGroup([stanza('enc', { v: '2', type: 'skmsg' }, new Uint8Array(70))]),
    ])
    expect(reasonsOf(opened)).toEqual(['opened', 'bad_signature', 'opened', 'duplicate', 'malformed'])
  })

  it('forgets a key that was not committed', async () => {
    const set = setUp()
    const ben = groupWriter()
    const distribution = ben.distribution()
    const first = inGroup([set.ben.write(distribution), ben.write('one')])
    expect(textsOf(await lastValueFrom(of(first).pipe(decrypt(set.parts), toArray())))).toEqual([[undefined, 'one']])
    expect(set.opened.read('sender_keys', senderKeyName(GROUP, toJid(BEN)))).toBeUndefined()
    expect(textsOf(await run(set, [first]))).toEqual([[undefined, 'one']])
  })

  it('leaves the rest when the pairwise part failed, but not when it is a duplicate', async () => {
    const set = setUp()
    const ben = groupWriter()
    const pairwise = set.ben.write(ben.distribution())
    const group = ben.write('one')
    const cut = { ...pairwise, content: (pairwise.content as Uint8Array).subarray(0, 30) }
    expect(reasonsOf(await run(set, [inGroup([cut, group])]))).toEqual(['malformed'])
    expect(reasonsOf(await run(set, [inGroup([pairwise, group]), inGroup([pairwise, group])]))).toEqual(['opened', 'opened', 'duplicate', 'duplicate'])
  })

  it.each([
    ['another group', '120363000000000009@g.us', GROUP.toString(), 'message: a sender key for another chat'],
    ['a list, whose name does not count', 'whatever', '15550100002@broadcast', undefined],
  ])('takes a key of %s', async (_, named, chat, fault) => {
    const set = setUp()
    const ben = groupWriter(named)
    const distribution = ben.distribution()
    const opened = await run(set, [message([set.ben.write(distribution), ben.write('one')], chat, { participant: BEN })])
    expect(opened).toMatchObject([{ results: [{ kind: 'opened', ...(fault !== undefined && { fault }) }, { kind: fault === undefined ? 'opened' : 'undecryptable' }] }])
  })

  it('does not take a key in a direct chat', async () => {
    const set = setUp()
    expect(await run(set, [message([set.ben.write(groupWriter().distribution())])])).toMatchObject([{ results: [{ fault: 'message: a sender key outside of a group' }] }])
    expect(set.opened.read('sender_keys', senderKeyName(GROUP, toJid(BEN)))).toBeUndefined()
  })

  it('finds the key under the owner or another device of theirs, and leaves it there', async () => {
    const set = setUp()
    const ben = groupWriter()
    const distribution = ben.distribution()
    set.devices.learn([{ user: toJid('90010002@lid'), devices: [toJid('90010002@lid'), toJid(BEN), toJid('90010002:7@lid')], isForged: false }])
    const opened = await run(set, [inGroup([set.ben.write(distribution)]), inGroup([ben.write('by the phone')], '90010002@lid'), inGroup([ben.write('by the seventh')], '90010002:7@lid')])
    expect(textsOf(opened)).toEqual([[undefined], ['by the phone'], ['by the seventh']])
    expect(decodeSenderKeyRecord(set.opened.read('sender_keys', senderKeyName(GROUP, toJid(BEN))) as Uint8Array)).toMatchObject([{ index: 2 }])
    expect(set.opened.read('sender_keys', senderKeyName(GROUP, toJid('90010002:7@lid')))).toBeUndefined()
  })

  it('tells a device that its owner does not have from one that only lacks a key', async () => {
    const set = setUp()
    const lacking = (participant: string) => run(set, [inGroup([groupWriter().write('x')], participant)])
    expect(await lacking('90010002:9@lid')).toMatchObject([{ results: [{ fault: 'no_sender_key' }] }])
    set.devices.learn([{ user: toJid('90010002@lid'), devices: [toJid('90010002@lid'), toJid(BEN)], isForged: false }])
    expect(await lacking(BEN)).toMatchObject([{ results: [{ fault: 'no_sender_key' }] }])
    const [known, unknown] = [await lacking(BEN), await lacking('90010002:9@lid')]
    expect(known).not.toMatchObject([{ results: [{ isUnknownDevice: true }] }])
    expect(unknown).toMatchObject([{ results: [{ fault: 'no_sender_key', isUnknownDevice: true }] }])
  })

  it('moves keys from the phone number to the LID', async () => {
    const set = setUp()
    const ben = groupWriter()
    const distribution = ben.distribution()
    await run(set, [inGroup([set.ben.write(distribution), ben.write('by number')], BEN_PN)])
    expect(set.opened.read('sender_keys', senderKeyName(GROUP, toJid(BEN_PN)))).toBeDefined()
    const moved = await run(set, [inGroup([ben.write('by LID')], BEN, { participant_pn: BEN_PN })])
    expect(textsOf(moved)).toEqual([['by LID']])
    expect(set.opened.read('sender_keys', senderKeyName(GROUP, toJid(BEN_PN)))).toBeUndefined()
    expect(set.opened.read('sender_keys', senderKeyName(GROUP, toJid(BEN)))).toBeDefined()
  })

  it('puts a row that cannot be read aside', async () => {
    const set = setUp()
    const ben = groupWriter()
    const name = senderKeyName(GROUP, toJid(BEN))
    void set.opened.commit([{ table: 'sender_keys', key: name, value: Uint8Array.of(9, 9) }])
    const distribution = ben.distribution()
    expect(textsOf(await run(set, [inGroup([set.ben.write(distribution), ben.write('one')])]))).toEqual([[undefined, 'one']])
    expect(set.quarantined).toEqual([`sender_keys/${name}`])
  })

  it('waits for keys that are on loan, and gives them back when unsubscribed', () => {
    const set = setUp()
    const ben = groupWriter()
    const distribution = ben.distribution()
    const seen: OpenedStanza[] = []
    const source$ = new Subject<Stanza>()
    const subscription = source$.pipe(decrypt(set.parts)).subscribe((opened) => seen.push(opened))
    source$.next(inGroup([set.ben.write(distribution), ben.write('one')]))
    source$.next(inGroup([ben.write('two')]))
    expect(textsOf(seen)).toEqual([[undefined, 'one']])
    ;(seen[0] as OpenedMessage).loan.keep()
    expect(textsOf(seen)).toEqual([[undefined, 'one'], ['two']])
    subscription.unsubscribe()
    let isFree = false
    set.parts.senderKeys.borrow(GROUP, [toJid(BEN)]).subscribe((loan) => {
      isFree = true
      loan.release()
    })
    expect(isFree).toBe(true)
  })
})

describe('loans that nobody waits for any more', () => {
  it('are given back while the store still reads, and when it cannot', () => {
    let isStuck = true
    const set = setUp((store) => ({
      ...store,
      read: (table, key) => (isStuck ? new Promise<never>(() => undefined) : store.read(table, key)),
      readMany: (table, keys) => (isStuck ? new Promise<never>(() => undefined) : store.readMany(table, keys)),
    }))
    const ownKeys = createOwnSenderKeys({ store: set.parts.store, quarantine: { put: () => undefined, count: () => 0 }, self: () => toJid(BEN) })
    const borrows: readonly (() => Observable<Loan>)[] = [() => set.pool.borrow([BEN]), () => set.parts.senderKeys.borrow(GROUP, [toJid(BEN)]), () => ownKeys.borrow(GROUP)]
    for (const borrow of borrows) borrow().subscribe().unsubscribe()
    isStuck = false
    const free = borrows.map((borrow) => {
      let isFree = false
      borrow().subscribe((loan) => {
        isFree = true
        loan.release()
      })
      return isFree
    })
    expect(free).toEqual([true, true, true])
  })
})

describe('a peer that changed', () => {
  it('is told once its first message proved itself; a late message of the session before changes nothing back', async () => {
    const replaced: string[] = []
    const set = setUp((store) => store, (address) => replaced.push(address))
    await run(set, [message([set.ben.write('old')])])
    const late = set.ben.write('late')
    const pair = generateKeyPair()
    void set.opened.commit([prekeyWrite({ id: 2, pair })])
    const renewed = writer(set.account, { id: 2, publicKey: pair.publicKey })
    expect(replaced).toEqual([])
    expect(textsOf(await run(set, [message([renewed.write('new')])]))).toEqual([['new']])
    expect(replaced).toEqual([addressOf(toJid(BEN))])
    expect(textsOf(await run(set, [message([late]), message([renewed.write('newer')])]))).toEqual([['late'], ['newer']])
    expect(replaced).toHaveLength(1)
  })
})
