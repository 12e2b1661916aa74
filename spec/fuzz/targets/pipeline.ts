import { of, type Observable } from 'rxjs'

import { concat, utf8 } from '../../../lib/bytes/bytes.ts'
import { INTEROP_JID } from '../../../lib/stanza/wire-tags.ts'
import { RxwaError } from '../../../lib/errors/rxwa-error.ts'
import { ProtoMalformed } from '../../../lib/errors/proto-error.ts'
import { StanzaCodecError } from '../../../lib/errors/stanza-codec-error.ts'
import { readKeyIndexList, verifyDeviceIdentity } from '../../../lib/pairing/device-identity.ts'
import { decrypt, chatLaneOf, type OpenedStanza } from '../../../lib/pipeline/decrypt.ts'
import { decodeInboxRecord, encodeInboxRecord } from '../../../lib/pipeline/inbox-record.ts'
import { createLidDirectory } from '../../../lib/pipeline/lid-directory.ts'
import { createDeviceDirectory } from '../../../lib/pipeline/device-directory.ts'
import { createGroupDirectory } from '../../../lib/pipeline/group-directory.ts'
import type { ParseMessageParts } from '../../../lib/pipeline/parse-message.ts'
import { parseOne } from '../../../lib/pipeline/parse.ts'
import type { Parsed } from '../../../lib/pipeline/parsed.ts'
import { restoreStanza } from '../../../lib/pipeline/restore-stanza.ts'
import { routeOne } from '../../../lib/pipeline/route.ts'
import { createSenderKeyPool } from '../../../lib/pipeline/sender-key-pool.ts'
import { createSessionPool } from '../../../lib/pipeline/session-pool.ts'
import { Message } from '../../../lib/proto/content.generated.ts'
import { fetchDevices } from '../../../lib/requests/device-requests.ts'
import { companionHello } from '../../../lib/requests/pairing-requests.ts'
import { countPrekeys, fetchBundles, fetchDigest } from '../../../lib/requests/prekey-requests.ts'
import { fetchProperties } from '../../../lib/requests/property-requests.ts'
import { ping } from '../../../lib/requests/session-requests.ts'
import { memoryStore } from '../../../lib/store/memory/index.ts'
import { createQuarantine } from '../../../lib/store/quarantine.ts'
import type { OpenStore } from '../../../lib/store/store.ts'
import { startSession } from '../../../lib/signal/x3dh.ts'
import { encodeStanza } from '../../../lib/stanza/encode.ts'
import { Jid } from '../../../lib/stanza/jid.ts'
import { stanza, type Stanza } from '../../../lib/stanza/stanza.ts'
import { fixedAccount, pairOf } from '../fixed-account.ts'
import { mutateStanza, recordedStanzas, stanzaIn, wordsOf } from '../stanza-inputs.ts'
import { accepted, requireThat, type Target } from '../target.ts'

const link = fixedAccount.link
const parts: ParseMessageParts = { link: () => link, isActive: () => true, isObserved: () => true, nowMs: () => 0, canAskPhone: () => true, retryReceipt: (message) => stanza('receipt', { id: message.attrs['id'] }) }

/** Values no event may hold: what throws when a user prints it, or is no value at all. */
const requireSound = (value: unknown, path: string, depth = 0): void => {
  if (value instanceof Date) requireThat(!Number.isNaN(value.getTime()), `${path} is no date`)
  else if (typeof value === 'number') requireThat(!Number.isNaN(value), `${path} is no number`)
  else if (value instanceof Jid) requireThat(Number.isInteger(value.device) && value.server !== '', `${path} is no address`)
  else if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array) && !(value instanceof RxwaError) && depth < 6)
    // A stanza is as it came.
    for (const [name, item] of Object.entries(value)) if (name !== 'node' && name !== 'message') requireSound(item, `${path}.${name}`, depth + 1)
}

/** All a stanza goes through after decryption, and the way back from its row. */
const goThrough = (opened: OpenedStanza): void => {
  const parsed = parseOne(parts, routeOne(opened))
  for (const event of parsed.events) requireSound(event, event.type)
  for (const information of parsed.information) requireSound(information, information.kind)
  for (const answer of parsed.answers) encodeStanza(answer)
  requireRestored(parsed)
}

const kindsOf = (parsed: Parsed | undefined): readonly string[] =>
  (parsed?.events ?? []).map(({ type }) => type).filter((type) => type !== 'decrypted_payload' && type !== 'enc_decrypt_failed')

