import { interval, type SchedulerLike, type Subscription } from 'rxjs'

import { generateKeyPair } from '#crypto'
import { concat } from '../bytes/bytes.ts'
import { createFrameDecoder, encodeFrame, type FrameDecoder } from '../connection/frame.ts'
import { createNoiseTransport, type NoiseTransport } from '../connection/noise-transport.ts'
import { respond, type Response, type ResponderResult } from '../connection/noise-responder.ts'
import { RxwaError } from '../errors/rxwa-error.ts'
import { decodeStanza } from '../stanza/decode.ts'
import { encodeStanza } from '../stanza/encode.ts'
import { SERVER } from '../stanza/jid.ts'
import { stanza, type Stanza } from '../stanza/stanza.ts'
import type { NoisePattern } from '../connection/noise-state.ts'
import type { ServerIdentity } from './certificates.ts'
import type { FaultAction, Passing } from './faults/fault-rule.ts'
import { nowSeconds } from './world.ts'
import { createIncomingLane, type Incoming } from './faults/incoming-lane.ts'
import type { SpoilingAction } from './faults/lane.ts'
import { createOutgoingLane, type Outgoing } from './faults/outgoing-lane.ts'

/** The byte stream to one client. */
export interface ByteLine {
  readonly send: (bytes: Uint8Array) => void
  readonly close: (code: number) => void
  /** Is gone without a word. */
  readonly drop: () => void
}

/** What happens on a socket, told to whoever serves it. */
export interface SocketListener {
  readonly opened: (result: ResponderResult, socket: ServerSocket) => void
  readonly stanza: (stanza: Stanza) => void
  /** The server has met the client's hello. */
  readonly met: (pattern: NoisePattern) => void
  readonly closed: () => void
}

/** Which side of a connection stands still. */
export type StalledSide = 'hears_nothing' | 'says_nothing' | 'both'

/** What a connection needs of its server. */
export interface ServerSocketParts {
  readonly identity: ServerIdentity
  readonly scheduler: SchedulerLike
  readonly log: (direction: 'in' | 'out', stanza: Stanza) => void
  /** What goes wrong with something that is about to pass. */
  readonly choose: (passing: Omit<Passing, 'index' | 'device'>) => FaultAction | undefined
}

/** The server's end of one connection. */
export interface ServerSocket {
  readonly receive: (bytes: Uint8Array) => void
  /** The other side is gone. */
  readonly closed: () => void
  readonly send: (stanza: Stanza) => void
  /** Any bytes as one frame, for what no stanza could be. */
  readonly sendBytes: (plaintext: Uint8Array) => void
  /** A reason when there is one, `<xmlstreamend/>`, then the close; a refused login closes without the latter. */
  readonly end: (reason?: Stanza) => void
  /** From here on nothing is read, or written, or both; the connection stays. The server may still ping. */
  readonly stall: (side?: StalledSide, pingEveryMs?: number) => void
  /** The routing block the client sent in front, if any. */
  readonly routingInfo: () => Uint8Array | undefined
}

const ABNORMAL = 1011
const NORMAL = 1000
const DICTIONARY = 3

