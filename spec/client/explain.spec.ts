import { describe, expect, it } from '@jest/globals'

import type { Explanation } from '../../lib/index.ts'
import { bigEndian } from '../../lib/bytes/bytes.ts'
import { stanza } from '../../lib/stanza/stanza.ts'
import { createTestWorld, expectOnlyViolations, type TestWorld } from './world.ts'

interface Explained extends TestWorld {
  readonly grown: Explanation[]
  readonly story: (id: string) => readonly string[] | undefined
}

const ready = async (): Promise<Explained> => {
  const world = createTestWorld()
  await world.connect()
  await world.client.send(world.ben.lid, { text: 'hello' })
  world.ben.send(world.ana.lid, 'hello yourself')
  await world.clock.advance(10)
  const grown: Explanation[] = []
  world.client.explanations$.subscribe((explanation) => grown.push(explanation))
  return { ...world, grown, story: (id) => world.client.explain(id)?.steps.map(({ kind }) => kind) }
}

describe('a message that arrives', () => {
  it('and is read needs no explanation', async () => {
    const world = await ready()
    const id = world.ben.send(world.ana.lid, 'fine')
    const { id: sent } = await world.client.send(world.ben.lid, { text: 'fine' })
    expect([world.client.explain(id), world.client.explain(sent), world.grown]).toEqual([undefined, undefined, []])
    world.hangUp()
  })

  it('broken and again is explained by what its sender did', async () => {
    const world = await ready()
    world.simulator.corruptNextMessage()
    const id = world.ben.send(world.ana.lid, 'broken on the way')
    expect(world.client.explain(id)).toMatchObject({
      id,
      direction: 'in',
      chat: world.ben.lid,
      sender: world.ben.lid,
      outcome: 'mended',
      steps: [
        { kind: 'not_decrypted', encType: 'msg', reason: 'bad_mac', fault: 'bad_mac', isUnknownDevice: false },
        { kind: 'retry_sent', count: 1, withKeys: false },
        { kind: 'read', thanksTo: 'sender' },
      ],
    })
    expect(world.grown.map(({ outcome }) => outcome)).toEqual(['lost', 'open', 'mended'])
    world.hangUp()
  })

  it('broken, and handed over by our phone', async () => {
    const world = await ready()
    world.ben.behave({ ignoresRetries: true })
    world.simulator.corruptNextMessage()
    const id = world.ben.send(world.ana.lid, 'broken')
    world.ana.remember({ id, chat: world.ben.lid, sender: world.ben.lid, isFromMe: false, message: { conversation: 'broken' }, text: 'broken' })
    await world.clock.advance(4_000)
    expect(world.story(id)).toEqual(['not_decrypted', 'retry_sent', 'phone_asked', 'phone_answered', 'read'])
    expect(world.client.explain(id)).toMatchObject({ outcome: 'mended' })
    world.hangUp()
  })

  it.each([
    [{ hasNoMessages: true }, 'does_not_have_it'],
    [{ ignoresRequests: true }, 'no_answer'],
  ])('without content, and the phone does not help: %j', async (switches, outcome) => {
    const world = await ready()
    world.simulator.withholdMessages(world.device, 'unknown')
    world.ana.behave(switches)
    const id = world.ben.send(world.ana.lid, 'gone')
    await world.clock.advance(121_000)
    expect(world.client.explain(id)).toMatchObject({ outcome: 'lost', steps: [{ kind: 'no_content', unavailableType: 'unknown' }, { kind: 'phone_asked' }, { kind: 'phone_answered', outcome }] })
    world.hangUp()
  })

  it('once only and not for us', async () => {
    const world = await ready()
    world.simulator.withholdMessages(world.device, 'view_once')
    const id = world.ben.send(world.ana.lid, 'once')
    expect(world.client.explain(id)).toMatchObject({ outcome: 'lost', steps: [{ kind: 'no_content', unavailableType: 'view_once' }] })
    world.hangUp()
  })
})

describe('a message of ours', () => {
  const asks = (world: TestWorld, id: string, count: number, from = world.ben.lid) =>
    world.simulator.inject(world.device, stanza('receipt', { from, id, type: 'retry', t: '1767225600' }, [stanza('retry', { v: '1', count, id, t: '1767225600' }), stanza('registration', {}, bigEndian(7, 4))]))

  it('that a device could not read is explained by what it asked and got', async () => {
    const world = await ready()
    const { id } = await world.client.send(world.ben.lid, { text: 'again?' })
    asks(world, id, 1)
    await world.clock.advance(1_000)
    expect(world.client.explain(id)).toMatchObject({
      direction: 'out',
      outcome: 'mended',
      steps: [
        { kind: 'retry_received', device: world.ben.lid, count: 1, withKeys: false },
        // Another registration: a session of somebody who was there before.
        { kind: 'session_mended', how: 'from_the_server' },
        { kind: 'sent_again', device: world.ben.lid, encType: 'pkmsg' },
      ],
    })
    world.hangUp()
  })

  it('in a storm of requests stays bounded, and says what was turned down', async () => {
    const world = await ready()
    const { id } = await world.client.send(world.ben.lid, { text: 'again?' })
    for (let turn = 0; turn < 300; turn += 1) asks(world, id, 1)
    await world.clock.advance(5_000)
    const { steps, droppedSteps } = world.client.explain(id)!
    expect(steps).toHaveLength(64)
    expect(steps.length + droppedSteps).toBe(10 * 3 + 290)
    expect(steps.at(-1)).toMatchObject({ kind: 'retry_refused', because: 'asks_for_too_much' })
    expect(new Set(world.grown.flatMap((each) => each.steps.flatMap((step) => (step.kind === 'retry_refused' ? [step.because] : []))))).toEqual(new Set(['asked_too_often', 'asks_for_too_much']))
    world.hangUp()
  })

  it('that somebody asks for whom it was not for, or nobody ever wrote', async () => {
    const world = await ready()
    const cleo = world.simulator.phone({ name: 'Cleo' })
    const { id } = await world.client.send(world.ben.lid, { text: 'private' })
    asks(world, id, 1, cleo.lid)
    asks(world, 'NEVER', 1)
    await world.clock.advance(1_000)
    expect(world.client.explain('NEVER')).toBeUndefined()
    world.hangUp()
  })

  it('that the server refuses', async () => {
    const world = await ready()
    world.simulator.refuseMessages('479')
    expectOnlyViolations(world.simulator)
    await expect(Promise.resolve(world.client.send(world.ben.lid, { text: 'no' }, { id: 'REFUSED' }))).rejects.toMatchObject({ code: 'message_refused' })
    expect(world.client.explain('REFUSED')).toMatchObject({ outcome: 'lost', steps: [{ kind: 'not_sent', code: 'message_refused', status: '479' }] })
    world.hangUp()
  })
})