/** The row of a stanza tells the same events. */
const requireRestored = (parsed: Parsed): void => {
  const restored = restoreStanza(encodeInboxRecord(parsed), link, Message)
  requireThat(restored !== undefined, 'a row we wrote cannot be read')
  requireThat(kindsOf(restored).join() === kindsOf(parsed).join(), `the row tells ${kindsOf(restored).join()} and not ${kindsOf(parsed).join()}`)
}

const now = <T>(source$: Observable<T>): T | undefined => {
  let value: T | undefined
  let failure: { readonly error: unknown } | undefined
  source$.subscribe({ next: (emitted) => (value = emitted), error: (error: unknown) => (failure = { error }) })
  if (failure) throw failure.error
  return value
}

const enc = (type: string): Stanza => stanza('enc', { v: '2', type }, Uint8Array.of(0x33, 8, 1, 2, 3))
const from = new Jid('90010002', 'lid')
/** As a server writes it: with the name of an interop server. */
const encodeForClient = (message: Stanza): Uint8Array => {
  const bytes = encodeStanza(message)
  const from = message.attrs['from']
  if (!(from instanceof Jid) || from.server !== 'interop') return bytes
  // Tag, nine digits packed, device, integrator.
  const end = bytes.indexOf(INTEROP_JID) + 1 + 7 + 2 + 2
  return concat(bytes.subarray(0, end), Uint8Array.of(0xfc, 7), utf8('interop'), bytes.subarray(end))
}

const messages: readonly Uint8Array[] = [
  stanza('message', { from, id: 'A1', t: 1_700_000_000, type: 'text', notify: 'Ben', offline: '1', sender_pn: new Jid('15550100002', 's.whatsapp.net') }, [enc('msg'), stanza('meta', { polltype: 'creation', target_id: 'X', target_sender_jid: from }), stanza('bot', { edit: 'first', edit_target_id: 'Y', sender_timestamp_ms: '1700000000000' })]),
  stanza('message', { from: '120363000000000001@g.us', participant: from, id: 'A2', t: 1_700_000_000 }, [enc('pkmsg'), enc('skmsg'), stanza('reporting', {}, [stanza('reporting_tag', {}, 'x'), stanza('reporting_token', { v: 2 }, 'y')])]),
  stanza('message', { from: 'status@broadcast', participant: from, id: 'A3', t: 1_700_000_000 }, [stanza('unavailable', { type: 'view_once', hosted: 'true' })]),
  stanza('message', { from: new Jid('90010001', 'lid'), recipient: from, id: 'A4', t: 1_700_000_000, category: 'peer', peer_recipient_pn: new Jid('15550100002', 's.whatsapp.net') }, [stanza('participants', {}, [stanza('to', { jid: link.lid }, [enc('msg')])])]),
  stanza('message', { from: '120363000000000009@newsletter', id: 'A5', t: 1_700_000_000, server_id: 120, sts: '1700000000000000', is_sender: 'true', verified_level: 'high', verified_name: 3 }, [stanza('plaintext', {}, 'x')]),
  // The writer leaves the name of this server out, and dates end before numbers do.
  stanza('message', { from: new Jid('1-112233445', 'interop', 2), id: 'A6', t: 1_700_000_000 }, [enc('msg'), stanza('bot', { sender_timestamp_ms: '9007199254740991' })]),
].map(encodeForClient)

/** An opened content, put in place of the ciphertexts of a message by the first bytes of the input. */
const contents: readonly Uint8Array[] = [
  Message.encode({ conversation: 'hello' }),
  Message.encode({ deviceSentMessage: { destinationJid: '90010002@lid', message: { conversation: 'x' } } }),
  Message.encode({ senderKeyDistributionMessage: { groupId: 'x' } }),
  Message.encode({ deviceSentMessage: { destinationJid: '@' }, messageContextInfo: {} }),
]

const emptyStore = (): OpenStore => {
  const open = memoryStore().open() as OpenStore
  void open.commit([{ table: 'prekeys', key: '000007', value: new Uint8Array(64).fill(9) }])
  return open
}

