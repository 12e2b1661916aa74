// A Baileys client in a process of its own, told what to do over the channel of its parent: its console
// noise, its timers and its globals stay here.
import makeWASocket, { downloadMediaMessage, initAuthCreds, WA_CERT_DETAILS } from 'baileys'

import { usage } from './usage.mjs'

for (const level of ['log', 'info', 'warn', 'error', 'debug', 'trace']) console[level] = () => {}

const quiet = { level: 'silent', child: () => quiet }
for (const level of ['trace', 'debug', 'info', 'warn', 'error', 'fatal']) quiet[level] = () => {}

const creds = initAuthCreds()
creds.accountSyncCounter = 1 // no wait for history
const rows = new Map()
const auth = {
  creds,
  keys: {
    get: async (type, ids) => Object.fromEntries(ids.map((id) => [id, rows.get(`${type}/${id}`)]).filter(([, value]) => value != null)),
    set: async (data) => {
      for (const type in data)
        for (const [id, value] of Object.entries(data[type])) {
          if (value == null) rows.delete(`${type}/${id}`)
          else rows.set(`${type}/${id}`, value)
        }
    },
  },
}

const sent = new Map()
let socket
let options
/** While it counts, it does not tell every message. */
let counting

/** Chats as this client believes them to be. */
const chats = new Map()
const seen = (id) => {
  if (!chats.has(id)) chats.set(id, {})
  return chats.get(id)
}

const tell = (event) => process.send?.(event)

/** What it tells as it comes. */
const watched = ['presence.update', 'call', 'groups.update', 'groups.upsert', 'contacts.update', 'blocklist.update', 'group.join-request']
const plain = (data) => JSON.parse(JSON.stringify(data ?? null))

// Its media host is a constant: what is asked there is asked of the server it talks with.
const fetchAnywhere = globalThis.fetch
globalThis.fetch = (url, init) => {
  const { hostname, pathname, search } = new URL(url)
  return fetchAnywhere(hostname === 'mmg.whatsapp.net' ? new URL(`${pathname}${search}`, options.url.replace(/^ws/, 'http')) : url, init)
}

const open = () => {
  const opened = makeWASocket({
    auth,
    logger: quiet,
    waWebSocketUrl: options.url,
    version: [2, 3000, 1043857760],
    browser: ['Mac OS', 'Chrome', '14.4.1'],
    syncFullHistory: false,
    fireInitQueries: false,
    emitOwnEvents: false,
    getMessage: async ({ id }) => sent.get(id),
    defaultQueryTimeoutMs: 5_000,
    connectTimeoutMs: 5_000,
  })
  socket = opened
  opened.ev.on('connection.update', ({ connection, qr, lastDisconnect }) => {
    if (qr) tell({ kind: 'qr', qr })
    if (connection === 'open') tell({ kind: 'open', id: creds.me.id, lid: creds.me.lid })
    if (connection !== 'close') return
    const code = lastDisconnect?.error?.output?.statusCode
    tell({ kind: 'closed', code })
    // 515: linked; the socket is used up and the next one logs in.
    if (code === 515 && socket === opened) open()
  })
  opened.ev.on('messages.upsert', ({ messages }) => {
    for (const whole of messages) {
      const { key, message, messageStubType } = whole
      if (counting) {
        counting.got += 1
        if (counting.got === counting.until) tell({ kind: 'counted' })
        continue
      }
      tell({
        kind: 'message',
        id: key.id,
        from: key.remoteJid,
        participant: key.participant,
        fromMe: key.fromMe === true,
        text: message?.conversation ?? message?.extendedTextMessage?.text,
        quoted: message?.extendedTextMessage?.contextInfo?.stanzaId,
        failed: messageStubType !== undefined && messageStubType !== null && !message,
      })
      if (message?.imageMessage || message?.documentMessage)
        downloadMediaMessage(whole, 'buffer', {})
          .then((bytes) => tell({ kind: 'media', id: key.id, base64: bytes.toString('base64') }))
          .catch((error) => tell({ kind: 'unhandled', error: String(error) }))
    }
  })
  opened.ev.on('messaging-history.set', ({ chats: all, messages, progress, syncType }) =>
    tell({
      kind: 'history',
      syncType,
      progress,
      chats: all.map(({ id, name, unreadCount }) => ({ id, name, unreadCount })),
      messages: messages.map(({ key, message }) => ({ chat: key.remoteJid, id: key.id, fromMe: key.fromMe === true, text: message?.conversation })),
    }),
  )
  opened.ev.on('group-participants.update', ({ id, participants, action }) => tell({ kind: 'members', group: id, action, count: participants.length }))
  opened.ev.on('message-receipt.update', (receipts) => {
    for (const { key, receipt } of receipts) tell({ kind: 'groupReceipt', id: key.id, reader: receipt.userJid, isRead: receipt.readTimestamp !== undefined })
  })
  opened.ev.on('chats.update', (updates) => {
    for (const { id, muteEndTime, archived, pinned } of updates) {
      if (muteEndTime !== undefined) seen(id).isMuted = muteEndTime !== null
      if (archived !== undefined) seen(id).isArchived = archived === true
      if (pinned !== undefined) seen(id).isPinned = Boolean(pinned)
    }
  })
  for (const name of watched) opened.ev.on(name, (data) => tell({ kind: 'event', name, data: plain(data) }))
  opened.ev.on('messages.update', (updates) => {
    for (const { key, update } of updates) if (update.status) tell({ kind: 'status', id: key.id, status: update.status })
  })
}

