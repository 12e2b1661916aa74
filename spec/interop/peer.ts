import { fork, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { filter, firstValueFrom, map, ReplaySubject, timeout, type Observable } from 'rxjs'

import { toHex } from '../../lib/bytes/bytes.ts'
import type { Simulator } from '../../lib/testing/index.ts'

/** How a chat is kept, as far as it was ever said. */
export interface ChatState {
  readonly isMuted?: boolean
  readonly isPinned?: boolean
  readonly isArchived?: boolean
}

/** What the other client tells. */
export type BaileysEvent =
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
  | { readonly kind: 'unhandled'; readonly error: string }

/** A Baileys client in a process of its own. */
export interface Baileys {
  readonly events$: Observable<BaileysEvent>
  readonly next: <Kind extends BaileysEvent['kind']>(
    kind: Kind,
    matches?: (event: Extract<BaileysEvent, { kind: Kind }>) => boolean,
  ) => Promise<Extract<BaileysEvent, { kind: Kind }>>
  readonly tell: (command: { readonly kind: string } & Readonly<Record<string, unknown>>) => void
  readonly stop: () => void
}

const WAIT_LIMIT_MS = 30_000

/** What clients said that no published client would, but for the child Baileys gives its pings every half minute. */
export const wrongThings = (simulator: Simulator): readonly string[] =>
  simulator
    .violations()
    .filter(({ path }) => path !== 'iq/ping')
    .map(({ device, path, rule, message }) => `${device}: ${path} (${rule}): ${message}`)

/** Whether the peers are installed; the tests install them, a bare checkout has none. */
export const hasPeers = existsSync(new URL('node_modules/baileys', import.meta.url))

/** Starts a client that will show a code of this server. */
export const startBaileys = async (url: string, rootPublicKey: Uint8Array): Promise<Baileys> => {
  const child: ChildProcess = fork(fileURLToPath(new URL('baileys-peer.mjs', import.meta.url)), { execArgv: [], silent: true })
  const events$ = new ReplaySubject<BaileysEvent>()
  child.on('message', (event) => events$.next(event as BaileysEvent))
  child.on('exit', () => events$.complete())
  const next: Baileys['next'] = (kind, matches = () => true) =>
    firstValueFrom(
      events$.pipe(
        filter((event) => event.kind === kind),
        map((event) => event as Extract<BaileysEvent, { kind: typeof kind }>),
        filter(matches),
        timeout({ first: WAIT_LIMIT_MS }),
      ),
    )
  await next('ready')
  child.send({ kind: 'start', url, rootPublicKey: toHex(rootPublicKey) })
  return { events$, next, tell: (command) => void child.send(command), stop: () => void child.kill() }
}
