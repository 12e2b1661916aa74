import { describe, expect, it } from '@jest/globals'

import { createExplanationBook } from '../../lib/pipeline/explanation-book.ts'
import { toJid } from '../../lib/stanza/jid.ts'

const chat = toJid('222@lid')
const device = toJid('222:1@lid')
const incoming = (id: string) => ({ direction: 'in', id, chat, sender: device }) as const
const outgoing = (id: string) => ({ direction: 'out', id, chat }) as const

describe('the book of explanations', () => {
  it('grows a chain, emits it each time and says what became of the message', () => {
    let now = 1_000
    const book = createExplanationBook(() => now)
    const seen: string[] = []
    book.explanations$.subscribe(({ id, outcome, steps }) => seen.push(`${id} ${outcome} ${steps.length}`))
    expect([book.isEmpty(), book.explain('A')]).toEqual([true, undefined])
    book.note(incoming('A'), { kind: 'not_decrypted', encType: 'msg', reason: 'bad_mac', fault: 'bad_mac', isUnknownDevice: false })
    now = 2_000
    book.note(incoming('A'), { kind: 'retry_sent', count: 1, withKeys: false })
    book.note(incoming('A'), { kind: 'phone_asked', requestId: 'R' })
    book.note(incoming('A'), { kind: 'phone_answered', outcome: 'no_answer' })
    book.note(incoming('A'), { kind: 'read', thanksTo: 'sender' })
    book.noteKnown(incoming('B'), { kind: 'read', thanksTo: 'sender' })
    expect(seen).toEqual(['A lost 1', 'A open 2', 'A open 3', 'A lost 4', 'A mended 5'])
    expect(book.explain('A')).toMatchObject({ direction: 'in', chat, sender: device, droppedSteps: 0, steps: [{ at: new Date(1_000) }, { at: new Date(2_000) }, {}, {}, {}] })
    expect(book.has('B')).toBe(false)
  })

  it('holds every device to its last word', () => {
    const book = createExplanationBook(() => 0)
    const other = toJid('222:2@lid')
    const outcome = () => book.explain('S')?.outcome
    book.note(outgoing('S'), { kind: 'retry_received', device, count: 1, withKeys: false })
    expect(outcome()).toBe('open')
    book.note(outgoing('S'), { kind: 'sent_again', device, encType: 'msg' })
    expect(outcome()).toBe('mended')
    book.note(outgoing('S'), { kind: 'retry_received', device: other, count: 1, withKeys: false })
    expect(outcome()).toBe('open')
    book.note(outgoing('S'), { kind: 'not_sent_again', device: other, code: 'no_device_reachable' })
    expect(outcome()).toBe('lost')
  })

  it('keeps the first and the latest of many steps', () => {
    const book = createExplanationBook(() => 0)
    for (let count = 1; count <= 200; count += 1) book.note(outgoing('S'), { kind: 'retry_received', device, count, withKeys: false })
    const { steps, droppedSteps } = book.explain('S')!
    const counts = steps.map((step) => (step.kind === 'retry_received' ? step.count : 0))
    expect([steps.length, droppedSteps, counts[0], counts[15], counts[16], counts.at(-1)]).toEqual([64, 136, 1, 16, 153, 200])
  })

  it('forgets what has not grown for longest, and what is a day old', () => {
    let now = 0
    const book = createExplanationBook(() => now)
    for (let index = 0; index < 1_001; index += 1) book.note(outgoing(`M${index}`), { kind: 'devices_missed' })
    expect([book.has('M0'), book.has('M1'), book.has('M1000')]).toEqual([false, true, true])
    now = 86_400_000
    expect(book.explain('M5')).toBeUndefined()
    book.note(outgoing('LAST'), { kind: 'devices_missed' })
    expect([book.has('M5'), book.has('LAST')]).toEqual([false, true])
  })
})