const commands = {
  start: ({ url, rootPublicKey }) => {
    options = { url }
    WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(rootPublicKey, 'hex')
    creds.me = undefined
    open()
  },
  /** Without a name it tells nobody that it is there. */
  rename: ({ name }) => void (creds.me.name = name),
  reconnect: () => open(),
  code: async ({ phoneNumber }) => {
    try {
      tell({ kind: 'code', code: await socket.requestPairingCode(phoneNumber) })
    } catch (error) {
      tell({ kind: 'unhandled', error: String(error) })
    }
  },
  hangUp: () => {
    const closing = socket
    socket = undefined
    closing.end(undefined)
  },
  send: async ({ to, text, tag }) => {
    try {
      const message = await socket.sendMessage(to, { text, linkPreview: null })
      sent.set(message.key.id, message.message)
      tell({ kind: 'sent', tag, id: message.key.id })
    } catch (error) {
      tell({ kind: 'sendFailed', tag, error: String(error) })
    }
  },
  createGroup: async ({ subject, members }) => {
    try {
      const { id, addressingMode, participants } = await socket.groupCreate(subject, members)
      tell({ kind: 'group', id, addressingMode, members: participants.length })
    } catch (error) {
      tell({ kind: 'unhandled', error: String(error) })
    }
  },
  changeMembers: async ({ group, members, action, tag }) => {
    try {
      await socket.groupParticipantsUpdate(group, members, action)
      tell({ kind: 'sent', tag, id: group })
    } catch (error) {
      tell({ kind: 'sendFailed', tag, error: String(error) })
    }
  },
  modify: async ({ chat, change, tag }) => {
    try {
      const { isMuted, isArchived, isPinned } = change
      if (isMuted !== undefined) await socket.chatModify({ mute: isMuted ? 4_000_000_000_000 : null }, chat)
      if (isPinned !== undefined) await socket.chatModify({ pin: isPinned }, chat)
      if (isArchived !== undefined) await socket.chatModify({ archive: isArchived, lastMessages: [] }, chat)
      // It tells nobody of its own changes.
      Object.assign(seen(chat), change)
      tell({ kind: 'sent', tag, id: chat })
    } catch (error) {
      tell({ kind: 'sendFailed', tag, error: String(error?.stack ?? error) })
    }
  },
  loseState: ({ tag }) => {
    for (const key of [...rows.keys()]) if (key.startsWith('session/') || key.startsWith('sender-key')) rows.delete(key)
    tell({ kind: 'sent', tag, id: '' })
  },
  /** Calls a function of the socket and tells what it gives. */
  ask: async ({ method, args, tag }) => {
    try {
      tell({ kind: 'answer', tag, result: plain(await socket[method](...args)) })
    } catch (error) {
      tell({ kind: 'answer', tag, error: String(error) })
    }
  },
  chats: () => tell({ kind: 'chats', chats: Object.fromEntries(chats) }),
  count: ({ until }) => (counting = { got: 0, until }),
  usage: () => tell(usage()),
  burst: async ({ chats, times, inFlight }) => {
    const texts = Array.from({ length: times }, (_, time) => chats.map((chat) => [chat, `text ${time}`])).flat()
    const work = async () => {
      for (let next = texts.shift(); next; next = texts.shift()) await socket.sendMessage(next[0], { text: next[1], linkPreview: null })
    }
    // It is done with a message when it is written; what the server answers is work of its as well.
    let missing = texts.length
    let done
    const accepted = new Promise((resolve) => (done = resolve))
    const { ws } = socket
    const count = () => --missing === 0 && done()
    ws.on('CB:ack,class:message', count)
    await Promise.all([accepted, ...Array.from({ length: inFlight }, work)])
    ws.off('CB:ack,class:message', count)
    tell({ kind: 'burstDone' })
  },
  read: ({ id, from, participant }) => socket.readMessages([{ id, remoteJid: from, participant, fromMe: false }]),
  stop: () => process.exit(0),
}

process.on('message', (command) => void commands[command.kind](command))
process.on('disconnect', () => process.exit(0))
process.on('unhandledRejection', (error) => tell({ kind: 'unhandled', error: String(error) }))
tell({ kind: 'ready' })
