// A zapo client in a process of its own, told what to do over the channel of its parent, as baileys-peer.mjs is.
import WebSocket from 'ws'
import { createStore, WaClient } from 'zapo-js'

import { usage } from './usage.mjs'

globalThis.WebSocket ??= WebSocket

const quiet = { level: 'error', child: () => quiet }
for (const level of ['trace', 'debug', 'info', 'warn', 'error']) quiet[level] = () => {}

let credentials = null
const auth = {
  load: async () => credentials,
  save: async (next) => void (credentials = next),
  clear: async () => void (credentials = null),
}
// Everything but the credentials can lie in its memory.
const inMemory = Object.fromEntries(['retry', 'participants', 'deviceList', 'messageSecret'].map((name) => [name, 'memory']))
const store = createStore({ backends: { own: { stores: { auth: () => auth }, caches: {} } }, providers: { auth: 'own' }, cacheProviders: inMemory })

const tell = (event) => process.send?.(event)

/** While it counts, it does not tell every message. */
let counting
let client
const own = (jid) => [credentials?.meJid, credentials?.meLid].some((ours) => ours !== undefined && ours.split(/[:@]/)[0] === jid?.split(/[:@]/)[0])

const start = (url, rootPublicKey) => {
  client = new WaClient(
    {
      store,
      sessionId: 'peer',
      chatSocketUrls: [url],
      connectTimeoutMs: 60_000,
      nodeQueryTimeoutMs: 60_000,
      history: { enabled: false },
      testHooks: { noiseRootCa: { publicKey: rootPublicKey, serial: 0 } },
    },
    quiet,
  )
  client.on('auth_qr', ({ qr }) => tell({ kind: 'qr', qr }))
  client.on('connection_success', async () => {
    // Nobody can write to it before its keys are there.
    while (!credentials?.serverHasPreKeys) await new Promise((resolve) => setTimeout(resolve, 5))
    tell({ kind: 'open', id: credentials.meJid, lid: credentials.meLid })
  })
  client.on('connection', ({ status, code }) => {
    if (status === 'close') tell({ kind: 'closed', code })
  })
  client.on('message', ({ stanzaId, chatJid, senderJid, message }) => {
    if (counting) {
      counting.got += 1
      if (counting.got === counting.until) tell({ kind: 'counted' })
      return
    }
    const { destinationJid, message: copied } = message?.deviceSentMessage ?? {}
    const said = copied ?? message
    tell({
      kind: 'message',
      id: stanzaId,
      from: destinationJid ?? chatJid,
      participant: senderJid,
      fromMe: own(senderJid),
      text: said?.conversation ?? said?.extendedTextMessage?.text ?? undefined,
      quoted: said?.extendedTextMessage?.contextInfo?.stanzaId ?? undefined,
      failed: message == null,
    })
  })
  client.on('message_receipt', ({ stanzaId, stanzaType, chatJid, participantJid, rawNode }) => {
    const list = Array.isArray(rawNode.content) ? rawNode.content.flatMap(({ content }) => (Array.isArray(content) ? content : [])) : []
    for (const id of [stanzaId, ...list.map(({ attrs }) => attrs.id)]) {
      if (participantJid && chatJid?.endsWith('@g.us')) tell({ kind: 'groupReceipt', id, reader: participantJid, isRead: stanzaType === 'read' })
      else if (stanzaType === 'read') tell({ kind: 'status', id, status: 4 })
    }
  })
  client.on('group_event', ({ groupJid, action, participants }) => tell({ kind: 'members', group: groupJid, action, count: participants?.length ?? 0 }))
  return client.connect()
}

const attempt = async (work, failed) => {
  try {
    await work()
  } catch (error) {
    tell({ ...failed, error: String(error?.stack ?? error) })
  }
}
const UNHANDLED = { kind: 'unhandled' }

const commands = {
  start: ({ url, rootPublicKey }) => attempt(() => start(url, Buffer.from(rootPublicKey, 'hex')), UNHANDLED),
  reconnect: () => attempt(() => client.connect(), UNHANDLED),
  hangUp: () => attempt(() => client.disconnect(), UNHANDLED),
  code: ({ phoneNumber }) => attempt(async () => tell({ kind: 'code', code: await client.requestPairingCode(phoneNumber) }), UNHANDLED),
  send: ({ to, text, tag }) =>
    attempt(async () => {
      const { id } = await client.sendMessage(to, text)
      tell({ kind: 'sent', tag, id })
    }, { kind: 'sendFailed', tag }),
  createGroup: ({ subject, members }) =>
    attempt(async () => {
      const made = await client.group.createGroup(subject, members)
      const { attrs } = made.content.find(({ tag }) => tag === 'group')
      const id = `${attrs.id}@g.us`
      const { participants } = await client.group.queryGroupMetadata(id)
      tell({ kind: 'group', id, addressingMode: attrs.addressing_mode, members: participants.length })
    }, UNHANDLED),
  changeMembers: ({ group, members, action, tag }) =>
    attempt(async () => {
      await (action === 'remove' ? client.group.removeParticipants(group, members) : client.group.addParticipants(group, members))
      tell({ kind: 'sent', tag, id: group })
    }, { kind: 'sendFailed', tag }),
  count: ({ until }) => (counting = { got: 0, until }),
  usage: () => tell(usage()),
  burst: async ({ chats, times, inFlight }) => {
    const total = chats.length * times
    let next = 0
    const work = async () => {
      for (let turn = next++; turn < total; turn = next++) await client.sendMessage(chats[turn % chats.length], `text ${Math.floor(turn / chats.length)}`)
    }
    await attempt(() => Promise.all(Array.from({ length: inFlight }, work)), UNHANDLED)
    tell({ kind: 'burstDone' })
  },
  read: ({ id, from, participant }) => client.sendReceipt({ to: from, id, type: 'read', ...(participant && from.endsWith('@g.us') && { participant }) }),
  stop: () => process.exit(0),
}

process.on('message', (command) => void commands[command.kind](command))
process.on('disconnect', () => process.exit(0))
process.on('unhandledRejection', (error) => tell({ kind: 'unhandled', error: String(error?.stack ?? error) }))
tell({ kind: 'ready' })
