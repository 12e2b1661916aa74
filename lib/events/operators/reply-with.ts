import { concatMap, defer, EMPTY, from, isObservable, of, type Observable, type ObservableInput, type OperatorFunction } from 'rxjs'

import { concatMapBy } from '../../reactive/concat-map-by.ts'
import type { MessageEvent } from '../message-event.ts'
import { chatKeyOf } from './source-of.ts'

/** What can answer a message: a client. */
export interface Replier<Content, Progress> {
  readonly reply: (event: MessageEvent, content: Content) => ObservableInput<Progress>
}

/** A message, or what an operator such as `withText` or `commands` made of it. */
export type OfMessage = MessageEvent | { readonly event: MessageEvent }

const messageOf = (value: OfMessage): MessageEvent => ('event' in value ? value.event : value)

/**
 * Answers each message in its chat, quoting it; emits the progress of the answers. Nothing is sent when
 * `project` has no answer.
 *
 * Order: one answer at a time per chat, chats side by side; what waits is held.
 * Errors: a send that fails is a `failed` value; an error of `project` ends the stream.
 * Unsubscribing cancels the answers that are under way.
 *
 * @param project the answer, now or later; undefined: none
 * @example
 * client.messages$.pipe(fromOthers(), withText(), replyWith(client, ({ text }) => ({ text: `echo: ${text}` }))).subscribe()
 */
export const replyWith = <Value extends OfMessage, Content extends object, Progress>(
  replier: Replier<Content, Progress>,
  project: (value: Value) => Content | undefined | PromiseLike<Content | undefined> | Observable<Content | undefined>,
): OperatorFunction<Value, Progress> =>
  concatMapBy(chatKeyOf, (value: Value) =>
    defer(() => answerOf(project(value))).pipe(concatMap((content) => (content === undefined ? EMPTY : from(replier.reply(messageOf(value), content))))),
  )

const answerOf = <Content>(answer: Content | PromiseLike<Content> | Observable<Content>): Observable<Content> => {
  if (isObservable(answer)) return answer
  return isPromiseLike(answer) ? from(answer) : of(answer)
}

const isPromiseLike = <T>(value: T | PromiseLike<T>): value is PromiseLike<T> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
