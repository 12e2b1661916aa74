import { RxwaError } from './rxwa-error.ts'

/** The client was destroyed; make another one. */
export class ClientDestroyed extends RxwaError {
  readonly code = 'client_destroyed'
  constructor() {
    super('this client was destroyed; make another one with createClient')
  }
}
