import { Observable, queueScheduler, Subject } from 'rxjs'

import type { Dial } from '../connection/socket.ts'
import { ConnectionLost } from '../errors/connection-errors.ts'
import type { ByteLine, ServerSocket } from './server-socket.ts'

/** Takes a new connection and serves it. */
export type Accept = (line: ByteLine) => ServerSocket

/** What a client sees of a socket that was not closed in order. */
const WITHOUT_A_WORD = 1006

/**
 * A socket within the process: bytes arrive on the other side in the same instant, so that tests with a
 * virtual clock need no real one. What is written while something is being read waits its turn, as on
 * a wire; otherwise an answer would arrive in the middle of its question.
 */
export const memoryDial =
  (accept: Accept): Dial =>
  () =>
    new Observable((subscriber) => {
      const bytes$ = new Subject<Uint8Array>()
      const server = accept({
        send: (bytes) => inTurn(() => bytes$.next(bytes)),
        close: (closeCode) => inTurn(() => bytes$.error(new ConnectionLost('server_closed', 'after_wait', { closeCode }))),
        drop: () => inTurn(() => bytes$.error(new ConnectionLost('server_closed', 'after_wait', { closeCode: WITHOUT_A_WORD }))),
      })
      subscriber.next({ bytes$: bytes$.asObservable(), send: (bytes) => inTurn(() => server.receive(bytes)) })
      return () => inTurn(server.closed)
    })

const inTurn = (work: () => void): void => void queueScheduler.schedule(work)
