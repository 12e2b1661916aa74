import { describe, expect, it } from '@jest/globals'
import { firstValueFrom, take } from 'rxjs'

import { createClient, Jid, stanza, type Client, type Stanza } from '../../lib/index.ts'
import { checkReceived } from '../../lib/simulator/strict/check-stanza.ts'
import { memoryStore } from '../../lib/store/memory/index.ts'
import type { Phone } from '../../lib/testing/index.ts'
import { createTestWorld, type TestWorld } from '../client/world.ts'

/** Collects what the server of a world says beyond the published shapes, and the kinds of all it said. */
const listen = (world: TestWorld): { readonly wrong: () => readonly string[]; readonly kinds: ReadonlySet<string> } => {
  const requests = new Map<string, Stanza>()
  const wrong = new Set<string>()
  const kinds = new Set<string>()
  world.simulator.traffic$.subscribe(({ direction, stanza: said }) => {
    const { tag, attrs } = said
    const id = String(attrs['id'])
    if (direction === 'in') {
      if (tag === 'iq') requests.set(id, said)
      return
    }
    kinds.add(tag === 'notification' ? `${tag} ${String(attrs['type'])}` : tag)
    const isAnswer = tag === 'iq' && (attrs['type'] === 'result' || attrs['type'] === 'error')
    const { name, mismatches } = checkReceived(said, isAnswer ? requests.get(id) : undefined)
    for (const { path, rule, message } of mismatches) wrong.add(`${path} (${rule}): ${message} [${name ?? 'none'}]`)
  })
  return { wrong: () => [...wrong], kinds }
}

const anotherClient = ({ simulator, clock }: TestWorld): Client =>
  createClient({ store: memoryStore(), dial: simulator.dial, trustedRoot: simulator.trustedRoot, scheduler: clock.scheduler, prekeyCount: 5 })

