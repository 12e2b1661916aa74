import { concat, concatMap, defer, EMPTY, filter, from, Observable, tap } from 'rxjs'

import type { PresenceEvent } from '../events/presence-events.ts'
import { announcePresence, presenceOf, subscribePresence, typing, unsubscribePresence, type Typing } from '../features/presence.ts'
import { voidOperation, type Operation } from '../operation/operation.ts'
import { sameUser, type Jid } from '../stanza/jid.ts'
import type { Live } from './live.ts'
import { announceSession } from './login.ts'
import type { Settings } from './options.ts'

/** Who is there and who writes: us to others, others to us. */
export interface PresenceDoor {
  /**
   * Says that we are there: others see us online, our receipts count, and presences arrive. Stays so after a
   * reconnect. Errors with `PushNameMissing` or `NotConnected`.
   */
  readonly available: () => Operation<void, void>
  /** Says that we are gone, although we are connected; stays so after a reconnect. */
  readonly unavailable: () => Operation<void, void>
  /** Asks to be told, by `presence$`, when somebody comes and goes; asked again after every reconnect. Errors with `NotConnected`. */
  readonly subscribe: (person: Jid | string) => Operation<void, void>
  /** Asks not to be told any more. */
  readonly unsubscribe: (person: Jid | string) => Operation<void, void>
  /** The presence of somebody, asked for as long as somebody listens, also across reconnects. */
  readonly watch: (person: Jid | string) => Observable<PresenceEvent>
  /** Says that we write in a chat, or speak (`audio`). The other side shows it for some seconds. */
  readonly typing: (chat: Jid | string, media?: 'text' | 'audio') => Operation<void, void>
  /** Says that we stopped. */
  readonly paused: (chat: Jid | string) => Operation<void, void>
}

/** What a client remembers about presences, over all of its connections. */
export interface PresenceKeeper {
  readonly door: PresenceDoor
  /** Whether the next login says that we are there. */
  readonly isWanted: () => boolean
  /** Says after a login what is to be said, and asks again for everybody we want to be told of, one after the other. */
  readonly afterLogin: (live: Live) => Observable<never>
}

/** What a keeper needs. */
export interface PresenceKeeperParts {
  readonly settings: Pick<Settings, 'markOnline' | 'pushName' | 'scheduler'>
  readonly presence$: Observable<PresenceEvent>
  /** Uses the open connection; errors with `NotConnected` when there is none. */
  readonly onLive: <T>(what: string, use: (live: Live) => Observable<T>) => Observable<T>
  /** The open connection, if there is one. */
  readonly live: () => Live | undefined
}

/** Whom we want to be told of. */
interface Subscription {
  readonly jid: Jid
  watchers: number
  /** Until it is unsubscribed from by name. */
  isHeld: boolean
}

/** A keeper that knows nobody. */
export const createPresenceKeeper = ({ settings, presence$, onLive, live }: PresenceKeeperParts): PresenceKeeper => {
  const subscriptions = new Map<string, Subscription>()
  let wish: boolean | undefined

  const nameOn = ({ session }: Live): string | undefined => settings.pushName ?? session.account().pushName
  const isWanted = (): boolean => wish ?? settings.markOnline

  const entryOf = (jid: Jid): Subscription => {
    const key = jid.toString()
    const known = subscriptions.get(key) ?? { jid, watchers: 0, isHeld: false }
    subscriptions.set(key, known)
    return known
  }
  /** Tells the server when nobody wants it any more. */
  const drop = (entry: Subscription, connected: Live | undefined): Observable<never> => {
    if (entry.watchers > 0 || entry.isHeld || !subscriptions.delete(entry.jid.toString())) return EMPTY
    return connected ? connected.write(unsubscribePresence(entry.jid)) : EMPTY
  }

  const announce = (isAvailable: boolean) => (connected: Live): Observable<never> =>
    defer(() => {
      const presence = announcePresence(isAvailable, nameOn(connected))
      wish = isAvailable
      const said$ = connected.write(presence).pipe(tap({ complete: () => connected.setActive(isAvailable) }))
      return isAvailable ? concat(announceSession(connected, settings.scheduler.now(), connected.clockOffsetMs()), said$) : said$
    })

  const write = (what: string, chat: Jid | string, state: Typing): Operation<void, void> => {
    const jid = presenceOf('chat', chat)
    return voidOperation(onLive(what, (connected) => connected.write(typing(jid, state))))
  }

  return {
    isWanted,
    afterLogin: (connected) =>
      defer(() => {
        const name = nameOn(connected)
        // Without a name nothing can be said; that is no reason to ask for nobody.
        const said$ = name && (isWanted() || wish !== undefined) ? connected.write(announcePresence(isWanted(), name)) : EMPTY
        const asked$ = from([...subscriptions.values()]).pipe(
          // Unsubscribed meanwhile: not asked for.
          concatMap(({ jid }) => (subscriptions.has(jid.toString()) ? connected.write(subscribePresence(jid)) : EMPTY)),
        )
        return concat(said$, asked$)
      }),
    door: {
      available: () => voidOperation(onLive('presence.available', announce(true))),
      unavailable: () => voidOperation(onLive('presence.unavailable', announce(false))),
      subscribe: (person) => {
        const jid = presenceOf('person', person)
        return voidOperation(
          onLive('presence.subscribe', (connected) =>
            connected.write(subscribePresence(jid)).pipe(tap({ complete: () => (entryOf(jid).isHeld = true) })),
          ),
        )
      },
      unsubscribe: (person) => {
        const jid = presenceOf('person', person)
        return voidOperation(
          onLive('presence.unsubscribe', (connected) =>
            defer(() => {
              const entry = entryOf(jid)
              entry.isHeld = false
              return drop(entry, connected)
            }),
          ),
        )
      },
      watch: (person) => {
        const jid = presenceOf('person', person)
        return new Observable<PresenceEvent>((subscriber) => {
          subscriber.add(presence$.pipe(filter((event) => sameUser(event.from, jid))).subscribe(subscriber))
          const entry = entryOf(jid)
          entry.watchers += 1
          const connected = live()
          if (connected && entry.watchers === 1 && !entry.isHeld) subscriber.add(connected.write(subscribePresence(jid)).subscribe())
          subscriber.add(() => {
            entry.watchers -= 1
            drop(entry, live()).subscribe()
          })
        })
      },
      typing: (chat, media = 'text') => write('presence.typing', chat, media),
      paused: (chat) => write('presence.paused', chat, 'paused'),
    },
  }
}
