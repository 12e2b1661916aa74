import { concat, defer, EMPTY, ignoreElements, type Observable } from 'rxjs'

import type { HistoryExtract } from '../history/extract-history.ts'
import type { HistorySecret } from '../history/message-secret-in.ts'
import type { OldSecret } from '../pipeline/message-secrets.ts'
import { isGroup, parseJid, userOf, type Jid } from '../stanza/jid.ts'
import { showNewName } from './app-state/show-new-name.ts'
import type { EventHub } from './event-hub.ts'
import type { Live } from './live.ts'
import type { Settings } from './options.ts'

/** What taking history in needs. */
export interface TakeHistoryParts {
  readonly live: Live
  readonly settings: Pick<Settings, 'pushName'>
  readonly hub: Pick<EventHub, 'emit'>
}

/**
 * Makes durable what the client needs of a piece of history, in the order of protocol document 09, section 9:
 * our name, the salt, tokens, secrets, mappings; completes when it is. Doing it twice changes nothing.
 */
export const takeHistory = ({ live, settings, hub }: TakeHistoryParts, extract: HistoryExtract): Observable<never> => {
  const { session } = live
  const { ownName, nctSalt, companionNonce, tokens, secrets, mappings } = extract
  const rest$ = defer(() =>
    session.commit([
      ...(nctSalt ? session.tokens.backfillSalt(nctSalt) : []),
      ...(companionNonce === undefined ? [] : session.history.keepNonce(companionNonce)),
      ...tokens.flatMap(({ chat, token, atSeconds }) => {
        const person = parseJid(chat)
        return person ? session.tokens.take(person, token, atSeconds) : []
      }),
      ...session.secrets.seed(secrets.flatMap((secret) => placed(live, secret))),
      ...mappings.flatMap(([phoneNumber, lid]) => session.directory.learn(parseJid(phoneNumber), parseJid(lid))),
    ]),
  )
  const name$ = ownName === undefined ? EMPTY : showNewName(live, settings, hub, ownName, true)
  return concat(name$, rest$).pipe(ignoreElements())
}

/** Who wrote a message of the history; a bot's are looked for under our own name as well. */
const placed = ({ session }: Live, { chat: chatText, participant, isFromMe, id, secret, atSeconds, isLasting }: HistorySecret): readonly OldSecret[] => {
  const chat = parseJid(chatText)
  if (!chat) return []
  const author = participant === undefined ? undefined : parseJid(participant)
  const own = session.link().lid
  const senders: readonly (Jid | undefined)[] = isFromMe ? [own] : isGroup(chat) ? [author] : chat.server === 'bot' ? [chat, own] : [chat]
  return senders.flatMap((sender) => (sender ? [{ chat: userOf(chat), sender, id, secret, atSeconds, isLasting }] : []))
}
