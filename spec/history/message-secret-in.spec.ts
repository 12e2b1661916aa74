import { describe, expect, it } from '@jest/globals'

import { messageSecretIn } from '../../lib/history/message-secret-in.ts'
import { HistorySyncMsg, type Message, type WebMessageInfo } from '../../lib/proto/content.generated.ts'

const secret = new Uint8Array(32).fill(7)
const found = (web: WebMessageInfo) => messageSecretIn(HistorySyncMsg.encode({ message: { key: { id: 'A' }, messageTimestamp: 5, ...web } }))
const withSecret = (message: Message): Message => ({ ...message, messageContextInfo: { messageSecret: secret } })

describe('messageSecretIn', () => {
  it('finds it beside the message and in its context', () => {
    expect(found({ messageSecret: secret, key: { id: 'A', fromMe: true } })).toEqual({ id: 'A', isFromMe: true, participant: undefined, secret, atSeconds: 5, isLasting: false })
    expect(found({ message: withSecret({ conversation: 'hi' }), participant: 'x@lid' })).toMatchObject({ secret, participant: 'x@lid' })
    expect(found({ message: { ephemeralMessage: { message: { viewOnceMessage: { message: withSecret({ pollCreationMessageV3: { name: 'p' } }) } } } } })).toMatchObject({ secret, isLasting: true })
  })

  it('leaves out what is of no use', () => {
    expect(found({ message: { conversation: 'hi' } })).toBeUndefined()
    expect(found({ messageSecret: secret.subarray(1) })).toBeUndefined()
    expect(messageSecretIn(HistorySyncMsg.encode({ message: { key: {}, messageSecret: secret } }))).toBeUndefined()
  })

  it.each(['imageMessage', 'extendedTextMessage', 'eventMessage', 'templateMessage', 'listResponseMessage', 'pollCreationMessage', 'pollCreationMessageV6', 'newsletterAdminInviteMessage', 'groupInviteMessage', 'buttonsMessage', 'stickerPackMessage', 'interactiveMessage', 'audioMessage'] as const)(
    'sees that a forwarded %s is no original',
    (name) => {
      const original = { [name]: { contextInfo: { expiration: 5 } } } as Message
      const forwarded = { [name]: { contextInfo: { isForwarded: true } } } as Message
      expect(found({ message: withSecret(original) })).toBeDefined()
      expect(found({ message: withSecret(forwarded) })).toBeUndefined()
      expect(found({ message: { deviceSentMessage: { message: forwarded } }, messageSecret: secret })).toBeUndefined()
    },
  )
})
