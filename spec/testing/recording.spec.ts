import { describe, expect, it } from '@jest/globals'
import { firstValueFrom, timestamp, toArray } from 'rxjs'

import { RecordingInvalid, textOf, type WaEvent } from '../../lib/index.ts'
import { aPush, createVirtualClock, recordStanzas, replayStanzas, type RecordOptions } from '../../lib/testing/index.ts'
import { createTestWorld, type TestWorld } from '../client/world.ts'

const recorded = async (act: (world: TestWorld) => Promise<void>, options: RecordOptions = {}) => {
  const world = createTestWorld()
  await world.connect()
  const lines: string[] = []
  const recording = recordStanzas(world.client, { scheduler: world.clock.scheduler, ...options }).subscribe((line) => lines.push(line))
  await world.clock.advance(1)
  world.events.length = 0
  await act(world)
  recording.unsubscribe()
  const told = [...world.events]
  const people = [world.ana, world.ben].flatMap(({ lid, phoneNumber }) => [lid.user, phoneNumber.user])
  world.hangUp()
  return { lines, told, people, recording: lines.join('\n') }
}

const replayed = async (recording: string): Promise<readonly WaEvent[]> => {
  const clock = createVirtualClock()
  const events = firstValueFrom(replayStanzas(recording, { scheduler: clock.scheduler }).pipe(toArray()))
  await clock.advance(3_600_000)
  return events
}

/** What a stanza brings; the rest a client tells of itself. */
const OF_STANZAS: readonly string[] = ['message', 'receipt', 'undecryptable_message', 'picture_update', 'group_update', 'notification', 'contact_updated', 'mex_notification', 'username_update', 'newsletter_live_update', 'newsletter_message_update', 'chat_presence', 'presence']
const kinds = (events: readonly WaEvent[]): readonly string[] => events.map(({ type }) => type).filter((type) => OF_STANZAS.includes(type))

const busyDay = async ({ simulator, ana, ben, client, clock }: TestWorld): Promise<void> => {
  const group = ana.createGroup('Our secret plans', [ben])
  ben.send(ana, 'meet me at the harbour')
  await clock.advance(1_000)
  ben.sendToGroup(group, 'the harbour it is')
  await client.send(ben.lid, { text: 'on my way' })
  await clock.advance(1_000)
  simulator.corruptNextMessage()
  ben.send(ana, 'bring the suitcase')
  await clock.advance(5_000)
  simulator.push(ana.lid, aPush.picture_update({ of: ben.lid }), aPush.username_update(ben.lid.toString(), 'benthebold'), aPush.message({ message: { conversation: 'Channel news' } }))
  simulator.push(ana.lid, aPush.chat_presence({ of: ben.lid }))
  await clock.advance(2_000)
}

