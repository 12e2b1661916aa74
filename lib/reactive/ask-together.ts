import { asapScheduler, catchError, concatMap, defer, finalize, share, throwError, timer, type Observable } from 'rxjs'

/** How questions are asked together. */
export interface AskTogether<Question, Answer> {
  /** Asks several at once; emits one answer for all of them. */
  readonly ask: (questions: readonly Question[]) => Observable<Answer>
  /** Equal questions have equal keys and are asked once. */
  readonly keyOf: (question: Question) => string
  /** Most questions of different askers that are asked together; more of one asker go alone. */
  readonly limit: number
  /** Whether an error may be due to the questions of somebody else: then each asker is answered alone. */
  readonly mayBeOfOthers: (error: unknown) => boolean
}

interface Round<Question, Answer> {
  readonly questions: Map<string, Question>
  readonly answer$: Observable<Answer>
}

/**
 * What is asked while one thing is worked through leaves as one question, before anything else happens. The
 * result is cold: each subscription asks, emits the answer to all that were asked with it, and completes; a
 * question nobody waits for any more is not asked.
 */
export const askTogether = <Question, Answer>({ ask, keyOf, limit, mayBeOfOthers }: AskTogether<Question, Answer>) => {
  let open: Round<Question, Answer> | undefined

  const begin = (): Round<Question, Answer> => {
    const questions = new Map<string, Question>()
    const close = (): void => {
      if (open === round) open = undefined
    }
    const answer$ = timer(0, asapScheduler).pipe(
      concatMap(() => {
        close()
        return ask([...questions.values()])
      }),
      finalize(close),
      share(),
    )
    const round = { questions, answer$ }
    return round
  }

  return (asked: readonly Question[]): Observable<Answer> =>
    defer(() => {
      if (!open || open.questions.size + asked.length > limit) open = begin()
      const { questions, answer$ } = open
      for (const question of asked) questions.set(keyOf(question), question)
      return answer$.pipe(catchError((error: unknown) => (questions.size > asked.length && mayBeOfOthers(error) ? ask(asked) : throwError(() => error))))
    })
}
