import { RxwaError } from './rxwa-error.ts'

/** The simulator could not do what a test asked of it. */
export class SimulatorFailed extends RxwaError {
  readonly code = 'simulator_failed'
  constructor(what: string, options?: { readonly cause?: unknown }) {
    super(`simulator: ${what}`, options)
  }
}
