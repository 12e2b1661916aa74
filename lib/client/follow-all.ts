import { merge, type Observable } from 'rxjs'

import type { ExplanationBook } from '../pipeline/explanation-book.ts'
import type { Parsed } from '../pipeline/parsed.ts'
import type { Information } from '../pipeline/read-information.ts'
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
  readonly stanza$: Observable<Stanza>
  readonly handled$: Observable<Parsed>
  readonly information$: Observable<Information>
  /** Called when the critical part of the app state was read for the first time, or could not be. */
  readonly onCritical: () => void
}

/** Everything a linked connection does by itself with what arrives, once it is committed and told. */
export const followAll = ({ live, settings, hub, explanations, history, login$, stanza$, handled$, information$, onCritical }: FollowAllParts): Observable<unknown> =>
  merge(
    followNews({ live, settings, emit: hub.emit, stanza$, handled$ }),
    followOwnName(live, settings, handled$),
    followPrivacy(live, settings, hub, handled$),
    answerRetries({ live, settings, explanations }, handled$),
    askPhone({ live, settings, explanations }, handled$),
    tellAddons({ live, hub }, handled$),
    followHistory({ live, settings, hub, keeper: history, login$, handled$ }),
    followAppState({ live, settings, hub, onCritical, login$, handled$, information$ }),
  )
