import { TestScheduler, type RunHelpers } from 'rxjs/testing'

/** Compares what an Observable did with what a diagram says; throws when they differ. */
export type AssertEqual = (actual: unknown, expected: unknown) => void

/**
 * Runs a marble test in virtual time; one frame is one millisecond. Uses the test runner's global
 * `expect` when no comparison is given.
 *
 * @example
 * it('keeps texts', marbles(({ hot, expectObservable }) => {
 *   expectObservable(hot('a|').pipe(take(1))).toBe('(a|)')
 * }))
 */
export const marbles =
  (test: (helpers: RunHelpers) => void, assertEqual: AssertEqual = expectEqual) =>
  (): void =>
    new TestScheduler(assertEqual).run(test)

const expectEqual: AssertEqual = (actual, expected) => {
  const { expect } = globalThis as { readonly expect?: (actual: unknown) => { readonly toEqual: (expected: unknown) => void } }
  if (!expect) throw new TypeError('marbles() found no global `expect`; give it a comparison as its second argument')
  expect(actual).toEqual(expected)
}
