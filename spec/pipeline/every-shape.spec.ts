import { describe, expect, it } from '@jest/globals'

import type { WaEvent } from '../../lib/events/wa-event.ts'
import type { Parsed } from '../../lib/pipeline/parsed.ts'
import { accountOf } from './account-of.ts'
import { EVENTS_OF_SHAPES, NO_EVENT } from './events-of-shapes.ts'
import { randomOf, sampleOf, SHAPES, spoil } from './made-stanzas.ts'
import { parsedOf } from './parts.ts'

const kindsOf = ({ events, information }: Parsed): readonly WaEvent['type'][] => [...events.map(({ type }) => type), ...information.flatMap((item) => (item.kind === 'offline_preview' ? [item.event.type] : []))]

describe('every published shape', () => {
  it('is in one of the two tables, and the tables name no others', () => {
    const named = [...Object.keys(EVENTS_OF_SHAPES), ...Object.keys(NO_EVENT)]
    expect([...SHAPES.keys()].filter((name) => !named.includes(name))).toEqual([])
    expect(named.filter((name) => !SHAPES.has(name))).toEqual([])
    expect(new Set(named).size).toBe(named.length)
  })

  it.each(Object.entries(EVENTS_OF_SHAPES))('%s yields %j', (name, expected) => {
    const seen = new Set(sampleOf(SHAPES.get(name)!, 40, 7).flatMap((stanza) => kindsOf(parsedOf(stanza))))
    expect(expected.filter((type) => !seen.has(type))).toEqual([])
  })

  it.each(Object.entries(NO_EVENT))('%s yields no event: %s', (name) => {
    const told = sampleOf(SHAPES.get(name)!, 20, 7).flatMap((stanza) => kindsOf(parsedOf(stanza)))
    // What is not told as an event of its own is told as what it is, or not at all.
    expect(told.filter((type) => !['notification', 'malformed_stanza', 'unhandled_stanza', 'receipt'].includes(type))).toEqual([])
  })
})

/** How many spoilt stanzas are made; 100,000 and more by hand: `RXWA_STANZAS=100000 npm run spec -- spec/pipeline/every-shape`. */
const COUNT = Number(process.env['RXWA_STANZAS'] ?? 4_000)
const SEED = Number(process.env['RXWA_SEED'] ?? 1)

describe('spoilt stanzas', () => {
  it(`${COUNT} of them: none throws, each is accounted for and answered`, () => {
    const random = randomOf(SEED)
    const seeds = [...SHAPES].flatMap(([name, shape]) => sampleOf(shape, 12, SEED).map((stanza) => ({ name, stanza })))
    const accounts: Record<string, number> = {}
    for (let turn = 0; turn < COUNT; turn += 1) {
      const { stanza } = seeds[Math.floor(random() * seeds.length)]!
      let spoilt = spoil(stanza, random)
      for (let more = Math.floor(random() * 3); more > 0; more -= 1) spoilt = spoil(spoilt, random)
      const parsed = parsedOf(spoilt)
      const account = accountOf(parsed)
      accounts[account] = (accounts[account] ?? 0) + 1
      const isAnswered = ['notification', 'call', 'receipt'].includes(spoilt.tag) && spoilt.attrs['id'] !== undefined && spoilt.attrs['from'] !== undefined
      if (isAnswered && !parsed.retryRequest && parsed.answers.length !== 1) throw new Error(`not answered: ${JSON.stringify(spoilt)}`)
      for (const event of parsed.events) if ('timestamp' in event && event.timestamp !== undefined && Number.isNaN(event.timestamp.getTime())) throw new Error(`no date: ${JSON.stringify(spoilt)}`)
    }
    expect(Object.values(accounts).reduce((sum, count) => sum + count, 0)).toBe(COUNT)
    expect(Object.keys(accounts).filter((account) => account.startsWith('unaccounted'))).toEqual([])
  })
})
