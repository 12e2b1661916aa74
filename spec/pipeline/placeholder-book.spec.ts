import { describe, expect, it } from '@jest/globals'

import { createLidDirectory } from '../../lib/pipeline/lid-directory.ts'
import { createPlaceholderBook, type OpenWish, type PlaceholderBook } from '../../lib/pipeline/placeholder-book.ts'
import { toJid } from '../../lib/stanza/jid.ts'
import { stanza } from '../../lib/stanza/stanza.ts'
import { messageEvent } from '../../lib/testing/index.ts'

const AT = new Date('2026-01-01T00:00:00Z')
const infoOf = (id: string, from = '222@lid') => messageEvent({ id, from, at: AT }).info

const open = () => {
  const clock = { ms: AT.getTime() }
  const directory = createLidDirectory()
  directory.learn(toJid('222@lid'), toJid('155@s.whatsapp.net'))
  const book = createPlaceholderBook({ directory, link: () => ({ lid: toJid('111@lid') }), nowMs: () => clock.ms })
  return { book, clock }
}
const want = (book: PlaceholderBook, id: string, isUrgent = true): OpenWish | undefined => book.want({ info: infoOf(id), stanza: stanza('message'), isUrgent })

describe('the book of placeholders', () => {
  it('gives the sender three seconds, unless there is nobody to wait for', () => {
    const { book, clock } = open()
    expect(want(book, 'A', false)?.dueAtMs).toBe(clock.ms + 3_000)
    expect(want(book, 'A', false)).toBeUndefined()
    const urgent = want(book, 'A')
    expect(urgent?.dueAtMs).toBe(clock.ms)
    expect(book.waiting()).toEqual([urgent])
  })

  it('forgets what arrived, under either address', () => {
    const { book } = open()
    const wish = want(book, 'A', false)!
    book.arrived(infoOf('A', '155:7@s.whatsapp.net'))
    expect([book.isWaiting(wish), book.isIdle()]).toEqual([false, true])
  })

  it('asks for a message once a day', () => {
    const { book, clock } = open()
    book.asked('R', [want(book, 'A')!])
    book.expire('R')
    expect([book.canAsk(infoOf('A')), want(book, 'A')]).toEqual([false, undefined])
    clock.ms += 86_400_000
    expect(book.canAsk(infoOf('A'))).toBe(true)
  })

  it('hands a wish out once: by who wrote it where, or by its place in the request', () => {
    const { book } = open()
    const [one, two] = [want(book, 'A')!, want(book, 'B')!]
    book.asked('R', [one, two])
    expect(book.take(toJid('155@s.whatsapp.net'), toJid('222:3@lid'), 'A')).toBe(one)
    expect([book.takeAt('R', 0), book.takeAt('R', 1), book.takeAt('R', 1), book.takeAt('R', 2), book.takeAt('S', 0)]).toEqual([undefined, two, undefined, undefined, undefined])
    expect(book.expire('R')).toEqual([])
  })

  it('still wants what was asked for by a request that did not leave', () => {
    const { book } = open()
    const wish = want(book, 'A')!
    book.asked('R', [wish])
    book.takeBack('R')
    expect([book.isWaiting(wish), book.canAsk(infoOf('A'))]).toEqual([true, true])
  })

  it('has room for 256, and again when their time ran out on a connection that is gone', () => {
    const { book, clock } = open()
    book.asked('R', Array.from({ length: 256 }, (_, index) => want(book, `M${index}`)!))
    expect(book.canAsk(infoOf('MORE'))).toBe(false)
    clock.ms += 120_000
    expect(book.canAsk(infoOf('MORE'))).toBe(true)
  })

  it.each([
    ['old', { ...infoOf('A'), timestamp: new Date(AT.getTime() - 14 * 86_400_000 - 1) }],
    ['between devices of one account', { ...infoOf('A'), category: 'peer' }],
    ['of a channel', messageEvent({ id: 'A', from: '5@newsletter', chat: '5@newsletter', at: AT }).info],
  ])('asks for nothing %s', (_, info) => expect(open().book.canAsk(info)).toBe(false))
})
