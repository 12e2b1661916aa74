import { concatMap, map, of, type Observable } from 'rxjs'

import { SignalFailed } from '../errors/signal-error.ts'
import type { Jid } from '../stanza/jid.ts'
import { addressFor, beginSession, readyDevices } from './encrypt-for-devices.ts'
import { listDevices } from './find-devices.ts'
import type { Live } from './live.ts'

/**
 * Begins a session with every device of a person that has none, so that the next message need not wait for
 * keys. Devices without keys, or with keys that prove nothing, are left out. Emits once it is durable.
 */
export const beginSessions = (live: Live, user: Jid): Observable<void> => {
  const person = live.session.directory.canonical(user)
  return listDevices(live, [person]).pipe(
    concatMap(([devices = []]) => readyDevices(live, devices).pipe(map((ready) => ({ devices, ...ready })))),
    concatMap(({ devices, loan, bundles }) => {
      try {
        for (const device of devices) {
          const address = addressFor(live, device)
          if (loan.peer(address).session) continue
          try {
            beginSession(live, device, address, bundles.get(address), loan)
          } catch (error) {
            if (!(error instanceof SignalFailed)) throw error
          }
        }
        const writes = loan.writes()
        const durable$ = writes.length === 0 ? of(undefined) : live.session.commit(writes)
        loan.keep()
        return durable$
      } finally {
        loan.release()
      }
    }),
  )
}
