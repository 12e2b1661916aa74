import { concatMap, from, map, toArray, type Observable } from 'rxjs'

import type { Session } from './session.ts'
import type { RecentMessage } from './send-progress.ts'

/** What was sent from here since, oldest first, then what waits. What was too long to be remembered is left out. */
export const recentlySent = ({ outbox, messageCodec }: Session, since: Date): Observable<readonly RecentMessage[]> =>
  from(outbox.departedSince(Math.floor(since.getTime() / 1000))).pipe(
    concatMap((id) =>
      outbox.departed(id).pipe(
        concatMap((departed): RecentMessage[] => {
          if (!departed?.content) return []
          const { chat, content, atSeconds } = departed
          return [{ id, chat, message: messageCodec.decode(content), acceptedAt: new Date(atSeconds * 1000) }]
        }),
      ),
    ),
    toArray(),
    map((sent) => [...sent, ...outbox.waiting().map(({ id, chat, content }): RecentMessage => ({ id, chat, message: messageCodec.decode(content) }))]),
  )
