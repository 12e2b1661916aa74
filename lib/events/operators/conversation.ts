import { asyncScheduler, debounceTime, defer, finalize, from, groupBy, merge, mergeMap, ReplaySubject, tap, type Observable, type ObservableInput, type OperatorFunction, type SchedulerLike } from 'rxjs'

import { toJid, type Jid } from '../../stanza/jid.ts'
import { chatKeyOf, type OfChat } from './source-of.ts'

/** When a conversation ends. */
export interface ConversationOptions {
  /** After so long without an event, in milliseconds; default five minutes. */
  readonly idleMs?: number
  /** Most conversations at a time; the one that was quiet longest ends when there is another. Default 1,000. */
  readonly limit?: number
  readonly scheduler?: SchedulerLike
}

/**
 * Gives each chat a conversation of its own: `project` gets the events of one chat as a stream that completes
 * when the chat was idle for a while. When what `project` returns completes, the conversation is over as well;
 * the next event of the chat begins a new one, with nothing of the last. All that is emitted is merged.
 *
 * Order: kept within a chat, free between chats. State belongs into `project`.
 * Errors: one of `project` ends the whole stream; so does one of the source.
 * Completion: conversations complete with the source, and the stream when all of them are done.
 *
 * @example
 * client.messages$
 *   .pipe(fromOthers(), conversation((event$) => event$.pipe(take(3), map((event, place) => `${place}: ${textOf(event.message) ?? ''}`))))
 *   .subscribe((line) => console.log(line))
 */
export const conversation =
  <Event extends OfChat, R>(
    project: (event$: Observable<Event>, chat: Jid) => ObservableInput<R>,
    { idleMs = 300_000, limit = 1_000, scheduler = asyncScheduler }: ConversationOptions = {},
  ): OperatorFunction<Event, R> =>
  (source$) =>
    defer(() => {
      /** What ends each conversation, by chat; that which was quiet longest first. Kept, as one may end before anybody waits for it. */
      const open = new Map<string, ReplaySubject<void>>()

      const admit = (event: Event): void => {
        const key = chatKeyOf(event)
        const end$ = open.get(key)
        if (end$) open.delete(key)
        else if (open.size >= limit) open.values().next().value?.next()
        open.set(key, end$ ?? new ReplaySubject(1))
      }
      const leave = (key: string, end$: ReplaySubject<void>): void => {
        if (open.get(key) === end$) open.delete(key)
      }

      return source$.pipe(
        tap(admit),
        groupBy((event: Event) => chatKeyOf(event), {
          duration: (lane$) => {
            // Set by `admit` for the event that opens the lane.
            const end$ = open.get(lane$.key)!
            return merge(lane$.pipe(debounceTime(idleMs, scheduler)), end$).pipe(tap(() => leave(lane$.key, end$)))
          },
        }),
        mergeMap((lane$) => {
          const end$ = open.get(lane$.key)!
          return defer(() => from(project(lane$, toJid(lane$.key)))).pipe(finalize(() => end$.next()))
        }),
      )
    })
