import { fork, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { catchError, EMPTY, filter, firstValueFrom, from, map, mergeMap, ReplaySubject, skip, timeout, type Observable } from 'rxjs'

import { toHex } from '../../lib/bytes/bytes.ts'
import type { Phone, Simulator } from '../../lib/testing/index.ts'

/** How a chat is kept, as far as it was ever said. */
export interface ChatState {
  readonly isMuted?: boolean
  readonly isPinned?: boolean
  readonly isArchived?: boolean
}

/** A chat of the past. */
export interface HistoryChat {
  readonly id: string
  readonly name?: string
  readonly unreadCount?: number
}

/** A message of the past. */
export interface HistoryMessage {
  readonly chat: string
  readonly id: string
  readonly fromMe: boolean
  readonly text?: string
}

/** What the other client tells. */
export type PeerEvent =
  | { readonly kind: 'ready' }
  | { readonly kind: 'qr'; readonly qr: string }
  | { readonly kind: 'code'; readonly code: string }
  | { readonly kind: 'open'; readonly id: string; readonly lid: string }
  | { readonly kind: 'closed'; readonly code?: number }
  | {
      readonly kind: 'message'
      readonly id: string
      readonly from: string
      readonly participant?: string
      readonly fromMe: boolean
      readonly text?: string
      readonly quoted?: string
      readonly failed: boolean
    }
  | { readonly kind: 'status'; readonly id: string; readonly status: number }
  | { readonly kind: 'group'; readonly id: string; readonly addressingMode?: string; readonly members: number }
  | { readonly kind: 'members'; readonly group: string; readonly action: string; readonly count: number }
  | { readonly kind: 'groupReceipt'; readonly id: string; readonly reader: string; readonly isRead: boolean }
  | { readonly kind: 'sent'; readonly tag: string; readonly id: string }
  | { readonly kind: 'sendFailed'; readonly tag: string; readonly error: string }
  | { readonly kind: 'chats'; readonly chats: Readonly<Record<string, ChatState>> }
  | { readonly kind: 'history'; readonly syncType: number; readonly progress?: number; readonly chats: readonly HistoryChat[]; readonly messages: readonly HistoryMessage[] }
  | { readonly kind: 'event'; readonly name: string; readonly data: unknown }
  | { readonly kind: 'answer'; readonly tag: string; readonly result?: unknown; readonly error?: string }
  | { readonly kind: 'media'; readonly id: string; readonly base64: string }
  | { readonly kind: 'unhandled'; readonly error: string }

/** An independent client in a process of its own. */
export interface Peer {
  readonly events$: Observable<PeerEvent>
  readonly next: <Kind extends PeerEvent['kind']>(
    kind: Kind,
    matches?: (event: Extract<PeerEvent, { kind: Kind }>) => boolean,
  ) => Promise<Extract<PeerEvent, { kind: Kind }>>
  readonly tell: (command: { readonly kind: string } & Readonly<Record<string, unknown>>) => void
  readonly stop: () => void
}

const WAIT_LIMIT_MS = 30_000

/** The independent clients: each has a program that does what it is told, and the package that brings it. */
const programs = { Baileys: ['baileys-peer.mjs', 'baileys'], zapo: ['zapo-peer.mjs', 'zapo-js'] } as const

/** What each of them says that no published client would: a child in pings, a group made or asked for without an attribute. */
const habits: Readonly<Record<PeerName, readonly string[]>> = { Baileys: ['iq/ping'], zapo: ['iq/create@key', 'iq/query@request'] }

/** Name of an independent client. */
export type PeerName = keyof typeof programs

/** The names of all that can be started. */
export const peerNames = Object.keys(programs) as readonly PeerName[]

/** Whether the peers are installed; the tests install them, a bare checkout has none. */
export const hasPeers = Object.values(programs).every(([, name]) => existsSync(new URL(`node_modules/${name}`, import.meta.url)))

/** What clients said that no published client would, but for the habits of this one. */
export const wrongThings = (simulator: Simulator, name: PeerName = 'Baileys'): readonly string[] =>
  simulator
    .violations()
    .filter(({ path }) => !habits[name].includes(path))
    .map(({ device, path, rule, message }) => `${device}: ${path} (${rule}): ${message}`)

/** By which address this client writes to somebody it has not met: zapo keeps no session under both of them. */
export const addressOf = (name: PeerName, { lid, phoneNumber }: Pick<Phone, 'lid' | 'phoneNumber'>): string => (name === 'zapo' ? lid : phoneNumber).toString()

/**
 * Waits until a client is linked and connected; the phone scans every code it shows, or every one after the first
 * few. One would do, but zapo begins anew when the end of the stream comes while it still keeps what it was told.
 */
export const untilLinked = async (peer: Peer, phone: Pick<Phone, 'scan'>, codesLeftOut = 0): Promise<Extract<PeerEvent, { kind: 'open' }>> => {
  const scans = peer.events$
    .pipe(
      filter((event) => event.kind === 'qr'),
      skip(codesLeftOut),
      // What could not be linked does not open, which is what is waited for.
      mergeMap(({ qr }) => from(phone.scan(qr)).pipe(catchError(() => EMPTY))),
    )
    .subscribe()
  try {
    return await peer.next('open')
  } finally {
    scans.unsubscribe()
  }
}

/** Starts a client that will show a code of this server. */
export const startPeer = async (name: PeerName, url: string, rootPublicKey: Uint8Array): Promise<Peer> => {
  const child: ChildProcess = fork(fileURLToPath(new URL(programs[name][0], import.meta.url)), { execArgv: [], silent: true })
  const events$ = new ReplaySubject<PeerEvent>()
  child.on('message', (event) => events$.next(event as PeerEvent))
  child.on('exit', () => events$.complete())
  const next: Peer['next'] = (kind, matches = () => true) =>
    firstValueFrom(
      events$.pipe(
        filter((event) => event.kind === kind),
        map((event) => event as Extract<PeerEvent, { kind: typeof kind }>),
        filter(matches),
        timeout({ first: WAIT_LIMIT_MS }),
      ),
    )
  await next('ready')
  child.send({ kind: 'start', url, rootPublicKey: toHex(rootPublicKey) })
  return { events$, next, tell: (command) => void child.send(command), stop: () => void child.kill() }
}
