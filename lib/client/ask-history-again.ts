import { concatMap, defer, EMPTY, filter, map, mergeMap, type Observable } from 'rxjs'

import { CryptoFailed } from '../errors/crypto-error.ts'
import { ProtoMalformed } from '../errors/proto-error.ts'
import type { MediaRetryEvent } from '../events/push-events.ts'
import { openMediaRetry, sealMediaRetry } from '../media/media-retry.ts'
import type { Parsed } from '../pipeline/parsed.ts'
import { MediaRetryNotification_ResultType as Result } from '../proto/enums.generated.ts'
import { userOf } from '../stanza/jid.ts'
import { stanza } from '../stanza/stanza.ts'
import type { Live } from './live.ts'

/** Asks the phone to upload a piece of history again (protocol document 07, section 7, variant for history). */
export const askHistoryAgain = (live: Live, id: string, mediaKey: Uint8Array): Observable<never> =>
  defer(() => {
    const { session } = live
    const { ciphertext, iv } = sealMediaRetry(mediaKey, id, session.retryCodecs.request.encode({ stanzaId: id }))
    return live.write(
      stanza('receipt', { id, type: 'server-error', category: 'peer', to: userOf(session.link().lid) }, [
        stanza('encrypt', {}, [stanza('enc_p', {}, ciphertext), stanza('enc_iv', {}, iv)]),
      ]),
    )
  })

/** Pieces that lie in a new place, by the id of their message: the notification is changed in the store first. */
export const readHistoryAgain = (live: Live, handled$: Observable<Parsed>): Observable<string> =>
  handled$.pipe(
    filter(({ stanza: received }) => received.tag === 'notification' && received.attrs['type'] === 'mediaretry'),
    mergeMap(({ events }) => events.flatMap((event) => (event.type === 'media_retry' && event.chat === undefined ? [event] : []))),
    concatMap((event) => placeAgain(live, event)),
  )

const placeAgain = ({ session }: Live, { messageId, ciphertext, iv }: MediaRetryEvent): Observable<string> =>
  session.history.read(messageId).pipe(
    concatMap((waiting) => {
      if (!waiting || waiting === 'malformed' || !waiting.isAsked) return EMPTY
      const { notification } = waiting
      const directPath = ciphertext && iv && notification.mediaKey && pathIn(session, notification.mediaKey, messageId, { ciphertext, iv })
      // The phone does not have it either.
      if (!directPath) return session.commit(session.history.drop(messageId)).pipe(concatMap(() => EMPTY))
      return session.commit(session.history.keep(messageId, { ...notification, directPath }, true)).pipe(map(() => messageId))
    }),
  )

const pathIn = ({ retryCodecs }: Live['session'], mediaKey: Uint8Array, messageId: string, sealed: { readonly ciphertext: Uint8Array; readonly iv: Uint8Array }): string | undefined => {
  try {
    const { stanzaId, directPath, result } = retryCodecs.answer.decode(openMediaRetry(mediaKey, messageId, sealed))
    return stanzaId === messageId && result === Result.SUCCESS ? directPath : undefined
  } catch (error) {
    if (error instanceof CryptoFailed || error instanceof ProtoMalformed) return undefined
    throw error
  }
}
