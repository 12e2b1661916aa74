import { generateKeyPair } from '#crypto'
import { concat } from '../bytes/bytes.ts'
import { createFrameDecoder, encodeFrame, type FrameDecoder } from '../connection/frame.ts'
import { createNoiseTransport, type NoiseTransport } from '../connection/noise-transport.ts'
import { respond, type Response, type ResponderResult } from '../connection/noise-responder.ts'
import { RxwaError } from '../errors/rxwa-error.ts'
import { decodeStanza } from '../stanza/decode.ts'
import { encodeStanza } from '../stanza/encode.ts'
import { stanza, type Stanza } from '../stanza/stanza.ts'
import type { ServerIdentity } from './certificates.ts'

/** The byte stream to one client. */
export interface ByteLine {
  readonly send: (bytes: Uint8Array) => void
  readonly close: (code: number) => void
}

/** What happens on a socket, told to whoever serves it. */
export interface SocketListener {
  readonly opened: (result: ResponderResult, socket: ServerSocket) => void
  readonly stanza: (stanza: Stanza) => void
  readonly closed: () => void
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
  /** From here on nothing is read or written; the connection stays. */
  readonly stall: () => void
  /** The routing block the client sent in front, if any. */
  readonly routingInfo: () => Uint8Array | undefined
}

const ABNORMAL = 1011
const NORMAL = 1000
const DICTIONARY = 3

/** Serves one connection: intro, handshake, frames, stanzas (protocol document 01, section 7; 02, section 10). */
export const createServerSocket = (
  line: ByteLine,
  identity: ServerIdentity,
  listener: SocketListener,
  log: (direction: 'in' | 'out', stanza: Stanza) => void,
  spoil: (response: Response) => Uint8Array = ({ hello }) => hello,
): ServerSocket => {
  let intro: Uint8Array | undefined = new Uint8Array(0)
  let prologue: Uint8Array = new Uint8Array(0)
  let routingInfo: Uint8Array | undefined
  let frames: FrameDecoder | undefined
  let half: (Response & { readonly kind: 'half' }) | undefined
  let transport: NoiseTransport | undefined
  let isOver = false
  let isStalled = false

  const close = (code: number): void => {
    if (isOver) return
    isOver = true
    line.close(code)
    listener.closed()
  }

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
    line.send(encodeFrame(spoil(response)))
    if (response.kind === 'done') open(response.result)
    else half = response
  }

  const open = (result: ResponderResult): void => {
    transport = createNoiseTransport(result.keys.responder, result.keys.initiator)
    listener.opened(result, socket)
  }

  const read = (body: Uint8Array): void => {
    if (!transport) {
      handshake(body)
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
    listener.stanza(received)
  }

  const socket: ServerSocket = {
    receive: (bytes) => {
      if (isOver || isStalled) return
      try {
        const rest = intro ? readIntro(bytes) : bytes
        if (!rest) return
        if (prologue[3] !== DICTIONARY) {
          close(ABNORMAL)
          return
        }
        frames ??= createFrameDecoder()
        for (const body of frames.push(rest)) if (!isOver) read(body)
      } catch (error) {
        // Whatever a client sends must not reach the other clients.
        if (!(error instanceof RxwaError)) throw error
        close(ABNORMAL)
      }
    },
    closed: () => {
      if (isOver) return
      isOver = true
      listener.closed()
    },
    send: (sent) => {
      if (isOver || isStalled || !transport) return
      log('out', sent)
      socket.sendBytes(encodeStanza(sent))
    },
    sendBytes: (plaintext) => {
      if (!isOver && !isStalled && transport) line.send(transport.seal(plaintext))
    },
    end: (reason) => {
      if (reason) socket.send(reason)
      if (reason?.tag !== 'failure') socket.send(stanza('xmlstreamend'))
      close(NORMAL)
    },
    stall: () => (isStalled = true),
    routingInfo: () => routingInfo,
  }
  return socket
}