/** A message with its ciphertexts, as it arrives, and once more with contents in their place. */
const message: Target = {
  name: 'message-stanza',
  seeds: () => [...messages, ...recordedStanzas('message')],
  mutate: mutateStanza(wordsOf(messages, { attributes: ['addressing_mode', 'participant_pn', 'edit', 'count', 'decrypt-fail', 'mediatype'], tags: ['to', 'enc', 'meta', 'bot'] })),
  feed: (input) => {
    const received = stanzaIn(input)
    if (received?.tag !== 'message') return
    const directory = createLidDirectory()
    const store = emptyStore()
    const quarantine = createQuarantine(() => undefined, () => undefined)
    const opened = now(
      of(received).pipe(
        decrypt({
          link: () => link,
          pool: createSessionPool(store, quarantine),
          senderKeys: createSenderKeyPool(store, quarantine),
          groups: createGroupDirectory({ store, quarantine, directory }),
          people: { follow: () => undefined },
          devices: createDeviceDirectory(store, () => 0),
          directory,
          laneOf: chatLaneOf(directory),
          account: () => fixedAccount,
          store,
          messageCodec: Message,
          secrets: { find: () => of(undefined) },
        }),
      ),
    )
    if (!opened) throw new Error('a message was dropped')
    goThrough(opened)
    if (opened.kind !== 'message') return
    const payload = contents[(input.at(-1) ?? 0) % contents.length]!
    goThrough({
      ...opened,
      results: opened.results.map((result, index) =>
        index % 2 === 0 ? { kind: 'opened', encIndex: result.encIndex, encType: result.encType, payload, message: Message.decode(payload), writes: [] } : { kind: 'duplicate', encIndex: result.encIndex, encType: result.encType },
      ),
    })
  },
}

const others: readonly Uint8Array[] = [
  stanza('receipt', { from, id: 'R1', t: 1_700_000_000, type: 'read', participant: from, offline: '2' }, [stanza('list', {}, [stanza('item', { id: 'X' }), stanza('item', { server_id: '5' })])]),
  stanza('receipt', { from: '120363000000000001@g.us', id: 'R2', t: 1_700_000_000 }, [stanza('participants', { message_id: 'M' }, [stanza('user', { jid: from, t: 1_700_000_001, type: 'played' })])]),
  stanza('receipt', { from: link.lid, recipient: from, id: 'R3', t: 1_700_000_000, type: 'retry' }, [stanza('retry', { count: 1 }), stanza('error', { type: '1' })]),
  stanza('receipt', { from, id: 'R4', t: 1_700_000_000, type: 'view' }, [stanza('offer'), stanza('list', {}, [stanza('item', { server_id: 'x' })])]),
  stanza('notification', { from, id: 'N1', t: 1_700_000_000, type: 'devices' }, [stanza('add', {}, [stanza('device', { jid: link.lid })])]),
  stanza('notification', { from: 's.whatsapp.net', id: 'N2', type: 'encrypt' }, [stanza('count', { value: '3' }), stanza('identity')]),
  stanza('ib', { from: 's.whatsapp.net' }, [stanza('offline_preview', { count: 3, message: 2, receipt: 1, appdata: 0 }), stanza('offline', { count: 3 }), stanza('dirty', { type: 'groups', timestamp: 1_700_000_000 }, [stanza('x')])]),
  stanza('ib', {}, [stanza('edge_routing', {}, [stanza('routing_info', {}, 'abc')]), stanza('client_expiration', { t: 5 }), stanza('downgrade_webclient'), stanza('tos')]),
  stanza('call', { from, id: 'C1', t: 1 }, [stanza('offer', { 'call-id': 'x' })]),
  stanza('ack', { from, id: 'K1', class: 'message', error: '479' }),
  stanza('presence', { from, type: 'unavailable', last: 'deny' }),
].map(encodeStanza)

const other: Target = {
  name: 'other-stanza',
  seeds: () => [...others, ...recordedStanzas('receipt', 'notification', 'ib', 'call', 'ack', 'presence', 'success', 'failure')],
  mutate: mutateStanza(wordsOf(others)),
  feed: (input) => {
    const received = stanzaIn(input)
    if (received && received.tag !== 'message') goThrough({ kind: 'plain', stanza: received })
  },
}

const devices = [link.id, link.lid]
const bundleOf = (key: number): Stanza =>
  stanza('user', { jid: from }, [
    stanza('registration', {}, Uint8Array.of(0, 0, 1, 2)),
    stanza('identity', {}, pairOf(key).publicKey),
    stanza('skey', {}, [stanza('id', {}, Uint8Array.of(0, 0, 1)), stanza('value', {}, pairOf(key).publicKey), stanza('signature', {}, new Uint8Array(64))]),
    stanza('key', {}, [stanza('id', {}, Uint8Array.of(0, 0, 7)), stanza('value', {}, pairOf(key).publicKey)]),
    stanza('device-identity', {}, Uint8Array.of(10, 1, 2)),
  ])
