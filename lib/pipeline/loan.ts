import type { Write } from '../store/store.ts'

/**
 * Keys on loan: while a loan is out, nobody else touches them. Changes live in the loan until `keep()`,
 * which says that `writes()` are on their way to the store; a loan that is released without it leaves
 * everything as it was. What is kept may run ahead of the store, because the commit queue keeps order and
 * fails as a whole: nothing built on it is durable, told or sent before it.
 */
export interface Loan {
  /** Everything that changed, ready for a commit. */
  readonly writes: () => readonly Write[]
  /** The changes were handed to the commit queue: others may build on them. Ends the loan. */
  readonly keep: () => void
  /** Ends the loan; what was not kept is forgotten. Calling it twice does nothing. */
  readonly release: () => void
}

/** Nothing on loan: what was opened moved no ratchet. */
export const NO_LOAN: Loan = { writes: () => [], keep: () => undefined, release: () => undefined }

/** Several loans as one. */
export const joinLoans = (...loans: readonly Loan[]): Loan => ({
  writes: () => loans.flatMap((loan) => loan.writes()),
  keep: () => {
    for (const loan of loans) loan.keep()
  },
  release: () => {
    for (const loan of loans) loan.release()
  },
})
