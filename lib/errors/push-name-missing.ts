import { RxwaError } from './rxwa-error.ts'

/** A presence carries our name, and there is none yet. */
export class PushNameMissing extends RxwaError {
  readonly code = 'push_name_missing'
  constructor() {
    super('a presence needs a name: set the option "pushName", or wait until the account has told its own')
  }
}
