import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import Ajv from 'ajv'

import { ConnectionLost } from '../../../lib/errors/connection-errors.ts'
import { fromJson, toJson } from '../../../lib/events/json/event-json.ts'
import { substreamNames } from '../../../lib/events/substreams.ts'
import type { WaEvent, WaEventType } from '../../../lib/events/wa-event.ts'
import { toJid } from '../../../lib/stanza/jid.ts'
import { stanza } from '../../../lib/stanza/stanza.ts'
import { anEvent } from '../../../lib/testing/an-event.ts'
import { messageEvent } from '../../../lib/testing/event-factories.ts'

const types = Object.keys(substreamNames) as WaEventType[]
const schema = JSON.parse(readFileSync(new URL('../../../schema/events.schema.json', import.meta.url), 'utf8')) as { readonly definitions: Readonly<Record<string, object>> }
const ajv = new Ajv({ schemaId: 'auto', allErrors: true, format: 'full' })
const isValid = ajv.compile(schema)
const faultsOf = (json: unknown): readonly string[] => {
  const check = ajv.compile({ ...schema, oneOf: [{ $ref: `#/definitions/event.${(json as { readonly type: string }).type}` }] })
  return check(json) ? [] : (check.errors ?? []).map(({ dataPath, message }) => `${dataPath} ${message}`)
}
const overTheWire = (event: WaEvent): WaEvent => fromJson(JSON.parse(JSON.stringify(toJson(event))))

const somebody = toJid('15550100002:3@s.whatsapp.net')
const info = { ...messageEvent().info, serverTimestampUs: 1_767_225_600_000_001n, metaInfo: { reportingTag: Uint8Array.of(1, 2, 255) } }
const special: readonly WaEvent[] = [
  anEvent.message({ info, message: { imageMessage: { mediaKey: new Uint8Array(32).fill(9), fileLength: 2n ** 60n }, messageContextInfo: { messageSecret: new Uint8Array(0) } } }),
  anEvent.group_update({ action: { type: 'add', participants: [{ jid: somebody, role: 'admin' }] } }),
  anEvent.group_update({ action: { type: 'revoked_membership_requests', participants: [somebody] } }),
  anEvent.notification({ node: stanza('notification', { from: somebody, looks: '1@s.whatsapp.net' }, [stanza('a', {}, Uint8Array.of(0, 255)), stanza('b', {}, [])]) }),
  anEvent.mex_notification({ payload: { data: { list: [1, 'two', null, { base64: 'AA==' }] } } }),
  anEvent.newsletter_live_update({ messages: [{ serverId: 1, reactions: [], votes: [{ optionHash: new Uint8Array(32), count: 2 }] }] }),
  anEvent.disconnected({ reason: { kind: 'server_close', code: 1000, reason: '' } }),
]

describe('events as JSON', () => {
  it.each(types)('%s comes back as it was, and its JSON is what the schema says', (type) => {
    const event: WaEvent = (anEvent[type] as () => WaEvent)()
    const json = toJson(event)
    expect(faultsOf(JSON.parse(JSON.stringify(json)))).toEqual([])
    expect(isValid(JSON.parse(JSON.stringify(json)))).toBe(true)
    const back = overTheWire(event)
    expect(toJson(back)).toEqual(json)
    // A piece of history comes back without its content.
    if (!('error' in event) && type !== 'history_sync') expect(back).toEqual(event)
  })

  it.each(special.map((event) => [event.type, event] as const))('%s with everything that is more than JSON', (_, event) => {
    expect(faultsOf(JSON.parse(JSON.stringify(toJson(event))))).toEqual([])
    expect(overTheWire(event)).toEqual(event)
  })

  it('is plain: text for addresses, instants and wide numbers', () => {
    expect(toJson(special[0]!)).toMatchObject({
      schemaVersion: 1,
      type: 'message',
      message: { imageMessage: { mediaKey: { base64: expect.any(String) }, fileLength: { integer: String(2n ** 60n) } } },
      info: { source: { chat: '15550100002@s.whatsapp.net' }, timestamp: '2026-01-01T00:00:00.000Z', serverTimestampUs: '1767225600000001', metaInfo: { reportingTag: 'AQL/' } },
    })
  })

  it('tells errors by code and message, wherever they are', () => {
    const event = anEvent.undecryptable_message({ cause: new ConnectionLost('stream_ended') })
    expect(toJson(event)).toMatchObject({ cause: { code: 'connection_lost', message: expect.any(String) } })
    expect(overTheWire(event)).toMatchObject({ cause: { code: 'connection_lost' } })
    expect(toJson(anEvent.undecryptable_message({ cause: 'something' }))).not.toHaveProperty('cause')
  })

  it.each([
    [undefined, ''],
    [{ schemaVersion: 2, type: 'message' }, 'schemaVersion'],
    [{ schemaVersion: 1, type: 'toString' }, 'type'],
    [{ ...toJson(anEvent.receipt()), timestamp: 'yesterday' }, 'timestamp'],
    [{ ...toJson(anEvent.presence()), from: 'nobody' }, 'from'],
    [{ ...toJson(anEvent.sent_frame()), plaintext: '!' }, 'plaintext'],
    [{ ...toJson(anEvent.notification()), node: { tag: 'a' } }, 'node'],
    [{ ...toJson(anEvent.pair_error()), error: 'no' }, 'error'],
  ])('refuses %j', (json, path) => expect(() => fromJson(json)).toThrow(expect.objectContaining({ code: 'event_json_invalid', path })))

  it('has a schema for every event, and for no other', () => {
    expect(Object.keys(schema.definitions).filter((name) => name.startsWith('event.')).sort()).toEqual(types.map((type) => `event.${type}`).sort())
  })
})
