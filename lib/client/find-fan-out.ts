import { concatMap, throwError, type Observable } from 'rxjs'

import { ReplyMalformed } from '../errors/request-errors.ts'
import { fanOutOf, type FanOut } from '../pipeline/fan-out.ts'
import type { Group } from '../pipeline/group-directory.ts'
import { queryGroup } from '../requests/group-requests.ts'
import { atOnce, followedBy, mapped } from '../reactive/at-once.ts'
import { sameUser, userOf, type Jid } from '../stanza/jid.ts'
import { listDevices } from './find-devices.ts'
import type { Live } from './live.ts'

/** A fan-out is put together again after this long, so that device lists grow old as they do elsewhere. */
const KEPT_MS = 3_600_000

/** Everybody who reads a group; the same object as long as neither its members nor any devices changed. */
export const findFanOut = (live: Live, chat: Jid): Observable<FanOut> => {
  const { fanOuts, devices, nowMs } = live.session
  return followedBy(findGroup(live, chat), (group) => {
    const kept = fanOuts.get(chat.toString())
    if (kept?.fanOut.group === group && kept.devicesVersion === devices.version() && nowMs() - kept.madeAtMs < KEPT_MS) return atOnce(kept.fanOut)
    return mapped(buildFanOut(live, group), (fanOut) => {
      fanOuts.set(chat.toString(), { fanOut, devicesVersion: devices.version(), madeAtMs: nowMs() })
      return fanOut
    })
  })
}

/** Who is in a group; asked for when it is not known, or no longer. */
export const findGroup = (live: Live, chat: Jid): Observable<Group> => {
  const { groups, commit } = live.session
  return followedBy(groups.known(chat), (known) => {
    if (known) return atOnce(known)
    return live.request(queryGroup(chat)).pipe(
      concatMap((answer) => {
        const writes = answer.kind === 'members' ? groups.learn(answer) : []
        const group = groups.present(chat)
        return group ? mapped(commit(writes), () => group) : throwError(() => new ReplyMalformed('groups.query', ['iq: group is missing']))
      }),
    )
  })
}

const buildFanOut = (live: Live, group: Group): Observable<FanOut> => {
  const link = live.session.link()
  const self = group.addressingMode === 'lid' ? link.lid : link.id
  const me = userOf(self)
  // Our other devices read along, also when a list forgot us.
  const users = group.members.some((member) => sameUser(member, me)) ? group.members : [...group.members, me]
  return mapped(listDevices(live, users), (lists) => fanOutOf(group, lists.flat(), self))
}
