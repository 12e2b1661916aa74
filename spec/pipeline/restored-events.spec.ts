import { describe, expect, it } from '@jest/globals'

import { durableTypes } from '../../lib/events/durable-event.ts'
import { createRingingCalls } from '../../lib/pipeline/calls/ringing-calls.ts'
import { encodeInboxRecord } from '../../lib/pipeline/inbox-record.ts'
import type { Parsed } from '../../lib/pipeline/parsed.ts'
import { restoreStanza } from '../../lib/pipeline/restore-stanza.ts'
import { Message } from '../../lib/proto/content.generated.ts'
import { aPush } from '../../lib/testing/index.ts'
import { decodeStanza } from '../../lib/stanza/decode.ts'
import { encodeStanza } from '../../lib/stanza/encode.ts'
import type { Stanza } from '../../lib/stanza/stanza.ts'
import { stanzaOfNode, type VectorNode } from '../stanza/vector-node.ts'
import { vectorCases } from '../vectors.ts'
import { link, NOW, parsedOf, partsOf } from './parts.ts'

/** As it comes from the wire, with what the server fills in. */
const received = (stanza: Stanza, hasTime = true): Stanza =>
  decodeStanza(encodeStanza({ ...stanza, attrs: { id: '3EB0AA', from: link.id, ...(hasTime && stanza.tag !== 'presence' && { t: '1767225600' }), ...stanza.attrs } }))
const restored = (parsed: Parsed): Parsed | undefined => restoreStanza(encodeInboxRecord(parsed), partsOf().link(), Message)
const durable = ({ events }: Parsed) => events.filter(({ type }) => durableTypes.some((known) => known === type))

const pushes = Object.entries(aPush).flatMap(([type, push]): ReadonlyArray<readonly [string, readonly Stanza[]]> => {
  // Posts are opened by a stage that is not part of this; spec/client/posts.spec.ts has them.
  const pushed = type === 'account_sync' || type === 'message' ? [] : [(push as () => Stanza | readonly Stanza[])()].flat()
  return pushed.length === 0 ? [] : [[type, pushed]]
})

describe('what the inbox gives back', () => {
  it.each(pushes)('%s is what was told when it came', (_, stanzas) => {
    const ringing = createRingingCalls()
    for (const stanza of stanzas) {
      const parsed = parsedOf(received(stanza), { ringing })
      if (durable(parsed).length === 0) continue
      expect(restored(parsed)?.events).toEqual(parsed.events)
      expect(restored(parsed)).toMatchObject({ answers: [], writes: [] })
      expect(restored(parsed)?.first).toBeUndefined()
    }
  })

  it.each(vectorCases<{ readonly stanza: VectorNode }>('events').filter(({ stanza: { tag } }) => ['notification', 'receipt', 'call'].includes(tag)))('$id too', ({ stanza: node }) => {
    const parsed = parsedOf(decodeStanza(encodeStanza(stanzaOfNode(node))))
    if (durable(parsed).length > 0) expect(restored(parsed)?.events).toEqual(parsed.events)
  })

  it.each([
    ['a picture', aPush.picture_update(), { timestamp: NOW }],
    ['a group', aPush.group_update(), { timestamp: NOW }],
    ['a lock', aPush.reachout_timelock_update(), { type: 'mex_notification' }],
  ])('keeps the date of %s that does not say when it was sent', (_, push, first) => {
    const parsed = parsedOf(received(push, false))
    expect(parsed.events[0]).toMatchObject(first)
    expect(restored(parsed)?.events).toEqual(parsed.events)
  })
})
