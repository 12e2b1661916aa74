import type { Jid } from '../stanza/jid.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { childrenOf, stanza, type Stanza } from '../stanza/stanza.ts'
import type { Group, GroupMember } from './group.ts'
import type { Account } from './account.ts'
import { refused, result, type Answer } from './answer.ts'
import { participant, tellGroup } from './group-stanzas.ts'
import { isAdmin, MEMBER_LIMIT, memberOf } from './groups.ts'
import { findAccount, nowSeconds, type World } from './world.ts'

/** How a request changes members. */
export type MemberChange = 'add' | 'remove' | 'promote' | 'demote'

type Outcome = { readonly kind: 'changed'; readonly account: Account } | { readonly kind: 'failed'; readonly jid: Jid; readonly error: number }

/** Adds, removes, promotes or demotes; what fails for one person does not fail for the others (protocol document 12, section 3.2). */
export const changeMembers = (world: World, group: Group, actor: Account, change: MemberChange, request: Stanza): Answer => {
  const mayAdd = change === 'add' && group.memberAddMode === 'all_member_add'
  if (!mayAdd && !isAdmin(group, actor)) return refused(403, 'forbidden')
  const outcomes = childrenOf(request, 'participant').map((item): Outcome => {
    const jid = attributesOf(item).jid('jid')
    const account = findAccount(world, jid)
    const error = account ? CHANGES[change](world, group, actor, account) : 404
    return account && error === undefined ? { kind: 'changed', account } : { kind: 'failed', jid, error: error ?? 404 }
  })
  const changed = outcomes.flatMap((outcome) => (outcome.kind === 'changed' ? [outcome.account] : []))
  if (changed.length > 0) {
    group.version += 1
    const said = stanza(change, { v_id: group.version, prev_v_id: group.version - 1 }, changed.map((account) => participant(group, account)))
    tellGroup(world, group, { actor, change: said, alsoTo: change === 'remove' ? changed : [] })
  }
  return result(
    stanza(
      change,
      {},
      outcomes.map((outcome) => {
        if (outcome.kind === 'failed') return stanza('participant', { jid: outcome.jid, error: outcome.error })
        const { attrs } = participant(group, outcome.account)
        return stanza('participant', { jid: attrs['jid'], phone_number: attrs['phone_number'], type: change === 'promote' ? 'admin' : undefined })
      }),
    ),
  )
}

/** Changes one person's place, or says why not. */
const CHANGES: Readonly<Record<MemberChange, (world: World, group: Group, actor: Account, account: Account) => number | undefined>> = {
  add: (world, group, _actor, account) => {
    if (memberOf(group, account)) return 409
    if (group.members.size >= MEMBER_LIMIT) return 419
    group.members.set(account.lid.user, { account, role: 'member', joinedAtSeconds: nowSeconds(world) })
    return undefined
  },
  remove: (_world, group, actor, account) =>
    onMember(group, account, (place) => {
      if (place.role === 'superadmin' && actor !== account) return 405
      group.members.delete(account.lid.user)
      return undefined
    }),
  promote: (_world, group, _actor, account) =>
    onMember(group, account, (place) => {
      if (place.role === 'member') place.role = 'admin'
      return undefined
    }),
  demote: (_world, group, actor, account) =>
    onMember(group, account, (place) => {
      if (place.role === 'superadmin' && actor !== account) return 405
      place.role = 'member'
      return undefined
    }),
}

const onMember = (group: Group, account: Account, change: (place: GroupMember) => number | undefined): number | undefined => {
  const place = memberOf(group, account)
  return place ? change(place) : 404
}
