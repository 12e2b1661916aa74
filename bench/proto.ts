import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import protobuf from 'protobufjs'

import { Message } from '../lib/proto/content.generated.ts'
import { measure, type Item, type Row } from './harness.ts'

const folder = new URL('../protos/', import.meta.url)
const root = new protobuf.Root()
root.resolvePath = (_, target) => fileURLToPath(new URL(target.split('/').pop()!, folder))
root.loadSync(readdirSync(folder).filter((name) => name.endsWith('.proto')), { keepCase: true }).resolveAll()
const reference = root.lookupType('waproto.Message')

const secret = new Uint8Array(32).fill(9)

/** A reply with a quote, 235 bytes; an image with its thumbnail; the shortest message there is. */
const messages: Readonly<Record<string, Message>> = {
  reply: {
    extendedTextMessage: {
      text: 'Hello there, this is a plain message with some text',
      contextInfo: {
        stanzaId: '3EB0D2A9F1C4775E0B12AA',
        participant: '123456789012345@lid',
        quotedMessage: { conversation: 'what did you say?' },
        mentionedJid: ['222222222222222@lid'],
        expiration: 86400,
        ephemeralSettingTimestamp: 1755800000,
      },
    },
    messageContextInfo: {
      deviceListMetadata: {
        senderKeyHash: new Uint8Array(10).fill(1),
        senderTimestamp: 1755800000,
        recipientKeyHash: new Uint8Array(10).fill(2),
        recipientTimestamp: 1755800001,
      },
      deviceListMetadataVersion: 2,
      messageSecret: secret,
    },
  },
  image: {
    imageMessage: {
      url: `https://mmg.example/v/t62.7118-24/${'x'.repeat(120)}`,
      mimetype: 'image/jpeg',
      caption: 'olá mundo',
      fileSha256: secret,
      fileLength: 123456,
      height: 1080,
      width: 1920,
      mediaKey: secret,
      fileEncSha256: secret,
      directPath: `/v/t62.7118-24/${'y'.repeat(100)}`,
      mediaKeyTimestamp: 1755800000,
      jpegThumbnail: new Uint8Array(900),
      scanLengths: [1, 2, 3, 4000],
    },
  },
  conversation: { conversation: 'hi' },
}

const contest = ([name, message]: readonly [string, Message]): readonly Item[] => {
  const bytes = Message.encode(message)
  return [
    { item: `decode protobuf ${name}`, library: 'rxwa', run: () => Message.decode(bytes) },
    // Generates code at run time and drops unknown fields.
    { item: `decode protobuf ${name}`, library: 'protobufjs', run: () => reference.decode(bytes) },
    { item: `encode protobuf ${name}`, library: 'rxwa', run: () => Message.encode(message) },
    { item: `encode protobuf ${name}`, library: 'protobufjs', run: () => reference.encode(message as object).finish() },
  ]
}

/** Reading and writing message contents. */
export const run = async (): Promise<readonly Row[]> => measure(Object.entries(messages).flatMap(contest))
