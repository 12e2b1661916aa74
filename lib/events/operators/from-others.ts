import { filter, type MonoTypeOperatorFunction } from 'rxjs'

import type { MessageInfo } from '../message-event.ts'

/**
 * Leaves out what our own account wrote, on this or any other of its devices.
 *
 * @example
 * client.messages$.pipe(fromOthers()).subscribe()
 */
export const fromOthers = <Event extends { readonly info: Pick<MessageInfo, 'source'> }>(): MonoTypeOperatorFunction<Event> =>
  filter(({ info }) => !info.source.isFromMe)
