import { asyncScheduler, defer, map, merge, type Observable, type SchedulerLike } from 'rxjs'

import { toBase64 } from '../bytes/bytes.ts'
import type { Client } from '../client/client.ts'
import { ProtoMalformed } from '../errors/proto-error.ts'
import type { DecryptedPayloadEvent, EncDecryptFailedEvent } from '../events/message-event.ts'
import { stanzaToJson, type Json } from '../events/json/json-kinds.ts'
import { Message } from '../proto/content.generated.ts'
import type { Message as MessageContent } from '../proto/types.generated.ts'
import { mapEach } from '../reactive/map-each.ts'
import { decodeStanza } from '../stanza/decode.ts'
import { RECORDING } from './recording.ts'
import { createRedactor, type Redactor } from './redactor.ts'

/** How stanzas are recorded. */
export interface RecordOptions {
  /** Texts that may stay as they are; default: none. */
  readonly keep?: (text: string) => boolean
  /** Tells when something arrived. */
  readonly scheduler?: SchedulerLike
}

/**
 * What passes the line of a linked client, one line of JSON each: the stanzas of both sides and what was in
 * those for us. Nobody can be recognised by it: people, groups, texts, ids and keys are invented, the same for the
 * same. For a report, and for {@link replayStanzas}. Records from subscription to unsubscription.
 *
 * @example
 * recordStanzas(client).subscribe((line) => appendFileSync('report.jsonl', `${line}\n`))
 */
export const recordStanzas = (client: Pick<Client, 'me' | 'rawNodes$' | 'sentFrames$' | 'decryptedPayloads$' | 'encDecryptFailures$'>, { keep, scheduler = asyncScheduler }: RecordOptions = {}): Observable<string> =>
  defer(() => {
    const redactor = createRedactor(keep)
    const begunAtMs = scheduler.now()
    let hasBegun = false
    const line = (what: Readonly<Record<string, Json>>): string => JSON.stringify({ at: scheduler.now() - begunAtMs, ...what })
    return merge(
      client.rawNodes$.pipe(map(({ node }) => ({ in: stanzaToJson(redactor.stanza(node)) }))),
      client.sentFrames$.pipe(map(({ plaintext }) => ({ out: stanzaToJson(redactor.stanza(decodeStanza(plaintext))) }))),
      client.decryptedPayloads$.pipe(map((event) => ({ opened: openedJson(event, redactor) }))),
      client.encDecryptFailures$.pipe(map((event) => ({ failed: failedJson(event, redactor) }))),
    ).pipe(
      mapEach((what) => {
        const me = client.me()
        // Before it is linked there is nobody to replay it for.
        if (!me) return []
        if (hasBegun) return [line(what)]
        hasBegun = true
        return [JSON.stringify({ ...RECORDING, me: { id: redactor.jid(me.id).toString(), lid: redactor.jid(me.lid).toString() } }), line(what)]
      }),
    )
  })

const openedJson = ({ info, encIndex, encType, payload }: DecryptedPayloadEvent, redactor: Redactor): Json => ({
  id: redactor.text(info.id),
  index: encIndex,
  type: encType,
  payload: toBase64(redacted(payload, redactor)),
})

/** What cannot be read cannot be redacted either. */
const redacted = (payload: Uint8Array, redactor: Redactor): Uint8Array => {
  try {
    return Message.encode(redactor.content(Message.decode(payload)) as MessageContent)
  } catch (error) {
    if (error instanceof ProtoMalformed) return new Uint8Array(0)
    throw error
  }
}

const failedJson = ({ info, encIndex, encType = '', reason }: EncDecryptFailedEvent, redactor: Redactor): Json => ({ id: redactor.text(info.id), index: encIndex, type: encType, reason })
