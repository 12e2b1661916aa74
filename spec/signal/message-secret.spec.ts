import { describe, expect, it } from '@jest/globals'

import { toHex, utf8 } from '../../lib/bytes/bytes.ts'
import { SignalFailed } from '../../lib/errors/signal-error.ts'
import { botSecret, openBotReply, openWithSecret, readBotReply, sealBotReply, sealWithSecret, secretKey, type SecretUse } from '../../lib/signal/message-secret.ts'
import { hex, vectorCases } from '../vectors.ts'

interface SecretCase {
  readonly use: SecretUse
  readonly messageSecret: string
  readonly messageId: string
  readonly originalSender: string
  readonly modifier: string
  readonly key?: string
  readonly iv: string
  readonly plain?: string
  readonly encrypted: string
  readonly expected: 'ok' | 'reject'
}

const cases = vectorCases<SecretCase>('message', 'message-secret')

describe('what is encrypted under the secret of a message', () => {
  it.each(cases.map((each) => [each.id, each] as const))('%s', (_, { use, messageSecret, messageId, originalSender, modifier, key, iv, plain, encrypted, expected }) => {
    const context = { use, parentId: messageId, parentSender: originalSender, modifier }
    const opened = openWithSecret(hex(messageSecret), context, hex(iv), hex(encrypted))
    if (expected === 'reject') {
      expect(opened).toBeUndefined()
      return
    }
    expect(toHex(secretKey(hex(messageSecret), context))).toBe(key)
    expect(opened && toHex(opened)).toBe(plain)
    expect(toHex(sealWithSecret(hex(messageSecret), context, hex(iv), hex(plain!)))).toBe(encrypted)
  })

  it('needs an IV of twelve bytes', () => {
    const context = { use: 'Poll Vote', parentId: 'A', parentSender: 'b', modifier: 'c' } as const
    expect(openWithSecret(new Uint8Array(32), context, new Uint8Array(11), new Uint8Array(40))).toBeUndefined()
  })
})

describe('a reply of a bot', () => {
  const secret = new Uint8Array(32).fill(0xab)
  const iv = new Uint8Array(12).fill(0x24)
  const context = { id: '3EB0BOTREPLY', asker: '111111111111111@lid', bot: '867051314767696@bot' }

  it('is the known answer of protocol document 06', () => {
    expect(toHex(botSecret(secret))).toBe('78d68aa5e724005cf6b1d11bf3fc03b756ea054e958e314e224c43a7fa8eaa95')
    const sealed = sealBotReply(secret, context, iv, hex('0a0568656c6c6f'))
    const reply = readBotReply(sealed)
    expect(toHex(reply.payload)).toBe('42b9292be54e520757615ba9b107823e3a1cfad4772701')
    expect(toHex(openBotReply(secret, context, reply)!)).toBe('0a0568656c6c6f')
  })

  it.each([
    ['another reply', { ...context, id: '3EB0OTHER' }],
    ['somebody else', { ...context, asker: '1@lid' }],
    ['another bot', { ...context, bot: '1@bot' }],
  ])('for %s does not open', (_, other) => expect(openBotReply(secret, other, readBotReply(sealBotReply(secret, context, iv, utf8('x'))))).toBeUndefined())

  it.each([
    ['nothing', new Uint8Array(0)],
    ['cut', sealBotReply(secret, context, iv, utf8('x')).subarray(0, 20)],
    ['an IV of another length', sealBotReply(secret, context, new Uint8Array(12), utf8('x')).map((byte, index) => (index === 6 ? 11 : byte))],
  ])('%s is malformed', (_, bytes) => expect(() => readBotReply(bytes)).toThrow(SignalFailed))
})
