import { describe, expect, it } from '@jest/globals'

import type { WaEvent } from '../../lib/index.ts'
import { aPush } from '../../lib/testing/index.ts'
import { decodeStanza } from '../../lib/stanza/decode.ts'
import { encodeStanza } from '../../lib/stanza/encode.ts'
import type { Stanza } from '../../lib/stanza/stanza.ts'
import { createRingingCalls } from '../../lib/pipeline/calls/ringing-calls.ts'
import { link, parsedOf } from './parts.ts'

const received = (stanza: Stanza): Stanza => decodeStanza(encodeStanza({ ...stanza, attrs: { id: '3EB0AA', from: link.id, t: '1767225600', ...stanza.attrs } }))

const pushes = Object.entries(aPush).flatMap(([type, push]) => (type === 'account_sync' || type === 'message' ? [] : [[type, [(push as () => Stanza | readonly Stanza[])()].flat()] as const]))

const builtBy = (stanzas: readonly Stanza[], isObserved: (type: WaEvent['type']) => boolean): readonly WaEvent['type'][] => {
  const ringing = createRingingCalls()
  return stanzas.flatMap((stanza) => parsedOf(received(stanza), { isObserved, ringing }).events.map(({ type }) => type))
}

const IB = 'an `ib` is read for the connection itself, which acts on it whoever listens'
const TEACHES = 'it may teach addresses, so it is read whoever listens'

/** What is built although nobody listens, and why. */
const BUILT_ALL_THE_SAME: Readonly<Record<string, string>> = {
  contact_updated: TEACHES,
  contact_number_changed: TEACHES,
  contact_sync_requested: TEACHES,
  dirty_state: IB,
  offline_thread_metadata: IB,
  qr_scanned_without_multidevice: IB,
  unhandled_stanza: 'nothing is dropped in silence: the log hears of it',
}

describe('an event nobody observes', () => {
  it.each(pushes)('%s is not built, and built for the first who does', (type, stanzas) => {
    const needless = builtBy(stanzas, () => false)
    expect([...new Set(needless)]).toEqual(type in BUILT_ALL_THE_SAME ? [type] : [])
  })

  it.each(pushes)('%s is built when it alone is observed', (type, stanzas) => {
    // Those are told by the client around the parser, or of what it knew before.
    if (['server_ack', 'client_expiration_changed', 'privacy_settings_changed', 'malformed_stanza'].includes(type)) return
    expect(builtBy(stanzas, (asked) => asked === type)).toContain(type)
  })
})
