import { concat, concatMap, defer, from, ignoreElements, of, type ObservableInput, type OperatorFunction } from 'rxjs'

import type { WaEvent, WaEventOf, WaEventType } from './wa-event.ts'

/**
 * Events that can be had at least once: those of stanzas which the server keeps until they are
 * acknowledged. Everything else (connection states, presence, codes to scan) is of no use later.
 */
export const durableTypes = [
  'message',
  'undecryptable_message',
  'receipt',
  'notification',
  'malformed_stanza',
  'unhandled_stanza',
  'group_update',
  'device_list_update',
  'own_devices_updated',
  'identity_change',
  'groups_dirty',
  'picture_update',
  'user_about_update',
  'contact_updated',
  'contact_number_changed',
  'contact_sync_requested',
  'disappearing_mode_changed',
  'username_update',
  'lid_change',
  'text_status_update',
  'business_status_update',
  'self_push_name_updated',
  'blocklist_changed',
  'own_username_changed',
  'registration_code',
  'account_takeover_notice',
  'message_capping',
  'reachout_timelock_update',
  'newsletter_live_update',
  'newsletter_message_update',
  'newsletter_join',
  'newsletter_leave',
  'newsletter_mute_change',
  'incoming_call',
  'missed_call',
  'call_ended_elsewhere',
  'mex_notification',
  'media_retry',
] as const satisfies readonly WaEventType[]

/** The name of such an event. */
export type DurableType = (typeof durableTypes)[number]

/** One event of a durable consumer. It comes again, after a restart or a new subscription, until it is acknowledged. */
export interface DurableEvent<Type extends WaEventType = DurableType> {
  readonly event: WaEventOf<Type>
  /** The same however often it is delivered, different for every event: an idempotency key. */
  readonly key: string
  /** It may have been given to this consumer before. */
  readonly redelivered: boolean
  /** The consumer is done with it. Takes effect with the next write to the store, at the latest a quarter of a second later. */
  readonly ack: () => void
}

/**
 * Works through a durable consumer one event at a time and acknowledges each when the work on it has
 * completed; emits the events that are done. An error of the work ends the stream, and the event comes
 * again with the next subscription.
 *
 * @example
 * client.durable('archive', ['message']).pipe(processed(({ info, message }) => archive.insert(info.id, message)))
 */
export const processed = <Event extends WaEvent>(
  project: (event: Event, key: string) => ObservableInput<unknown>,
): OperatorFunction<{ readonly event: Event; readonly key: string; readonly ack: () => void }, Event> =>
  concatMap(({ event, key, ack }) =>
    concat(
      defer(() => from(project(event, key))).pipe(ignoreElements()),
      defer(() => {
        ack()
        return of(event)
      }),
    ),
  )