/** Serves one connection: intro, handshake, frames, stanzas (protocol document 01, section 7; 02, section 10). */
export const createServerSocket = (line: ByteLine, listener: SocketListener, { identity, scheduler, log, choose }: ServerSocketParts): ServerSocket => {
  let intro: Uint8Array | undefined = new Uint8Array(0)
  let prologue: Uint8Array = new Uint8Array(0)
  let routingInfo: Uint8Array | undefined
  let frames: FrameDecoder | undefined
  let pattern: NoisePattern | undefined
  let half: (Response & { readonly kind: 'half' }) | undefined
  let transport: NoiseTransport | undefined
  let isOver = false
  let isDeaf = false
  let isDumb = false
  /** A frame came in part only: what follows cannot be read. */
  let isCut = false
  let pinging: Subscription | undefined

  const over = (how: () => void): void => {
    if (isOver) return
    isOver = true
    pinging?.unsubscribe()
    incoming.close()
    outgoing.close()
    how()
    listener.closed()
  }
  const close = (code: number): void => over(() => line.close(code))

  const passing = (direction: 'in' | 'out', item: Incoming | Outgoing): Omit<Passing, 'index' | 'device'> => ({
    direction,
    stage: item.kind === 'stanza' ? 'stanza' : 'handshake',
    ...(item.kind === 'stanza' && { stanza: item.stanza }),
    ...(pattern && { pattern }),
  })

  const stall = (side: StalledSide = 'both', pingEveryMs?: number): void => {
    isDeaf ||= side !== 'says_nothing'
    isDumb ||= side !== 'hears_nothing'
    if (pingEveryMs === undefined || pinging) return
    pinging = interval(pingEveryMs, scheduler).subscribe((turn) => {
      const frame = frameOf({ kind: 'stanza', stanza: stanza('iq', { from: SERVER, type: 'get', xmlns: 'urn:xmpp:ping', id: `ping${turn}`, t: nowSeconds({ scheduler }) }) })
      if (frame) line.send(frame)
    })
  }

  /** What every fault does that does not depend on the direction; false when it is none of these. */
  const interrupt = (action: SpoilingAction): boolean => {
    if (action.kind === 'stall') stall(action.side, action.pingEveryMs)
    else if (action.kind === 'close') over(() => (action.isAbrupt ? line.drop() : line.close(action.code ?? NORMAL)))
    else return false
    return true
  }

  const frameOf = (item: Outgoing): Uint8Array | undefined => {
    switch (item.kind) {
      case 'hello':
        return encodeFrame(item.body)
      case 'bytes':
        return transport?.seal(item.plaintext)
      case 'stanza':
        if (!transport) return undefined
        log('out', item.stanza)
        return transport.seal(encodeStanza(item.stanza))
      case 'end':
        close(NORMAL)
        return undefined
    }
  }
  const outgoing = createOutgoingLane({
    scheduler,
    choose: (item) => choose(passing('out', item)),
    frameOf,
    send: line.send,
    isDumb: () => isDumb,
    interrupt,
    stall,
    close: () => close(NORMAL),
  })

  /** Whatever a client sends must not reach the other clients. */
  const guard = (work: () => void): void => {
    try {
      work()
    } catch (error) {
      if (!(error instanceof RxwaError)) throw error
      close(ABNORMAL)
    }
  }

  const take = (item: Incoming): void =>
    guard(() => {
      if (isDeaf || isOver) return
      if (item.kind === 'hello') {
        handshake(item.body)
        return
      }
      listener.stanza(item.stanza)
    })

  const incoming = createIncomingLane({
    scheduler,
    choose: (item) => choose(passing('in', item)),
    take,
    answer: (answer) => socket.send(answer),
    interrupt,
    goDeaf: () => stall('hears_nothing'),
    cut: () => (isCut = true),
    fail: () => close(ABNORMAL),
  })

  /** What is behind the intro, once that is complete. */
  const readIntro = (bytes: Uint8Array): Uint8Array | undefined => {
    intro = concat(intro!, bytes)
    let start = 0
    if (intro[0] === 0x45) {
      if (intro.length < 7) return undefined
      const length = (intro[4]! << 16) | (intro[5]! << 8) | intro[6]!
      start = 7 + length
      if (intro.length < start) return undefined
      routingInfo = intro.slice(7, start)
    }
    if (intro.length < start + 4) return undefined
    prologue = intro.slice(start, start + 4)
    const rest = intro.subarray(start + 4)
    intro = undefined
    return rest
  }

  const handshake = (body: Uint8Array): void => {
    if (half) {
      open(half.finish(body))
      return
    }
    const response = respond(body, {
      prologue,
      serverStatic: identity.serverStatic,
      ephemeral: generateKeyPair(),
      certificateChain: identity.chain,
    })
    pattern = response.pattern
    listener.met(pattern)
    outgoing.push({ kind: 'hello', body: response.hello })
    if (response.kind === 'done') open(response.result)
    else half = response
  }

  const open = (result: ResponderResult): void => {
    if (isOver) return
    transport = createNoiseTransport(result.keys.responder, result.keys.initiator)
    listener.opened(result, socket)
  }

  const read = (body: Uint8Array): void => {
    if (!transport) {
      incoming.push({ kind: 'hello', body })
      return
    }
    const plaintext = transport.open(body)
    let received: Stanza
    try {
      received = decodeStanza(plaintext, { isInteropServerOptional: true })
    } catch (error) {
      if (!(error instanceof RxwaError)) throw error
      socket.end(stanza('stream:error', {}, [stanza('xml-not-well-formed')]))
      return
    }
    log('in', received)
    incoming.push({ kind: 'stanza', stanza: received, sizeBytes: body.length })
  }

  const socket: ServerSocket = {
    receive: (bytes) => {
      if (isOver || isDeaf) return
      guard(() => {
        const rest = intro ? readIntro(bytes) : bytes
        if (!rest) return
        if (prologue[3] !== DICTIONARY || isCut) {
          close(ABNORMAL)
          return
        }
        frames ??= createFrameDecoder()
        for (const body of frames.push(rest)) if (!isOver && !isDeaf) read(body)
      })
    },
    closed: () => over(() => undefined),
    send: (sent) => {
      if (!isOver && !isDumb && transport) outgoing.push({ kind: 'stanza', stanza: sent })
    },
    sendBytes: (plaintext) => {
      if (!isOver && !isDumb && transport) outgoing.push({ kind: 'bytes', plaintext })
    },
    end: (reason) => {
      const wasDumb = isDumb
      if (reason) socket.send(reason)
      if (reason?.tag !== 'failure') socket.send(stanza('xmlstreamend'))
      if (wasDumb) close(NORMAL)
      // A fault may begin with these words: then the connection stays.
      else if (!isDumb) outgoing.push({ kind: 'end' })
    },
    stall,
    routingInfo: () => routingInfo,
  }
  return socket
}
