import { merge, type Observable } from 'rxjs'

import type { ExplanationBook } from '../pipeline/explanation-book.ts'
import type { Parsed } from '../pipeline/parsed.ts'
import type { Information } from '../pipeline/read-information.ts'
import type { ByKind } from '../reactive/share-by-kind.ts'
import type { Stanza } from '../stanza/stanza.ts'
import { followAppState } from './app-state/follow-app-state.ts'
import { answerRetries } from './answer-retries.ts'
import { askPhone } from './ask-phone.ts'
import type { EventHub } from './event-hub.ts'
import { followOwnName } from './follow-account.ts'
import { followHistory } from './follow-history.ts'
import { followNews } from './follow-news.ts'
import { followPrivacy } from './follow-privacy.ts'
import type { HistoryKeeper } from './history-keeper.ts'
import type { Live } from './live.ts'
import type { Settings } from './options.ts'
import { tellAddons } from './tell-addons.ts'

/** What following needs. */
export interface FollowAllParts {
  readonly live: Live
  readonly settings: Settings
  readonly hub: EventHub
  readonly explanations: ExplanationBook
  readonly history: HistoryKeeper
  /** Emits once, when the server has taken this connection in. */
  readonly login$: Observable<unknown>
  /** What arrives, by tag. */
  readonly stanzas: ByKind<Stanza>
  /** The same, committed and told. */
  readonly handled: ByKind<Parsed>
  readonly information$: Observable<Information>
  /** Called when the critical part of the app state was read for the first time, or could not be. */
  readonly onCritical: () => void
}

/** Everything a linked connection does by itself with what arrives, once it is committed and told. */
export const followAll = ({ live, settings, hub, explanations, history, login$, stanzas, handled, information$, onCritical }: FollowAllParts): Observable<unknown> => {
  const notification$ = handled.of('notification')
  const message$ = handled.of('message')
  const both$ = handled.of('notification', 'message')
  return merge(
    followNews({ live, settings, emit: hub.emit, stanzas, handled }),
    followOwnName(live, settings, notification$),
    followPrivacy(live, settings, hub, notification$),
    answerRetries({ live, settings, explanations }, handled.of('receipt')),
    askPhone({ live, settings, explanations }, message$),
    tellAddons({ live, hub }, message$),
    followHistory({ live, settings, hub, keeper: history, login$, handled$: both$ }),
    followAppState({ live, settings, hub, onCritical, login$, handled$: both$, information$ }),
  )
}
