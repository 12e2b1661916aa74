import { filter, type OperatorFunction } from 'rxjs'

import type { WaEvent, WaEventOf, WaEventType } from '../wa-event.ts'

/**
 * Lets the events of the given types pass, narrowed to them.
 *
 * @example
 * client.events$.pipe(ofType('message', 'receipt')).subscribe((event) => console.log(event.type))
 */
export const ofType = <Type extends WaEventType>(...types: readonly Type[]): OperatorFunction<WaEvent, WaEventOf<Type>> => {
  const wanted: ReadonlySet<string> = new Set(types)
  return filter((event): event is WaEventOf<Type> => wanted.has(event.type))
}
