import type { Observable } from 'rxjs'

import type { Stanza } from '../stanza/stanza.ts'
import type { Jid } from '../stanza/jid.ts'

/**
 * One thing that can be asked of the server, described: how the `iq` looks, how its answer is read,
 * what its refusals mean. Descriptions are plain values, so that they can be checked mechanically.
 */
export interface RequestDescription<Reply> {
  /** Names the request in errors, for example `prekeys.count`. */
  readonly name: string
  readonly type: 'get' | 'set'
  readonly xmlns: string
  /** The server itself when absent. */
  readonly to?: Jid
  readonly content?: readonly Stanza[]
  /** Reads the `result`; pushes what is wrong into `faults` and returns undefined when it cannot. */
  readonly parse: (reply: Stanza, faults: string[]) => Reply | undefined
  /** What the known codes of an `error` mean here. */
  readonly refusals?: Readonly<Record<number, string>>
  /** 75 s when absent (protocol document 02, section 4.2). */
  readonly timeoutMs?: number
}

/**
 * Asks the server. Cold: each subscription asks once, emits the reply and completes; errors with
 * `RequestTimedOut`, `ServerRefused`, `ReplyMalformed` or `ConnectionLost`; unsubscribing forgets
 * the request.
 */
export type Request = <Reply>(description: RequestDescription<Reply>) => Observable<Reply>
