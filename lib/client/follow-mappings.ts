import { concatMap, EMPTY, type Observable } from 'rxjs'

import { ProtoMalformed } from '../errors/proto-error.ts'
import type { Parsed } from '../pipeline/parsed.ts'
import { isOwn } from '../pipeline/read-source.ts'
import type { ProtoCodec } from '../proto/codec.ts'
import { content$ } from '../proto/load-content.ts'
import type { LIDMigrationMappingSyncPayload } from '../proto/types.generated.ts'
import { Jid } from '../stanza/jid.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { mapEach } from '../reactive/map-each.ts'
import type { Live } from './live.ts'

/**
 * Our phone moves direct chats to LIDs and says which number is which LID (protocol documents 05, section 8,
 * and 06, section 4.1, type 22). From then on we address people so as well.
 */
export const followMappings = ({ session }: Pick<Live, 'session'>, handled$: Observable<Parsed>): Observable<unknown> =>
  handled$.pipe(
    mapEach((parsed) => {
      const payload = payloadIn(parsed)
      return payload && isOwnPhone({ session }, parsed) ? [payload] : []
    }),
    concatMap((payload) => content$.pipe(concatMap((content) => readMappings(payload, content.LIDMigrationMappingSyncPayload)))),
    concatMap((pairs) => {
      if (pairs.length === 0) return EMPTY
      const writes = pairs.flatMap(([phoneNumber, lid]) => session.directory.learn(phoneNumber, lid))
      return session.saveAccount((account) => (account.link ? { ...account, link: { ...account.link, isLidMigrated: true } } : account), writes)
    }),
  )

const payloadIn = ({ results }: Parsed): Uint8Array | undefined => {
  for (const result of results) {
    if (result.kind !== 'opened') continue
    const { deviceSentMessage, protocolMessage = deviceSentMessage?.message?.protocolMessage } = result.message
    const payload = protocolMessage?.lidMigrationMappingSyncMessage?.encodedMappingPayload
    if (payload) return payload
  }
  return undefined
}

const isOwnPhone = ({ session }: Pick<Live, 'session'>, { stanza }: Parsed): boolean => {
  const sender = attributesOf(stanza).optionalJid('from')
  return sender !== undefined && sender.device === 0 && isOwn(session.link(), sender)
}

/** Most pairs taken from one message. */
const MOST_PAIRS = 100_000

type Pair = readonly [phoneNumber: Jid, lid: Jid]

/** One list of pairs, the latest LID where two are named; none when the payload cannot be read. */
export const readMappings = (payload: Uint8Array, codec: ProtoCodec<LIDMigrationMappingSyncPayload>): ReadonlyArray<readonly Pair[]> => {
  try {
    const { pnToLidMappings = [] } = codec.decode(payload)
    return [
      pnToLidMappings.slice(0, MOST_PAIRS).flatMap(({ pn, latestLid, assignedLid }): readonly Pair[] => {
        const lid = latestLid ?? assignedLid
        return pn === undefined || lid === undefined ? [] : [[new Jid(String(pn), 's.whatsapp.net'), new Jid(String(lid), 'lid')]]
      }),
    ]
  } catch (error) {
    if (error instanceof ProtoMalformed) return []
    throw error
  }
}