describe('a recording', () => {
  it('is replayed as the same events, in order and at their times', async () => {
    const { told, recording } = await recorded(busyDay)
    const events = await replayed(recording)
    expect(kinds(events)).toEqual(kinds(told))
    expect(kinds(events)).toEqual(expect.arrayContaining(['message', 'undecryptable_message', 'receipt', 'group_update', 'picture_update', 'username_update']))
    // Twice is the same.
    expect(JSON.stringify(await replayed(recording))).toBe(JSON.stringify(events))
  })

  it('names nobody, quotes nobody and holds no key', async () => {
    const { recording, people } = await recorded(busyDay)
    for (const secret of [...people, 'harbour', 'suitcase', 'on my way', 'secret plans', 'benthebold', 'Channel news', 'Ana', 'Ben'])
      for (const form of [secret, Buffer.from(secret).toString('base64').replace(/=+$/, ''), Buffer.from(secret).toString('hex')]) expect(recording).not.toContain(form)
    // Invented keys are nearly all zeros.
    expect(recording).not.toMatch(/(?:(?!A{8})[A-Za-z0-9+/]){43}=/)
  })

  it('keeps apart what was apart and together what was together', async () => {
    const { told, recording } = await recorded(async ({ ana, ben, clock }) => {
      const [first] = [ben.send(ana, 'one')]
      await clock.advance(10)
      ben.sendMessage(ana.lid, { extendedTextMessage: { text: 'two', contextInfo: { stanzaId: first, participant: ben.lid.toString(), quotedMessage: { conversation: 'one' } } } })
      await clock.advance(10)
    })
    const [one, two] = (await replayed(recording)).filter((event) => event.type === 'message')
    expect(told.filter(({ type }) => type === 'message')).toHaveLength(2)
    const quote = two!.message.extendedTextMessage!.contextInfo!
    expect(quote.stanzaId).toBe(one!.info.id)
    expect(quote.quotedMessage!.conversation).toBe(one!.message.conversation)
    expect(quote.participant).toBe(one!.info.source.sender.toString())
    expect(one!.message.conversation).not.toBe(two!.message.extendedTextMessage!.text)
    expect(one!.info.source.chat).toEqual(two!.info.source.chat)
  })

  it('leaves texts that may stay, as the commands of a bot', async () => {
    const { recording } = await recorded(async ({ ana, ben, clock }) => {
      ben.send(ana, '!ping')
      ben.send(ana, 'hello there')
      await clock.advance(10)
    }, { keep: (text) => text.startsWith('!') })
    expect((await replayed(recording)).flatMap((event) => (event.type === 'message' ? [textOf(event.message)] : []))).toEqual(['!ping', expect.stringMatching(/^text\d+$/)])
  })

  it('gives each event when it came', async () => {
    const { recording } = await recorded(async ({ ana, ben, clock }) => {
      for (const text of ['one', 'two']) {
        await clock.advance(5_000)
        ben.send(ana, text)
      }
      await clock.advance(10)
    })
    const clock = createVirtualClock()
    const begun = clock.scheduler.now()
    const times: number[] = []
    const replay = replayStanzas(recording, { scheduler: clock.scheduler }).pipe(timestamp(clock.scheduler)).subscribe(({ value, timestamp: at }) => value.type === 'message' && times.push(at - begun))
    await clock.advance(60_000)
    expect(times[1]! - times[0]!).toBe(5_000)
    expect([replay.closed, clock.pendingTimers()]).toEqual([true, 0])
  })

  it('tells once what the server repeated', async () => {
    const { recording } = await recorded(async ({ simulator, ana, ben, clock }) => {
      simulator.faults.add({ on: { direction: 'out', times: 1, where: ({ stanza }) => stanza?.tag === 'message' }, do: { kind: 'duplicate' } })
      ben.send(ana, 'once')
      await clock.advance(100)
    })
    expect(recording.split('\n').filter((line) => line.includes('"in":{"tag":"message"'))).toHaveLength(2)
    expect(kinds(await replayed(recording)).filter((type) => type !== 'receipt')).toEqual(['message'])
  })

  it('stops with whoever replays it', async () => {
    const { recording } = await recorded(busyDay)
    const clock = createVirtualClock()
    const replay = replayStanzas(recording, { scheduler: clock.scheduler }).subscribe()
    await clock.advance(10)
    replay.unsubscribe()
    expect(clock.pendingTimers()).toBe(0)
  })

  it.each<[string, string, number]>([
    ['nothing', '', 1],
    ['another file', '{"name":"x"}', 1],
    ['a newer recording', '{"rxwa":"stanzas","version":2,"me":{"id":"1:1@s.whatsapp.net","lid":"2:1@lid"}}', 1],
    ['one without us', '{"rxwa":"stanzas","version":1,"me":{"id":"","lid":"2:1@lid"}}', 1],
    ['a cut line', '{"rxwa":"stanzas","version":1,"me":{"id":"1:1@s.whatsapp.net","lid":"2:1@lid"}}\n{"at":1,"in":{"tag":"mess', 2],
    ['a line without a date', '{"rxwa":"stanzas","version":1,"me":{"id":"1:1@s.whatsapp.net","lid":"2:1@lid"}}\n{"in":{"tag":"x","attrs":{}}}', 2],
    ['a stanza that is none', '{"rxwa":"stanzas","version":1,"me":{"id":"1:1@s.whatsapp.net","lid":"2:1@lid"}}\n{"at":1,"in":{"tag":1}}', 2],
    ['a line about nothing', '{"rxwa":"stanzas","version":1,"me":{"id":"1:1@s.whatsapp.net","lid":"2:1@lid"}}\n{"at":1}', 2],
  ])('is refused when it is %s', async (_, text, line) => {
    const error: unknown = await firstValueFrom(replayStanzas(text).pipe(toArray())).catch((cause: unknown) => cause)
    expect(error).toBeInstanceOf(RecordingInvalid)
    expect(error).toMatchObject({ code: 'recording_invalid', line })
  })
})
