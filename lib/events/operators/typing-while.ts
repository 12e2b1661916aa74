import { asyncScheduler, catchError, concat, defer, EMPTY, exhaustMap, from, ignoreElements, Observable, throwError, timer, type ObservableInput, type OperatorFunction, type SchedulerLike } from 'rxjs'

import { NotConnected } from '../../errors/request-errors.ts'
import { concatMapBy } from '../../reactive/concat-map-by.ts'
import type { Jid } from '../../stanza/jid.ts'
import { chatKeyOf, chatOf, type OfChat } from './source-of.ts'

/** What can say that we write: `client.presence`. */
export interface Typist {
  readonly typing: (chat: Jid, media?: 'text' | 'audio') => ObservableInput<unknown>
  readonly paused: (chat: Jid) => ObservableInput<unknown>
}

/** How it is said. */
export interface TypingOptions {
  /** What we seem to do; default `text`. */
  readonly media?: 'text' | 'audio'
  /** It is said again so often, in milliseconds, since the other side shows it for some seconds only; default 10,000. */
  readonly repeatMs?: number
  readonly scheduler?: SchedulerLike
}

/**
 * Says in the chat of each event that we write, for as long as `project` works on it, and that we stopped when
 * the work completed or failed; emits what `project` emits.
 *
 * Order: one event at a time per chat, chats side by side; what waits is held.
 * Errors: one of `project` ends the stream. That nobody can be told, without a connection, does not stop the
 * work; other errors of the typist end the stream.
 * Unsubscribing stops both; the other side forgets it on its own.
 *
 * @example
 * client.messages$.pipe(fromOthers(), typingWhile(client.presence, (event) => client.reply(event, { text: 'I see' }))).subscribe()
 */
export const typingWhile = <Event extends OfChat, R>(
  typist: Typist,
  project: (event: Event) => ObservableInput<R>,
  { media = 'text', repeatMs = 10_000, scheduler = asyncScheduler }: TypingOptions = {},
): OperatorFunction<Event, R> =>
  concatMapBy(chatKeyOf, (event: Event) => {
    const chat = chatOf(event)
    const say = (words: () => ObservableInput<unknown>): Observable<never> =>
      defer(() => from(words())).pipe(
        catchError((error: unknown) => (error instanceof NotConnected ? EMPTY : throwError(() => error))),
        ignoreElements(),
      )
    const stopped$ = say(() => typist.paused(chat))
    const typing$ = concat(say(() => typist.typing(chat, media)), timer(repeatMs, repeatMs, scheduler).pipe(exhaustMap(() => say(() => typist.typing(chat, media)))))
    return whileWorking(typing$, defer(() => from(project(event))), stopped$)
  })

/** Keeps `typing$` going while the work does, then says the last word, also when the work failed. */
const whileWorking = <R>(typing$: Observable<never>, work$: Observable<R>, stopped$: Observable<never>): Observable<R> =>
  new Observable<R>((subscriber) => {
    const typing = typing$.subscribe({ error: (error: unknown) => subscriber.error(error) })
    subscriber.add(typing)
    if (subscriber.closed) return
    const finish = (last: () => void): void => {
      typing.unsubscribe()
      subscriber.add(stopped$.subscribe({ error: (error: unknown) => subscriber.error(error), complete: last }))
    }
    subscriber.add(
      work$.subscribe({
        next: (value) => subscriber.next(value),
        error: (error: unknown) => finish(() => subscriber.error(error)),
        complete: () => finish(() => subscriber.complete()),
      }),
    )
  })
