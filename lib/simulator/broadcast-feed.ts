import type { Jid } from '../stanza/jid.ts'
import type { Account } from './account.ts'
import type { Group } from './group.ts'

/** A broadcast list or the feed of status posts, with whoever reads one message of it, as a group that exists for it alone. */
export const feedOf = (jid: Jid, owner: Account, readers: readonly Account[]): Group => ({
  jid,
  creator: owner,
  createdAtSeconds: 0,
  key: undefined,
  members: new Map([owner, ...readers].map((account) => [account.lid.user, { account, role: account === owner ? 'superadmin' : 'member', joinedAtSeconds: 0 }])),
  addressing: 'lid',
  subject: { text: '', by: owner, atSeconds: 0 },
  description: undefined,
  flags: new Set(),
  ephemeralSeconds: undefined,
  memberAddMode: 'admin_add',
  inviteCode: '',
  version: 1,
})
