import { concat, concatMap, from, ignoreElements, of, switchMap, timer, type OperatorFunction, type SchedulerLike } from 'rxjs'

/** How long the first code is shown. */
export const FIRST_CODE_MS = 60_000

/** How long each further code is shown. */
export const FURTHER_CODE_MS = 20_000

/** A code to show now, or the end of all codes. */
export type QrRotation = { readonly kind: 'show'; readonly ref: string; readonly timeoutMs: number; readonly isLast: boolean } | { readonly kind: 'exhausted' }

/**
 * Shows the refs of each list one after the other: the first for 60 s, the others for 20 s each, then
 * reports that they are used up (protocol document 03, section 2.3). A new list replaces what is left
 * of the old one. Completes with the last list; errors of the source pass.
 */
export const rotateQrCodes = (scheduler?: SchedulerLike): OperatorFunction<readonly string[], QrRotation> =>
  // A new list makes the rest of the old one worthless.
  switchMap((refs) =>
    concat(
      from(refs).pipe(
        concatMap((ref, index) => {
          const timeoutMs = index === 0 ? FIRST_CODE_MS : FURTHER_CODE_MS
          return concat(of<QrRotation>({ kind: 'show', ref, timeoutMs, isLast: index === refs.length - 1 }), timer(timeoutMs, scheduler).pipe(ignoreElements()))
        }),
      ),
      of<QrRotation>({ kind: 'exhausted' }),
    ),
  )
