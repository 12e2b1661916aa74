import { describe, expect, it } from '@jest/globals'

import { messageNameOf, otherMessageNameOf } from '../../lib/pipeline/name-of.ts'
import { isRepeat } from '../../lib/pipeline/skip-repeats.ts'
import { nothingOf } from '../../lib/pipeline/parsed.ts'
import type { MessageInfo } from '../../lib/events/message-event.ts'
import { stanza } from '../../lib/stanza/stanza.ts'
import { isGroup, toJid, type Jid } from '../../lib/stanza/jid.ts'

const number = toJid('15550001@s.whatsapp.net')
const lid = toJid('9001@lid')
const alternate = (jid: Jid): Jid | undefined => (jid.user === number.user ? lid : jid.user === lid.user ? number : undefined)
const infoOf = (chat: Jid, sender: Jid): MessageInfo => ({ source: { chat, sender, isFromMe: false, isGroup: isGroup(chat) }, id: 'A1', timestamp: new Date(0), multicast: false, metaInfo: {}, isOffline: false })

describe('the other name of a message', () => {
  it.each([
    ['a person', number, lid],
    ['a group', toJid('1@g.us'), toJid('1@g.us')],
  ] as const)('is the one under the other addresses, of %s', (_, before, after) => {
    const name = messageNameOf(infoOf(before, number), 'message')!
    const repeated = infoOf(after, lid)
    expect(otherMessageNameOf(repeated, 'message', alternate)).toBe(name)
    const parsed = { ...nothingOf(stanza('message')), name: messageNameOf(repeated, 'message')!, otherName: () => otherMessageNameOf(repeated, 'message', alternate) }
    const has = (known: string): boolean => known === name
    expect([isRepeat({ has }, parsed), isRepeat({ has: () => false }, parsed), isRepeat({ has }, nothingOf(stanza('message')))]).toEqual([true, false, false])
  })

  it('is none for people who are known by one address', () => {
    expect(otherMessageNameOf(infoOf(number, number), 'message', () => undefined)).toBeUndefined()
  })
})
