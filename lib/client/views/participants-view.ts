import { concatMap, distinctUntilChanged, EMPTY, filter, map, merge, scan, startWith, switchMap, type Observable } from 'rxjs'

import type { GroupUpdateEvent, GroupsDirtyEvent } from '../../events/group-events.ts'
import type { GroupParticipantInfo, GroupRole } from '../../events/group-metadata.ts'
import { queryGroupMetadata } from '../../requests/group-requests.ts'
import { sameUser, type Jid } from '../../stanza/jid.ts'
import type { LiveState } from '../live-state.ts'

/** What the view of a group needs. */
export interface ParticipantsParts {
  readonly live$: Observable<LiveState>
  readonly groupUpdates$: Observable<GroupUpdateEvent>
  readonly groupsDirty$: Observable<GroupsDirtyEvent>
}

type Participants = readonly GroupParticipantInfo[]
type Step = { readonly kind: 'all'; readonly participants: Participants } | { readonly kind: 'change'; readonly change: GroupUpdateEvent }

/**
 * Who is in a group: asked for on each connection and whenever what is known is outdated, and kept up to date in
 * between. Waits while there is no connection. Errors with what the request errors with, for example
 * `ServerRefused` (403: we are not in it).
 */
export const participantsView = ({ live$, groupUpdates$, groupsDirty$ }: ParticipantsParts, group: Jid): Observable<Participants> => {
  const change$ = groupUpdates$.pipe(filter(({ groupJid }) => sameUser(groupJid, group)))
  const outdated$ = merge(
    groupsDirty$.pipe(filter(({ groupJids }) => groupJids.some((jid) => sameUser(jid, group)))),
    change$.pipe(filter(({ action, hasIncompleteParticipantInformation }) => action.type === 'create' || action.type === 'change_number' || hasIncompleteParticipantInformation)),
  )
  const connected$ = live$.pipe(
    map((state) => (state.kind === 'open' ? state.live : undefined)),
    distinctUntilChanged(),
  )
  const asked$ = connected$.pipe(
    switchMap((live) => (live ? outdated$.pipe(startWith(undefined), switchMap(() => live.request(queryGroupMetadata(group)))) : EMPTY)),
    concatMap((metadata): readonly Step[] => (metadata === 'unchanged' ? [] : [{ kind: 'all', participants: metadata.participants }])),
  )
  return merge(asked$, change$.pipe(map((change): Step => ({ kind: 'change', change })))).pipe(
    scan((known: Participants | undefined, step) => (step.kind === 'all' ? step.participants : known && changed(known, step.change)), undefined),
    concatMap((known) => (known ? [known] : [])),
    distinctUntilChanged(),
  )
}

/** The same list when nothing changed. */
const changed = (known: Participants, { action }: GroupUpdateEvent): Participants => {
  switch (action.type) {
    case 'add':
      return [...without(known, action.participants), ...action.participants]
    case 'remove':
      return without(known, action.participants)
    case 'promote':
    case 'linked_group_promote':
      return withRole(known, action.participants, 'admin')
    case 'demote':
    case 'linked_group_demote':
      return withRole(known, action.participants, 'participant')
    case 'modify':
      return known.map((one) => ({ ...one, ...action.participants.find((other) => isSame(one, other)), ...(one.role && { role: one.role }) }))
    default:
      return known
  }
}

const addressesOf = ({ jid, lid, phoneNumber }: GroupParticipantInfo): readonly Jid[] => [jid, lid, phoneNumber].filter((address) => address !== undefined)
const isSame = (one: GroupParticipantInfo, other: GroupParticipantInfo): boolean => addressesOf(one).some((address) => addressesOf(other).some((same) => sameUser(address, same)))
const without = (known: Participants, left: Participants): Participants => known.filter((one) => !left.some((other) => isSame(one, other)))
const withRole = (known: Participants, named: Participants, role: GroupRole): Participants => known.map((one) => (named.some((other) => isSame(one, other)) ? { ...one, role } : one))
