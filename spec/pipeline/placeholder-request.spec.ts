import { expect, it } from '@jest/globals'

import { toHex } from '../../lib/bytes/bytes.ts'
import { createLidDirectory } from '../../lib/pipeline/lid-directory.ts'
import { placeholderRequest } from '../../lib/pipeline/placeholder-request.ts'
import { Message } from '../../lib/proto/content.generated.ts'
import { toJid } from '../../lib/stanza/jid.ts'
import { messageEvent } from '../../lib/testing/index.ts'

const infoOf = (from: string, chat?: string) => messageEvent({ id: '3EB0C431C26A1916E07A', from, ...(chat !== undefined && { chat }) }).info

it('is the known request of protocol document 06', () => {
  const message = placeholderRequest([{ info: infoOf('222222222222222@lid') }], { isLidMigrated: true }, createLidDirectory())
  expect(toHex(Message.encode(message))).toBe('6238101082013308042a2f0a2d0a13323232323232323232323232323232406c696410001a143345423043343331433236413139313645303741')
})

it('names people by their LID once the account moved there, and the author in a group without a device', () => {
  const directory = createLidDirectory()
  directory.learn(toJid('222@lid'), toJid('155@s.whatsapp.net'))
  const keyOf = (info: ReturnType<typeof infoOf>, isLidMigrated: boolean) =>
    placeholderRequest([{ info }], { isLidMigrated }, directory).protocolMessage?.peerDataOperationRequestMessage?.placeholderMessageResendRequest?.[0]?.messageKey
  expect(keyOf(infoOf('155@s.whatsapp.net'), true)).toEqual({ remoteJid: '222@lid', fromMe: false, id: '3EB0C431C26A1916E07A' })
  expect(keyOf(infoOf('155@s.whatsapp.net'), false)).toMatchObject({ remoteJid: '155@s.whatsapp.net' })
  expect(keyOf(infoOf('222:4@lid', '120363000000000001@g.us'), true)).toMatchObject({ remoteJid: '120363000000000001@g.us', participant: '222@lid' })
})
