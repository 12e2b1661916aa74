import { RxwaError } from './rxwa-error.ts'

/** An option has a value that cannot work; thrown at once, before anything is opened. */
export class OptionInvalid extends RxwaError {
  readonly code = 'option_invalid'
  constructor(
    /** Path of the option, for example `keepAlive.minimumMs`. */
    readonly option: string,
    /** What would have been accepted. */
    readonly expected: string,
    /** What kind of value came instead; values themselves may be secret and stay out. */
    readonly got: string,
  ) {
    super(`option "${option}" must be ${expected}; got ${got}`)
  }
}

/** What callers without types hand in may be nothing at all. @throws OptionInvalid */
export const requireObject = (option: string, value: unknown, expected: string): void => {
  if (typeof value !== 'object' || value === null) throw new OptionInvalid(option, expected, value === null ? 'null' : typeof value)
}
