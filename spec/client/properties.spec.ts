import { describe, expect, it } from '@jest/globals'

import { stanza, toJid, type Stanza } from '../../lib/index.ts'
import { fetchProperties } from '../../lib/requests/property-requests.ts'
import { childOf } from '../../lib/stanza/stanza.ts'
import { createTestWorld, type TestWorld } from './world.ts'

const asked = ({ sent }: TestWorld): readonly Stanza['attrs'][] =>
  sent.flatMap((iq) => (iq.attrs['xmlns'] === 'abt' ? [childOf(iq, 'props')!.attrs] : []))

const news = (id: string) => stanza('notification', { from: toJid('s.whatsapp.net'), type: 'server', id, t: '1' }, [stanza('abprops', { protocol: '1' })])

const valuesOf = ({ client }: TestWorld): Readonly<Record<string, string>> => {
  let values: Readonly<Record<string, string>> = {}
  client.properties.values$.subscribe((map) => (values = Object.fromEntries(map))).unsubscribe()
  return values
}

describe('A/B properties', () => {
  it('are there after the login, and asked for again when the server says so', async () => {
    const world = createTestWorld()
    expect([valuesOf(world), world.client.properties.valueOf(865)]).toEqual([{}, undefined])
    world.simulator.setProperties({ hash: 'h1', refreshId: '7', values: { 865: '604800', 30084: '1' } })
    await world.connect()
    expect(asked(world)).toEqual([{ protocol: '1' }])
    expect([world.client.properties.valueOf(865), world.client.properties.valueOf(996)]).toEqual(['604800', undefined])

    world.simulator.setProperties({ hash: 'h2', values: { 865: '1' } })
    world.events.length = 0
    world.simulator.inject(world.device, news('N1'))
    await world.clock.advance(1)
    expect(asked(world).at(-1)).toEqual({ protocol: '1', hash: 'h1', refresh_id: '7' })
    expect(valuesOf(world)).toEqual({ 865: '1' })
    expect(world.events).toEqual([])
    expect(world.sent.some(({ tag, attrs }) => tag === 'ack' && attrs['id'] === 'N1')).toBe(true)
    world.hangUp()
    expect(world.clock.pendingTimers()).toBe(0)
  })

  it('are changed by a delta, replaced otherwise, and kept under the same name', async () => {
    const world = createTestWorld()
    world.simulator.setProperties({ hash: 'h1', values: { 1: 'a', 2: 'b' } })
    await world.connect()
    const next = async (properties: Parameters<TestWorld['simulator']['setProperties']>[0]) => {
      world.simulator.setProperties(properties)
      world.simulator.inject(world.device, news(`N${String(properties.hash)}`))
      await world.clock.advance(1)
      return valuesOf(world)
    }
    expect(await next({ hash: 'h2', isDelta: true, values: { 2: 'c', 3: 'd' } })).toEqual({ 1: 'a', 2: 'c', 3: 'd' })
    expect(await next({ hash: 'h2' })).toEqual({ 1: 'a', 2: 'c', 3: 'd' })
    expect(await next({ hash: 'h3', isDelta: true })).toEqual({ 1: 'a', 2: 'c', 3: 'd' })
    expect(await next({ hash: 'h4', values: { 9: 'z' } })).toEqual({ 9: 'z' })
    expect(await next({ hash: 'h5' })).toEqual({})
    world.hangUp()
  })

  it.each([
    [7_200, 7_200],
    [1, 60],
    [999_999_999, 7 * 86_400],
  ])('that should be asked for again after %i s are, after %i', async (refreshSeconds, afterSeconds) => {
    const world = createTestWorld({ keepAlive: { minimumMs: 3_600_000, maximumMs: 3_600_000 } })
    world.simulator.setProperties({ refreshSeconds })
    await world.connect()
    await world.clock.advance((afterSeconds - 1) * 1_000)
    expect(asked(world)).toHaveLength(1)
    await world.clock.advance(2_000)
    expect(asked(world)).toHaveLength(2)
    world.hangUp()
    expect(world.clock.pendingTimers()).toBe(0)
  })

  it('survive a reconnect, and not an unlink', async () => {
    const world = createTestWorld()
    world.simulator.setProperties({ hash: 'h1', values: { 1: 'a' } })
    await world.connect()
    world.hangUp()
    await world.connect()
    expect(asked(world).at(-1)).toEqual({ protocol: '1', hash: 'h1', refresh_id: '1' })
    world.hangUp()
    await world.client.unlink()
    expect(valuesOf(world)).toEqual({})
  })

  it('are read with care', () => {
    const parse = (props: Stanza | undefined, faults: string[] = []) => [fetchProperties().parse(stanza('iq', {}, [props]), faults), faults]
    expect(parse(undefined)).toEqual([undefined, ['iq: props is missing']])
    expect(
      parse(
        stanza('props', {}, [
          stanza('prop', { config_code: '0', config_value: 'x' }),
          stanza('prop', { config_code: 'x', config_value: 'x' }),
          stanza('prop', { event_code: '5', sampling_weight: '1' }),
          stanza('prop', { config_code: '5' }),
        ]),
      ),
    ).toEqual([{ isDelta: false, values: new Map([[5, '']]) }, []])
    expect(parse(stanza('props', { refresh: 'soon' }))[1]).toHaveLength(1)
  })
})
