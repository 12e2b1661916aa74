import { catchError, concatMap, defer, EMPTY, filter, finalize, mergeMap, throwError, type Observable } from 'rxjs'

import { ConnectionLost } from '../errors/connection-errors.ts'
import { RxwaError } from '../errors/rxwa-error.ts'
import { StoreFailed } from '../errors/store-errors.ts'
import { isOwn } from '../pipeline/read-source.ts'
import { mapEach } from '../reactive/map-each.ts'
import { giveToken } from '../requests/token-requests.ts'
import { isLid, isPhoneNumber, userOf, type Jid } from '../stanza/jid.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import type { Stanza } from '../stanza/stanza.ts'
import type { Live } from './live.ts'

/** The server takes messages to this person only with a token, or our account may write to few strangers. */
const TOKEN_MISSING = '463'

/** A/B property: tokens are given to LIDs (protocol document 13, section 8). */
const GIVES_TO_LID = 14303

/**
 * Gives people tokens of ours: those we wrote to, once in a period and after the server took the message, and
 * those a message to whom was refused for want of a token, which has no second try (protocol document 05,
 * sections 9 and 11). Emits nothing of use; errors only with the connection or the store.
 */
export const followTokens = (live: Live, stanza$: Observable<Stanza>): Observable<unknown> =>
  defer(() => {
    const underWay = new Set<string>()
    return stanza$.pipe(
      filter(({ tag, attrs }) => tag === 'ack' && attrs['class'] === 'message' && (attrs['error'] === TOKEN_MISSING || live.session.owed.size > 0)),
      mapEach((ack) => receiverOf(live, ack)),
      filter((person) => !underWay.has(person.toString())),
      mergeMap((person) => {
        underWay.add(person.toString())
        return giveTo(live, person).pipe(finalize(() => underWay.delete(person.toString())))
      }),
    )
  })

/** Who is to be given a token after this acknowledgement. */
const receiverOf = ({ session }: Live, ack: Stanza): readonly Jid[] => {
  const read = attributesOf(ack)
  const [id, to, error] = [read.optionalText('id') ?? '', read.optionalJid('from'), read.optionalText('error')]
  const person = session.owed.get(id)
  session.owed.delete(id)
  if (error === undefined) return person && session.tokens.isDue(person) ? [person] : []
  return error === TOKEN_MISSING && to && (isLid(to) || isPhoneNumber(to)) && !isOwn(session.link(), to) ? [userOf(to)] : []
}

/** Gives a token dated `atSeconds`; a refusal is no reason to end anything, the next message tries again. */
export const giveTo = (live: Live, person: Jid, atSeconds = Math.floor(live.session.nowMs() / 1000)): Observable<void> => {
  const { tokens, directory, commit, hasProperty } = live.session
  const lid = directory.canonical(person)
  const to = hasProperty(GIVES_TO_LID) ? lid : (directory.phoneNumberOf(lid) ?? person)
  return live.request(giveToken(userOf(to), atSeconds)).pipe(
    concatMap(() => commit(tokens.gave(person, atSeconds))),
    catchError((error: unknown) => (error instanceof RxwaError && !(error instanceof ConnectionLost) && !(error instanceof StoreFailed) ? EMPTY : throwError(() => error))),
  )
}

/** A new phone does not have what we gave the old one: it is given again, of the same date (protocol document 13, section 8). */
export const giveAgain = (live: Live, person: Jid): Observable<void> => {
  const given = live.session.tokens.givenAtSeconds(person)
  return given === undefined ? EMPTY : giveTo(live, person, given)
}
