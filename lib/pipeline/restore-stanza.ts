import type { AccountLink } from '../account/account.ts'
import { ProtoMalformed } from '../errors/proto-error.ts'
import { OPT_IN } from '../events/opt-in.ts'
import { StanzaCodecError } from '../errors/stanza-codec-error.ts'
import type { Message } from '../proto/types.generated.ts'
import type { ProtoCodec } from '../proto/codec.ts'
import { stanza } from '../stanza/stanza.ts'
import type { OpenedStanza } from './decrypt.ts'
import { decodeInboxRecord, type InboxRecord } from './inbox-record.ts'
import { parseOne } from './parse.ts'
import type { Parsed } from './parsed.ts'
import { readMessageInfo } from './read-message-info.ts'
import { routeOne } from './route.ts'
import { NO_LOAN } from './loan.ts'

/** What a row of the inbox says, by the same parsers as when it arrived; undefined when it is damaged. */
export const restoreStanza = (row: Uint8Array, link: AccountLink, codec: ProtoCodec<Message>): Parsed | undefined => {
  const record = readRecord(row, codec)
  if (!record) return undefined
  const { name } = record
  const parsed = parseOne(
    {
      link: () => link,
      isActive: () => false,
      // Opt-in events tell what happened when it happened; of the others all are there, whoever wants them now.
      isObserved: (type) => !OPT_IN.has(type),
      // Whatever was told then is told now, however old it has become.
      nowMs: () => record.readAtMs ?? 0,
      ringing: { begin: () => undefined, end: () => record.wasRinging },
      messageCodec: codec,
      retryReceipt: () => (record.isRetryRequested ? stanza('receipt') : undefined),
      canAskPhone: () => record.isPhoneAsked,
    },
    routeOne(openedOf(record, link)),
  )
  const { placeholder: _, trouble: _trouble, first: _first, ...told } = parsed
  return { ...told, ...(name !== undefined && { name }), answers: [], writes: [], information: [] }
}

const readRecord = (row: Uint8Array, codec: ProtoCodec<Message>): InboxRecord | undefined => {
  try {
    return decodeInboxRecord(row, codec)
  } catch (error) {
    if (error instanceof StanzaCodecError || error instanceof ProtoMalformed) return undefined
    throw error
  }
}

const openedOf = ({ stanza: received, results, unavailableRequestId }: InboxRecord, link: AccountLink): OpenedStanza => {
  if (received.tag !== 'message') return { kind: 'plain', stanza: received }
  const reading = readMessageInfo(received, link)
  return reading.kind === 'malformed'
    ? { kind: 'malformed', stanza: received, faults: reading.faults }
    : { kind: 'message', stanza: received, info: unavailableRequestId === undefined ? reading.info : { ...reading.info, unavailableRequestId }, results, writes: [], loan: NO_LOAN }
}
