import type { AccountLink } from '../account/account.ts'
import { Jid } from '../stanza/jid.ts'

const NOBODY = new Jid('nobody', 'unlinked')

/** What stands for the link of an account that has none yet: nobody writes to it, nobody is it, and what comes all the same ends nothing. */
export const UNLINKED: AccountLink = { id: NOBODY, lid: NOBODY, signedIdentity: new Uint8Array(0), platform: '', isLidMigrated: false }
