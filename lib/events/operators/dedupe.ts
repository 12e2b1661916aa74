import { defer, filter, type MonoTypeOperatorFunction } from 'rxjs'

import { OptionInvalid, requireObject } from '../../errors/option-invalid.ts'
import { userOf } from '../../stanza/jid.ts'
import type { MessageInfo } from '../message-event.ts'
import { chatKeyOf } from './source-of.ts'

/** What has a name of its own: a message, or an element of a durable consumer. */
export type Named = { readonly info: Pick<MessageInfo, 'source' | 'id'> } | { readonly key: string }

/** The name of a message, the same for every time it is told; the key of a durable element. */
const nameOf = (value: Named): string =>
  'key' in value ? value.key : `${chatKeyOf(value)} ${userOf(value.info.source.sender).toString()} ${value.info.id}`

/** How much is remembered. */
export interface DedupeOptions<T> {
  /** What makes two values the same; default: chat, author and id of a message, the key of a durable element. */
  readonly keyOf?: (value: T) => unknown
  /** Names remembered, the oldest are forgotten first; default 10,000. */
  readonly limit?: number
}

/**
 * Passes each value once: a repetition of one of the last `limit` is left out. What is remembered is that of
 * one subscription.
 *
 * Order: kept. Errors of `keyOf` end the stream.
 *
 * @example
 * client.durable('archive', ['message']).pipe(dedupe()).subscribe(({ ack }) => ack())
 */
export function dedupe<T extends Named>(options?: DedupeOptions<T>): MonoTypeOperatorFunction<T>
export function dedupe<T>(options: DedupeOptions<T> & { readonly keyOf: (value: T) => unknown }): MonoTypeOperatorFunction<T>
export function dedupe<T>(options: DedupeOptions<T> = {}): MonoTypeOperatorFunction<T> {
  requireObject('options', options, 'an object')
  const { keyOf, limit = 10_000 } = options
  if (!Number.isSafeInteger(limit) || limit < 1) throw new OptionInvalid('limit', 'a whole number of at least 1', String(limit))
  // Without a function of their own, callers have what has a name.
  const own = keyOf ?? (nameOf as unknown as (value: T) => unknown)
  return (source$) =>
    defer(() => {
      const seen = new Set<unknown>()
      return source$.pipe(
        filter((value) => {
          const key = own(value)
          if (seen.has(key)) return false
          seen.add(key)
          if (seen.size > limit) seen.delete(seen.values().next().value)
          return true
        }),
      )
    })
}
