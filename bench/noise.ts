import { createFrameDecoder, WIRE_HEADER } from '../lib/connection/frame.ts'
import { createNoiseTransport } from '../lib/connection/noise-transport.ts'
import { measure, type Item, type Row } from './harness.ts'
import type { Peers, SilentLogger } from './peers.ts'

const writeKey = Uint8Array.from({ length: 32 }, (_, index) => index)
const readKey = Uint8Array.from({ length: 32 }, (_, index) => 255 - index)
const plaintext = Uint8Array.from({ length: 400 }, (_, index) => (index * 37) & 0xff)

/** Frames of one counter run; the reader starts over when it has read them all. */
const RUN = 512

const sealing = (): Item => {
  const { seal } = createNoiseTransport(writeKey, readKey)
  return { item: 'noise encrypt and frame 400 B', library: 'rxwa', run: () => seal(plaintext) }
}

const opening = (): Item => {
  const { seal } = createNoiseTransport(readKey, writeKey)
  const frames = Array.from({ length: RUN }, () => seal(plaintext))
  let { push } = createFrameDecoder()
  let { open } = createNoiseTransport(writeKey, readKey)
  let next = 0
  return {
    item: 'noise unframe and decrypt 400 B',
    library: 'rxwa',
    run: () => {
      if (next === RUN) {
        next = 0
        ;({ push } = createFrameDecoder())
        ;({ open } = createNoiseTransport(writeKey, readKey))
      }
      for (const body of push(frames[next]!)) open(body)
      next += 1
    },
  }
}

const nothing = (): void => undefined
const silent: SilentLogger = { level: 'silent', child: () => silent, trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing }

const baileysItems = async ({ baileys }: Peers): Promise<readonly Item[]> => {
  if (!baileys) return []
  const handler = baileys.makeNoiseHandler({ keyPair: { private: writeKey, public: readKey }, NOISE_HEADER: WIRE_HEADER, logger: silent })
  await handler.finishInit()
  const nonce = new Uint8Array(12)
  const none = new Uint8Array(0)
  const sealed = createNoiseTransport(readKey, writeKey).seal(plaintext).subarray(3)
  return [
    { item: sealing().item, library: 'baileys', run: () => handler.encodeFrame(plaintext) },
    // Its reader of frames is asynchronous and decodes as well, so only its cipher is counted.
    { item: opening().item, library: 'baileys', run: () => baileys.aesDecryptGCM(sealed, readKey, nonce, none) },
  ]
}

/** The encryption of one frame of 400 bytes in each direction. */
export const run = async (peers: Peers): Promise<readonly Row[]> => measure([sealing(), opening(), ...(await baileysItems(peers))])
