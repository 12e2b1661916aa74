import { EMPTY, of, type Observable } from 'rxjs'

import type { Account } from '../account/account.ts'
import type { Incoming } from '../connection/connection.ts'
import { ConnectionLost } from '../errors/connection-errors.ts'
import { NoiseFailed } from '../errors/noise-error.ts'
import type { Session } from './session.ts'

/**
 * The server key to resume with: only of a linked device, only while its certificates hold (protocol
 * document 02, section 1.7).
 */
export const resumableKey = ({ link, server }: Account, nowMs: number): Uint8Array | undefined => {
  if (!link || !server) return undefined
  const now = nowMs / 1000
  return now >= server.notBeforeSeconds && now < server.notAfterSeconds ? server.key : undefined
}

/** Keeps the key of a server that proved itself in full; a device without a link has no use for it. */
export const rememberServer = (session: Session, incoming: Incoming): Observable<unknown> => {
  if (incoming.kind !== 'opened' || !session.account().link) return EMPTY
  const { server } = incoming
  // A chain without an end could not be stored as a number; it is asked for again instead.
  if (!server || !Number.isFinite(server.notAfterSeconds)) return EMPTY
  return session.saveAccount((account) => ({ ...account, server }))
}

/** Forgets a key that did not work, so that the next attempt begins anew; emits when that is durable. */
export const forgetRefusedServer = (session: Session, error: unknown): Observable<unknown> => {
  const cause = error instanceof ConnectionLost ? error.cause : undefined
  if (!(cause instanceof NoiseFailed) || cause.fault !== 'resume_failed') return of(undefined)
  return session.saveAccount(({ server, ...account }) => account)
}