describe('the simulator', () => {
  it('says what published clients understand, in pairing, chats, receipts, backlogs and endings', async () => {
    const world = createTestWorld({}, { routingInfo: Uint8Array.of(1, 2), lowPrekeys: 10 })
    const heard = listen(world)
    await world.connect()
    const cleo = world.simulator.phone({ name: 'Cleo' })
    world.ben.send(world.ana.lid, 'hello')
    cleo.send(world.ana.lid, 'hello')
    await world.clock.advance(10)
    const fromBen = firstValueFrom(world.ben.messages$)
    await world.client.send(world.ben.phoneNumber, { text: 'hi' })
    world.ben.read(await fromBen)
    for (const phone of [world.ana, world.ben]) {
      const other = anotherClient(world)
      other.pairingQrCodes$.pipe(take(1)).subscribe(({ code }) => void phone.scan(code))
      const connection = other.connection$.subscribe()
      await world.clock.advance(10)
      if (phone === world.ben) await other.send(world.ana.lid, { text: 'takes a prekey' })
      connection.unsubscribe()
    }
    world.hangUp()
    for (let turn = 0; turn < 8; turn += 1) world.ben.send(world.ana.lid, `text ${turn}`)
    await world.connect()
    await world.clock.advance(30_000)
    world.simulator.disconnect(world.device, stanza('stream:error', { code: '503' }))
    await world.clock.advance(5_000)
    world.ana.unlink(1)
    await world.clock.advance(10)
    expect(heard.wrong()).toEqual([])
    expect([...heard.kinds]).toEqual(
      expect.arrayContaining(['ack', 'ib', 'iq', 'message', 'notification account_sync', 'notification devices', 'notification encrypt', 'receipt', 'stream:error', 'success', 'xmlstreamend']),
    )
  })

  it.each(['lid', 'pn'] as const)('and in groups of mode %s', async (addressingMode) => {
    const world = createTestWorld()
    const heard = listen(world)
    await world.connect()
    const { ana, ben, client, simulator } = world
    const cleo = simulator.phone({ name: 'Cleo' })
    const answers: string[] = []
    const ask = async (type: 'get' | 'set', to: Jid, content: Stanza): Promise<void> => {
      const asked = client.request({ name: `w:g2.${content.tag}`, type, xmlns: 'w:g2', to, content: [content], parse: () => true }).result()
      answers.push(await asked.then(() => 'result', (error: { readonly status?: number }) => String(error.status)))
    }
    const group = ben.createGroup('Trip', [ana], { addressingMode })
    ben.sendToGroup(group, 'hello')
    const server = new Jid('', 'g.us')
    await ask('set', server, stanza('create', { subject: 'Mine', key: 'k1' }, [
      stanza('member_link_mode', {}, 'admin_link'),
      stanza('member_add_mode', {}, 'all_member_add'),
      stanza('participant', { jid: ben.lid, phone_number: ben.phoneNumber }),
      stanza('participant', { jid: new Jid('19999999999', 's.whatsapp.net') }),
      stanza('ephemeral', { expiration: 0 }),
      stanza('membership_approval_mode', {}, [stanza('group_join', { state: 'off' })]),
    ]))
    await ask('set', server, stanza('create', { subject: 'Mine', key: 'k1' }))
    const mine = new Jid(String(BigInt(group.user) + 1n), 'g.us')
    const people = (tag: string, ...phones: readonly Phone[]): Stanza => stanza(tag, {}, phones.map(({ lid }) => stanza('participant', { jid: lid })))
    await ask('get', group, stanza('query', { request: 'interactive' }))
    await ask('get', server, stanza('query', {}, [stanza('group', { jid: group }), stanza('group', { jid: '120363000000009999@g.us' })]))
    await ask('get', server, stanza('participating', {}, [stanza('participants'), stanza('description')]))
    await ask('set', mine, people('add', cleo, ben))
    await ask('set', mine, people('promote', cleo))
    await ask('set', mine, people('demote', cleo))
    await ask('set', mine, people('remove', cleo))
    await ask('set', mine, people('remove', cleo))
    await ask('set', mine, stanza('subject', {}, 'Ours'))
    await ask('set', mine, stanza('description', { id: 'D1' }, [stanza('body', {}, 'what it is about')]))
    await ask('set', mine, stanza('description', { id: 'D2' }, [stanza('body', {}, 'too late')]))
    await ask('get', mine, stanza('query', { request: 'interactive' }))
    for (const tag of ['locked', 'unlocked', 'announcement', 'not_announcement', 'no_frequently_forwarded', 'frequently_forwarded_ok', 'allow_admin_reports', 'not_allow_admin_reports', 'group_history', 'no_group_history'])
      await ask('set', mine, stanza(tag))
    await ask('set', mine, stanza('ephemeral', { expiration: 86_400 }))
    await ask('set', mine, stanza('not_ephemeral'))
    await ask('set', mine, stanza('member_add_mode', {}, 'admin_add'))
    await ask('get', mine, stanza('invite'))
    await ask('set', mine, stanza('invite'))
    const code = ben.inviteToGroup(group)
    await ask('get', server, stanza('invite', { code }))
    await ask('set', server, stanza('leave', {}, [stanza('group', { id: group }), stanza('group', { id: '120363000000009999@g.us' })]))
    await ask('set', server, stanza('invite', { code }))
    await ask('get', group, stanza('query', { phash: '2:AAAAAAAA', request: 'interactive' }))
    await ask('get', new Jid('120363000000009999', 'g.us'), stanza('query', { request: 'interactive' }))
    await ask('set', mine, stanza('ack'))
    await world.clock.advance(10)
    expect([answers.filter((answer) => answer !== 'result'), heard.wrong()]).toEqual([['409', '404'], []])
    expect([...heard.kinds]).toEqual(expect.arrayContaining(['message', 'notification w:gp2']))
    world.hangUp()
  })

  it('and in pairing by code', async () => {
    const world = createTestWorld()
    const heard = listen(world)
    const client = anotherClient(world)
    const connection = client.connection$.subscribe({ error: () => undefined })
    await world.clock.advance(5)
    world.simulator.renewPairingSecrets('companion_reg_refresh')
    const ask = async (): Promise<string> => {
      const asked = client.pairWithCode(world.ben.phoneNumber.user).result()
      await world.clock.advance(5)
      return (await asked).code
    }
    await ask()
    world.simulator.refreshPairingCodes(true)
    await world.clock.advance(5)
    const linked = world.ben.enterCode(await ask())
    await world.clock.advance(10)
    expect((await linked).device).toBe(1)
    connection.unsubscribe()
    expect(heard.wrong()).toEqual([])
    expect([...heard.kinds]).toEqual(expect.arrayContaining(['notification companion_reg_refresh', 'notification link_code_companion_reg']))
  })
})

describe('a server that says something else', () => {
  it.each<[string, Stanza]>([
    ['success@lid', stanza('success', { t: '1', lid: 'nobody' })],
    ['failure@reason', stanza('failure', { reason: 'because', location: 'sim' })],
    ['notification@t', stanza('notification', { from: 's.whatsapp.net', type: 'encrypt', id: '1', t: 'noon' }, [stanza('count', { value: '1' })])],
  ])('is noticed: %s', (path, said) => expect(checkReceived(said).mismatches.map((mismatch) => mismatch.path)).toContain(path))

  it('is noticed in its answers too', () => {
    const asked = stanza('iq', { id: '1', to: 's.whatsapp.net', type: 'get', xmlns: 'encrypt' }, [stanza('count')])
    const answer = stanza('iq', { id: '1', from: 's.whatsapp.net', type: 'result' }, [stanza('count', { value: 'few' })])
    expect(checkReceived(answer, asked).mismatches).toMatchObject([{ path: 'iq/count@value', rule: 'wrong_attribute' }])
  })
})
