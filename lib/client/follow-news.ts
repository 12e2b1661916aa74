import { concatMap, EMPTY, exhaustMap, filter, ignoreElements, merge, tap, type Observable } from 'rxjs'

import type { WaEvent } from '../events/wa-event.ts'
import type { Information } from '../pipeline/read-information.ts'
import type { Parsed } from '../pipeline/parsed.ts'
import type { ByKind } from '../reactive/share-by-kind.ts'
import { isBroadcast, isGroup } from '../stanza/jid.ts'
import { childOf, type Stanza } from '../stanza/stanza.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { followIdentities } from './follow-identities.ts'
import { followMappings } from './follow-mappings.ts'
import { followStrangers } from './follow-strangers.ts'
import { followTokens } from './follow-tokens.ts'
import type { Live } from './live.ts'
import { uploadMore } from './login.ts'
import type { Settings } from './options.ts'

/** What the news need. */
export interface NewsParts {
  readonly live: Live
  readonly settings: Settings
  readonly emit: (event: WaEvent) => void
  /** Inbound stanzas by tag, those that answer something included. */
  readonly stanzas: ByKind<Stanza>
  readonly handled: ByKind<Parsed>
}

/** What the news about the connection itself need. */
export interface LineParts extends Pick<NewsParts, 'live' | 'settings'> {
  readonly emit: (event: WaEvent) => void
  readonly information$: Observable<Information>
}

/** Acts on what the server tells about the connection, linked or not: where to connect next time, when this version ends. */
export const followLine = ({ live, settings, emit, information$ }: LineParts): Observable<unknown> => {
  const { session } = live
  const routing$ = information$.pipe(
    concatMap((information) =>
      information.kind === 'edge_routing'
        ? session.saveAccount((account) => ({ ...account, routingInfo: information.routingInfo }))
        : EMPTY,
    ),
  )
  const expiration$ = information$.pipe(
    concatMap((information) => (information.kind === 'client_expiration' ? rememberExpiration(live, settings, emit, information.atSeconds) : EMPTY)),
  )
  return merge(routing$, expiration$)
}

/** Acts on what the server tells a linked device in passing: that prekeys run low, that people have new identities. */
export const followNews = ({ live, settings, emit, stanzas, handled }: NewsParts): Observable<unknown> => {
  const prekeys$ = handled.of('notification').pipe(
    filter(({ stanza }) => isLowOnPrekeys(stanza)),
    // One upload serves however many reminders arrive while it is under way.
    exhaustMap(() => uploadMore(live, settings)),
  )
  const lost$ = handled.of('receipt').pipe(tap(({ stanza }) => giveKeyAgain(live, stanza)), ignoreElements())
  const message$ = handled.of('message')
  return merge(
    prekeys$,
    followIdentities({ live, emit, handled$: handled.of('notification', 'message') }),
    followStrangers(live, message$),
    followMappings(live, message$),
    followTokens(live, stanzas.of('ack')),
    lost$,
  )
}

/** A device that asks for a message of a group again may lack our key: the next message brings it (protocol document 06, section 8.3). */
const giveKeyAgain = ({ session }: Live, received: Stanza): void => {
  if (received.tag !== 'receipt' || received.attrs['type'] !== 'retry') return
  const read = attributesOf(received)
  const [chat, device] = [read.optionalJid('from'), read.optionalJid('participant')]
  if (!chat || !device || !(isGroup(chat) || isBroadcast(chat))) return
  const alternate = session.directory.alternate(device)
  session.ownKeys.unmark(chat, alternate ? [device, alternate] : [device])
}

const isLowOnPrekeys = (notification: Stanza): boolean =>
  notification.attrs['type'] === 'encrypt' && childOf(notification, 'count') !== undefined

/** The end of a version is never told closer than this. */
const LEAST_NOTICE_SECONDS = 3 * 86_400

/**
 * Keeps the soonest end announced for this version and tells when it changed; an announcement without a
 * time withdraws it (protocol document 02, section 3.5). Only a notice: nothing is disconnected.
 */
const rememberExpiration = (
  { session }: Live,
  { version, scheduler }: Settings,
  emit: (event: WaEvent) => void,
  announcedSeconds: number | undefined,
): Observable<unknown> => {
  const name = version.join('.')
  const known = session.account().expiration
  const current = known?.version === name ? known.atSeconds : undefined
  if (announcedSeconds === undefined && current === undefined) return EMPTY
  const least = Math.floor(scheduler.now() / 1000) + LEAST_NOTICE_SECONDS
  const atSeconds = announcedSeconds === undefined ? undefined : Math.max(announcedSeconds, least)
  if (atSeconds !== undefined && current !== undefined && atSeconds >= current) return EMPTY
  return session
    .saveAccount(({ expiration, ...account }) => ({ ...account, ...(atSeconds !== undefined && { expiration: { version: name, atSeconds } }) }))
    .pipe(
      tap(() =>
        emit({
          type: 'client_expiration_changed',
          version,
          withdrawn: atSeconds === undefined,
          ...(atSeconds !== undefined && { expiresAt: new Date(atSeconds * 1000) }),
        }),
      ),
    )
}
