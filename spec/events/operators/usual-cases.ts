import { describe, it } from '@jest/globals'
import { repeat, take, type Observable } from 'rxjs'

import { marbles } from '../../../lib/testing/marbles.ts'

/** One run of an operator, drawn; `many` has no completion of its own. */
export interface Drawing<In, Out> {
  readonly operator: (source$: Observable<In>) => Observable<Out>
  readonly values: Readonly<Record<string, In>>
  readonly outcomes: Readonly<Record<string, Out>>
  /** One value, and what comes of it. */
  readonly one: readonly [string, string]
  /** Several frames, and what comes of them, of the same length. */
  readonly many: readonly [string, string]
}

/**
 * What an operator that answers at once owes: nothing, one, many, an error of the source, unsubscription, two
 * subscribers, resubscription. Operators that call something or wait have cases of their own beside these.
 */
export const usualCases = <In, Out>(name: string, { operator, values, outcomes, one, many }: Drawing<In, Out>): void =>
  describe(`${name}, as every operator,`, () => {
    it('makes nothing of nothing', marbles(({ cold, expectObservable }) => {
      expectObservable(operator(cold<In>('|'))).toBe('|')
      expectObservable(operator(cold<In>('-'))).toBe('-')
      expectObservable(operator(cold<In>('#'))).toBe('#')
    }))

    it('takes one and takes many', marbles(({ cold, expectObservable }) => {
      expectObservable(operator(cold<In>(`${one[0]}|`, values))).toBe(`${one[1]}|`, outcomes)
      expectObservable(operator(cold<In>(`${many[0]}|`, values))).toBe(`${many[1]}|`, outcomes)
    }))

    it('passes an error of the source on', marbles(({ cold, expectObservable }) => {
      expectObservable(operator(cold<In>(`${many[0]}#`, values))).toBe(`${many[1]}#`, outcomes)
    }))

    it('leaves its source when it is left', marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold<In>(many[0], values)
      expectObservable(operator(source$), '^-!').toBe(many[1].slice(0, 2), outcomes)
      expectSubscriptions(source$.subscriptions).toBe('^-!')
    }))

    it('shares nothing between subscribers, nor between one subscription and the next', marbles(({ cold, expectObservable }) => {
      const result$ = operator(cold<In>(`${many[0]}|`, values))
      expectObservable(result$).toBe(`${many[1]}|`, outcomes)
      expectObservable(result$, '--^').toBe(`--${many[1]}|`, outcomes)
      expectObservable(operator(cold<In>(`${many[0]}|`, values)).pipe(repeat(2))).toBe(`${many[1]}${many[1]}|`, outcomes)
      expectObservable(result$.pipe(take(0))).toBe('|')
    }))
  })
