import { describe, expect, it } from '@jest/globals'

import { isGroup, isLid, isPhoneNumber, isStatus, Jid, parseJid, sameJid, sameUser, SERVER, STATUS, toJid, userOf, withDevice } from '../../lib/stanza/jid.ts'

describe('parseJid', () => {
  it.each([
    ['5511999998888:7@s.whatsapp.net', '5511999998888', 's.whatsapp.net', 7, 0],
    ['5511999998888.2@s.whatsapp.net', '5511999998888', 's.whatsapp.net', 2, 0],
    ['12345.678:9@lid', '12345.678', 'lid', 9, 0],
    ['5511999998888:65536@s.whatsapp.net', '5511999998888', 's.whatsapp.net', 0, 0],
    ['5511999998888:x@s.whatsapp.net', '5511999998888', 's.whatsapp.net', 0, 0],
    ['5511999998888:-1@s.whatsapp.net', '5511999998888', 's.whatsapp.net', 0, 0],
    ['123456789.4:17@interop', '123456789', 'interop', 17, 4],
    ['@s.whatsapp.net', '', 's.whatsapp.net', 0, 0],
    ['s.whatsapp.net', '', 's.whatsapp.net', 0, 0],
    ['hosted.lid', '', 'hosted.lid', 0, 0],
    ['bot', '', 'bot', 0, 0],
    ['1-112233445:2@interop', '1-112233445', 'interop', 2, 0],
    ['89012345678:0@msgr', '89012345678', 'msgr', 0, 0],
  ])('%s', (text, user, server, device, agent) => expect(parseJid(text)).toMatchObject({ user, server, device, agent }))

  it.each(['', 'somebody', 'a@', 'a@b@c', ':1@lid'])('"%s" is none', (text) => expect(parseJid(text)).toBeUndefined())
})

describe('Jid', () => {
  it('shows itself without what says nothing', () => {
    expect(String(SERVER)).toBe('s.whatsapp.net')
    expect(String(STATUS)).toBe('status@broadcast')
    expect(JSON.stringify(new Jid('1', 'lid', 3))).toBe('"1:3@lid"')
    expect(String(new Jid('1-2', 'interop'))).toBe('1-2:0@interop')
  })

  it('compares by meaning', () => {
    expect(sameUser(toJid('1:3@s.whatsapp.net'), toJid('1@hosted'))).toBe(true)
    expect(sameUser(toJid('1@lid'), toJid('1@s.whatsapp.net'))).toBe(false)
    expect(sameJid(toJid('1:3@lid'), toJid('1:4@lid'))).toBe(false)
    expect(sameJid(withDevice(toJid('1@lid'), 3), toJid('1:3@hosted.lid'))).toBe(true)
    expect(String(userOf(toJid('1:3@lid')))).toBe('1@lid')
  })

  it('knows its kind', () => {
    expect(isLid(toJid('1@hosted.lid'))).toBe(true)
    expect(isPhoneNumber(SERVER)).toBe(false)
    expect(isGroup(toJid('1-2@g.us'))).toBe(true)
    expect(isStatus(STATUS)).toBe(true)
  })

  it('is plain to look at', () => {
    const jid = new Jid('1', 'lid', 3)
    expect(String(jid)).toBe('1:3@lid')
    expect(Object.entries(jid)).toEqual([['user', '1'], ['server', 'lid'], ['device', 3], ['agent', 0]])
  })

  it('of the old form of phone numbers is taken in the form of today, which alone is written (protocol document 01, section 5.2)', () => {
    expect(toJid('15550100001:3@c.us').toString()).toBe('15550100001:3@s.whatsapp.net')
    expect(toJid(new Jid('15550100001', 'c.us')).toString()).toBe('15550100001@s.whatsapp.net')
  })

  it('refuses a text that is none, and says what one looks like', () =>
    expect(() => toJid('somebody')).toThrow(expect.objectContaining({ code: 'jid_invalid', message: expect.stringContaining('@s.whatsapp.net') })))
})
