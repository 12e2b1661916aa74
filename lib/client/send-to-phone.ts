import { concat, concatMap, defer, of, type Observable } from 'rxjs'

import { messageId } from '../pipeline/message-id.ts'
import type { Message } from '../proto/types.generated.ts'
import { followedBy, whichEnds } from '../reactive/at-once.ts'
import { userOf, type Jid } from '../stanza/jid.ts'
import { stanza } from '../stanza/stanza.ts'
import { encryptCopies, readyDevices, requireSome } from './encrypt-for-devices.ts'
import type { Live } from './live.ts'

/** How urgent a message between devices of one account is (protocol document 05, section 3.6). */
export type PeerPriority = 'high' | 'high_force'

/** Tells our own phone something, see {@link sendToOwnDevice}. */
export const sendToPhone = (live: Live, message: Message, priority: PeerPriority): Observable<string> =>
  defer(() => sendToOwnDevice(live, userOf(live.session.link().lid), message, priority))

/**
 * Tells a device of ours something as a peer message: encrypted for it alone, not wrapped, never with a token.
 * Emits the id it is sent under, since an answer may be there before the write has returned, and completes once
 * it was written; lost when the connection is, so whoever needs an answer sends it again. Errors with
 * `NoDeviceReachable` when there are no keys of the device.
 */
export const sendToOwnDevice = (live: Live, device: Jid, message: Message, priority: PeerPriority): Observable<string> =>
  defer(() => {
    const { session } = live
    const link = session.link()
    const id = messageId(link.id, session.nowMs())
    return followedBy(readyDevices(live, [device]), (ready) =>
      whichEnds(
        () =>
          followedBy(encryptCopies(live, [{ device, payload: session.messageCodec.encode(message) }], ready), (encrypted) => {
            requireSome(encrypted.copies.length, encrypted, 1)
            const { type, ciphertext } = encrypted.copies[0]!
            const durable$ = session.commit(ready.loan.writes())
            ready.loan.keep()
            const peer = stanza('message', { to: device, id, type: 'text', category: 'peer', push_priority: priority }, [
              stanza('meta', { appdata: 'default' }),
              stanza('enc', { v: '2', type }, ciphertext),
              type === 'pkmsg' ? stanza('device-identity', {}, link.signedIdentity) : undefined,
            ])
            return durable$.pipe(concatMap(() => concat(of(id), live.write(peer))))
          }),
        // Does nothing when the loan was kept.
        ready.loan.release,
      ),
    )
  })
