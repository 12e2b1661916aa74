import { RxwaError } from './rxwa-error.ts'

/** A text that should be an address is none. */
export class JidInvalid extends RxwaError {
  readonly code = 'jid_invalid'
  constructor() {
    super('not an address; write people as "15550100001@s.whatsapp.net" or "90010001@lid", groups as "120363000000000001@g.us"')
  }
}
