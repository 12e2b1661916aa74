import { Observable } from 'rxjs'

import type { Dial } from '../../lib/connection/socket.ts'

/** The network of one process. */
export interface MortalDial {
  readonly dial: Dial
  /** The process is gone: its connections break and it says nothing more. */
  readonly die: () => void
}

/** A dial whose connections are gone the moment the process is. */
export const mortal = (dial: Dial): MortalDial => {
  const open = new Set<() => void>()
  let isDead = false
  return {
    dial: (url) =>
      new Observable((subscriber) => {
        if (isDead) return undefined
        const connection = dial(url).subscribe({
          next: (socket) => subscriber.next({ bytes$: socket.bytes$, send: (bytes) => isDead || socket.send(bytes) }),
          error: (error: unknown) => isDead || subscriber.error(error),
        })
        const hangUp = (): void => {
          open.delete(hangUp)
          connection.unsubscribe()
        }
        open.add(hangUp)
        return hangUp
      }),
    die: () => {
      isDead = true
      for (const hangUp of open) hangUp()
    },
  }
}
