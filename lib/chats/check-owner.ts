import { defer, EMPTY, throwError, type Observable } from 'rxjs'

import { ViewOfAnotherAccount } from '../errors/store-errors.ts'
import { followedBy } from '../reactive/at-once.ts'
import { decodeRecord, encodeRecord } from './records.ts'
import type { ViewState } from './view-state.ts'

/** Key in `chat_state`: whose chats these are. */
const OWNER = 'owner'

interface OwnerRecord {
  readonly lid: string
}

/**
 * Completes when the store keeps the chats of the account that the client has, or of nobody yet, and errors with
 * `ViewOfAnotherAccount` when they are of another one. As long as the client has no account there is nothing to check.
 */
export const ownerCheck = ({ shelf, me }: Pick<ViewState, 'shelf' | 'me'>): (() => Observable<never>) => {
  let known: string | undefined
  return () => {
    const lid = me()?.lid.user
    if (lid === undefined || lid === known) return EMPTY
    return defer(() =>
      followedBy(shelf.read('chat_state', OWNER), (row): Observable<never> => {
        const owner = decodeRecord<OwnerRecord>(row)
        if (owner && owner.lid !== lid) return throwError(() => new ViewOfAnotherAccount())
        if (!owner) shelf.put({ table: 'chat_state', key: OWNER, value: encodeRecord({ lid } satisfies OwnerRecord) })
        known = lid
        return EMPTY
      }),
    )
  }
}