const replies: readonly Uint8Array[] = [
  stanza('iq', { type: 'result', id: '1' }, [
    stanza('usync', {}, [
      stanza('list', {}, [
        stanza('user', { jid: from }, [
          stanza('devices', {}, [stanza('device-list', { hash: 'x' }, [stanza('device', { id: 0 }), stanza('device', { id: 3, 'key-index': 2 })]), stanza('key-index-list', { ts: 1 }, Uint8Array.of(10, 2, 8, 1))]),
          stanza('lid', { val: from }),
        ]),
      ]),
    ]),
  ]),
  stanza('iq', { type: 'result', id: '2' }, [stanza('list', {}, [bundleOf(1), stanza('user', { jid: from }, [stanza('error', { code: 406, text: 'x' })])])]),
  stanza('iq', { type: 'result', id: '3' }, [stanza('count', { value: 5 })]),
  stanza('iq', { type: 'result', id: '4' }, [
    stanza('digest', {}, [
      stanza('registration', {}, Uint8Array.of(0, 0, 1, 2)),
      stanza('identity', {}, new Uint8Array(32)),
      stanza('skey', {}, [stanza('id', {}, Uint8Array.of(0, 0, 1))]),
      stanza('list', {}, [stanza('id', {}, Uint8Array.of(0, 0, 1)), stanza('id', {}, Uint8Array.of(0, 0, 2))]),
      stanza('hash', {}, new Uint8Array(20)),
    ]),
  ]),
  stanza('iq', { type: 'result', id: '5', t: '1700000000' }, [stanza('props', { hash: 'x', refresh: '60', ab_key: 'k' }, [stanza('prop', { config_code: '5', config_value: 'x' })])]),
  stanza('iq', { type: 'result', id: '6' }, [stanza('link_code_companion_reg', { stage: 'companion_hello' }, [stanza('link_code_pairing_ref', {}, 'ref')])]),
].map(encodeStanza)

const hello = companionHello({ phoneNumber: '15550100001', wrappedEphemeral: new Uint8Array(80), noise: new Uint8Array(32), platformId: '1', platformDisplay: 'x', showsPushNotification: true })

/** Answers to our requests. */
const reply: Target = {
  name: 'reply-stanza',
  seeds: () => [...replies, ...recordedStanzas('iq')],
  mutate: mutateStanza(wordsOf(replies)),
  feed: (input) => {
    const iq = stanzaIn(input)
    if (!iq) return
    const read = <Reply>(description: { readonly parse: (reply: Stanza, faults: string[]) => Reply | undefined }): Reply | undefined => {
      const faults: string[] = []
      const answer = description.parse(iq, faults)
      requireThat(answer !== undefined || faults.length > 0, 'refused without a reason')
      return answer
    }
    for (const { user, devices: found } of read(fetchDevices(devices, 'x', (_, list) => readKeyIndexList(list, pairOf(1).publicKey))) ?? []) {
      requireThat(found.length > 0 && found.every(({ device }) => device >= 0 && device <= 255), `the devices of ${user.server}`)
    }
    for (const fetched of read(fetchBundles(devices)) ?? []) {
      if (fetched.kind !== 'malformed') requireSound(fetched.device, 'device')
      if (fetched.kind !== 'bundle') continue
      accepted([RxwaError], () => startSession(undefined, fetched.bundle, fixedAccount))
      if (fetched.deviceIdentity) verifyDeviceIdentity(fetched.deviceIdentity, fetched.bundle.identity, undefined)
    }
    for (const prekeyId of read(fetchDigest)?.prekeyIds ?? []) requireThat(prekeyId < 2 ** 24, 'a prekey id of more than 24 bits')
    for (const description of [countPrekeys, ping, fetchProperties(), hello]) read<unknown>(description)
  },
}

const rowSeeds = (): readonly Uint8Array[] =>
  messages.map((seed) => {
    const received = stanzaIn(seed)!
    return encodeInboxRecord({
      stanza: received,
      name: 'message|x',
      events: [],
      writes: [],
      answers: [],
      information: [],
      results: [
        { kind: 'opened', encIndex: 0, encType: 'msg', payload: contents[0]!, message: {}, writes: [] },
        { kind: 'duplicate', encIndex: 1, encType: 'msg' },
        { kind: 'undecryptable', encIndex: 2, encType: 'skmsg', reason: 'no_sender_key', fault: 'no_sender_key', isOpened: false },
      ],
    })
  })

const inboxRecord: Target = {
  name: 'inbox-record',
  seeds: rowSeeds,
  mutate: mutateStanza(wordsOf(rowSeeds())),
  feed: (input) => {
    accepted([StanzaCodecError, ProtoMalformed], () => decodeInboxRecord(input, Message))
    const restored = restoreStanza(input, link, Message)
    for (const event of restored?.events ?? []) requireSound(event, event.type)
    if (restored) requireRestored(restored)
  },
}

export const pipelineTargets: readonly Target[] = [message, other, reply, inboxRecord]
