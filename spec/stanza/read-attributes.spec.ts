import { describe, expect, it } from '@jest/globals'

import { Jid } from '../../lib/stanza/jid.ts'
import { attributesOf } from '../../lib/stanza/read-attributes.ts'
import { stanza } from '../../lib/stanza/stanza.ts'

describe('attributesOf', () => {
  it('reads text, numbers, addresses and times', () => {
    const from = new Jid('1', 'lid', 3)
    const read = attributesOf(stanza('receipt', { id: 'A1', from, to: '5511999998888:7@s.whatsapp.net', t: '1755800000', count: -5 }))

    expect(read.text('id')).toBe('A1')
    expect(read.text('from')).toBe('1:3@lid')
    expect(read.jid('from')).toBe(from)
    expect(read.jid('to')).toMatchObject({ user: '5511999998888', server: 's.whatsapp.net', device: 7 })
    expect(read.instant('t')).toEqual(new Date('2025-08-21T18:13:20Z'))
    expect(read.integer('count')).toBe(-5)
    expect(read.faults).toEqual([])
  })

  it('takes absent optional attributes for what they are', () => {
    const read = attributesOf(stanza('receipt'))
    expect([read.optionalText('a'), read.optionalInteger('b'), read.optionalJid('c'), read.optionalInstant('d')]).toEqual([undefined, undefined, undefined, undefined])
    expect(read.faults).toEqual([])
  })

  it('names every missing attribute once and gives stand-ins', () => {
    const read = attributesOf(stanza('receipt'))
    expect([read.text('id'), read.integer('count'), String(read.jid('from')), read.instant('t')]).toEqual(['', 0, '', new Date(0)])
    expect(read.faults).toEqual(['receipt: id is missing', 'receipt: count is missing', 'receipt: from is missing', 'receipt: t is missing'])
  })

  it('names every unreadable attribute once, required or not', () => {
    const wrong = { n: '1.5', big: '9007199254740993', jid: 'somebody', t: '9999999999999999' }
    const required = attributesOf(stanza('call', wrong))
    required.integer('n')
    required.integer('big')
    required.jid('jid')
    required.instant('t')
    const optional = attributesOf(stanza('call', wrong))
    expect(optional.optionalInteger('n')).toBeUndefined()
    expect(optional.optionalInteger('big')).toBeUndefined()
    expect(optional.optionalJid('jid')).toBeUndefined()
    expect(optional.optionalInstant('t')).toBeUndefined()

    expect(required.faults).toHaveLength(4)
    expect(required.faults).toEqual(optional.faults)
    expect(required.faults[2]).toBe('call: jid is not an address')
  })

  it('never puts what an attribute holds into a fault', () => {
    const read = attributesOf(stanza('call', { jid: 'somebody' }))
    read.jid('jid')
    expect(read.faults.join()).not.toContain('somebody')
  })
})
