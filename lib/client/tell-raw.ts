import type { Incoming } from '../connection/connection.ts'
import type { ConnectionState } from '../events/connection-events.ts'
import type { WaEvent } from '../events/wa-event.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import type { Stanza } from '../stanza/stanza.ts'
import type { EventHub } from './event-hub.ts'

/** The taps that see everything before anybody acts on it. */
export const tellRaw = (hub: EventHub, setState: (state: ConnectionState) => void, isLinked: boolean, incoming: Incoming): void => {
  switch (incoming.kind) {
    case 'opened':
      setState({ kind: isLinked ? 'opening' : 'pairing' })
      return
    case 'undecodable':
      hub.emit({ type: 'decode_error', error: incoming.error, frame: incoming.frame })
      return
    case 'stanza': {
      const { stanza } = incoming
      if (hub.isObserved('raw_node')) hub.emit({ type: 'raw_node', node: stanza })
      if (stanza.tag === 'ack' && hub.isObserved('server_ack')) {
        const event = readServerAck(stanza)
        if (event) hub.emit(event)
      }
    }
  }
}

const readServerAck = (ack: Stanza): WaEvent | undefined => {
  const read = attributesOf(ack)
  const id = read.optionalText('id')
  const kind = read.optionalText('class')
  const from = read.optionalJid('from')
  const timestamp = read.optionalInstant('t')
  const error = read.optionalText('error')
  if (id === undefined) return undefined
  return {
    type: 'server_ack',
    id,
    ...(kind !== undefined && { class: kind }),
    ...(from && { from }),
    ...(timestamp && { timestamp }),
    ...(error !== undefined && { error }),
  }
}
