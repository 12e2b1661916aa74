import { describe, expect, it } from '@jest/globals'

import { joinReceipts, MOST_JOINED } from '../../lib/pipeline/join-receipts.ts'
import { idsOf } from '../../lib/simulator/offline-queue.ts'
import { toJid } from '../../lib/stanza/jid.ts'
import { stanza, type AttributeInput, type Stanza } from '../../lib/stanza/stanza.ts'
import { createVirtualClock } from '../../lib/testing/index.ts'

const ben = toJid('90010002:1@lid')
const ana = toJid('90010003@lid')
const group = toJid('120363000000000001@g.us')

const message = (offline: boolean): Stanza => stanza('message', { ...(offline && { offline: '1' }) })
const receipt = (id: string, attributes: AttributeInput = {}): Stanza => stanza('receipt', { id, to: ben, ...attributes })

const createDesk = () => {
  const clock = createVirtualClock()
  const written: Stanza[] = []
  const desk = joinReceipts({ write: (each) => written.push(each), scheduler: clock.scheduler })
  return { clock, written, ...desk }
}

describe('receipts for messages of the backlog', () => {
  it('leave as one for each device, in the order of the first', async () => {
    const { clock, written, answer } = createDesk()
    for (const id of ['A', 'B', 'C']) answer(message(true), [receipt(id)])
    answer(message(true), [receipt('D', { to: ana })])
    answer(message(true), [receipt('E', { to: group, participant: ben })])
    answer(message(true), [receipt('F', { to: group, participant: ana })])
    answer(message(true), [receipt('G', { to: group, participant: ben })])
    expect(written).toEqual([])
    await clock.advance(0)
    const t = Math.floor(clock.scheduler.now() / 1000)
    expect(written).toEqual([
      stanza('receipt', { id: 'A', to: ben, t }, [stanza('list', {}, [stanza('item', { id: 'B' }), stanza('item', { id: 'C' })])]),
      receipt('D', { to: ana }),
      stanza('receipt', { id: 'E', to: group, participant: ben, t }, [stanza('list', {}, [stanza('item', { id: 'G' })])]),
      receipt('F', { to: group, participant: ana }),
    ])
  })

  it('are told apart by kind and by where a copy of ours went', async () => {
    const { clock, written, answer } = createDesk()
    answer(message(true), [receipt('A', { type: 'inactive' })])
    answer(message(true), [receipt('B')])
    answer(message(true), [receipt('C', { type: 'sender', recipient: ana })])
    answer(message(true), [receipt('D', { type: 'sender', recipient: ben })])
    answer(message(true), [receipt('E', { type: 'sender', recipient: ana })])
    await clock.advance(0)
    expect(written.map(idsOf)).toEqual([['A'], ['B'], ['C', 'E'], ['D']])
  })

  it(`name ${MOST_JOINED} messages at most`, async () => {
    const { clock, written, answer } = createDesk()
    const ids = Array.from({ length: 2 * MOST_JOINED + 1 }, (_, index) => `ID${index}`)
    for (const id of ids) answer(message(true), [receipt(id)])
    expect(written.map((each) => idsOf(each).length)).toEqual([MOST_JOINED, MOST_JOINED])
    await clock.advance(0)
    expect(written.flatMap(idsOf)).toEqual(ids)
  })

  it('do not hold up other answers, nor those for what arrives live', () => {
    const { written, answer } = createDesk()
    const others = [receipt('A', { type: 'retry' }), receipt('B', { type: 'peer_msg' }), receipt('C', { context: 'status' }), stanza('ack', { id: 'D' })]
    answer(message(true), others)
    answer(message(false), [receipt('E'), receipt('F')])
    expect(written).toEqual([...others, receipt('E'), receipt('F')])
  })

  it('are forgotten with their connection, and leave no timer', async () => {
    const { clock, written, answer, end } = createDesk()
    answer(message(true), [receipt('A')])
    end()
    await clock.advance(1_000)
    expect(written).toEqual([])
  })
})
