import type { WaEvent } from '../../events/wa-event.ts'
import { attributesOf } from '../../stanza/read-attributes.ts'
import { childOf, contentTextOf } from '../../stanza/stanza.ts'
import { optional } from '../optional-field.ts'
import { isRecord, isTooDeep } from './json-fields.ts'
import { readMexUpdate } from './mex-updates.ts'
import { timeOf, unreadable, type NotificationParser } from './notification-reading.ts'

/**
 * `mex`: a push of the query language. The typed event of an operation we know comes behind the whole payload
 * (protocol document 11, section 16).
 */
export const readMex: NotificationParser = (notification, { isObserved, nowMs }) => {
  const update = childOf(notification, 'update')
  const opName = update && attributesOf(update).optionalText('op_name')
  const text = contentTextOf(update)
  if (opName === undefined || text === undefined) return unreadable(notification, ['notification: update, its op_name or its text is missing'])
  const payload = parse(text)
  if (payload === undefined) return unreadable(notification, ['update: is not JSON, or nests too deep'])
  const read = attributesOf(notification)
  const whole: WaEvent = {
    type: 'mex_notification',
    opName,
    ...optional('from', read.optionalJid('from')),
    ...optional('stanzaId', read.optionalText('id')),
    ...optional('offline', read.optionalText('offline')),
    payload,
  }
  const data = isRecord(payload) ? payload['data'] : undefined
  const typed = isRecord(data) ? readMexUpdate(opName, data, () => timeOf(notification, nowMs).getTime()) : undefined
  return { events: [...(isObserved('mex_notification') ? [whole] : []), ...(typed && isObserved(typed.type) ? [typed] : [])] }
}

const parse = (text: string): unknown => {
  try {
    const value: unknown = JSON.parse(text)
    return isTooDeep(value) ? undefined : value
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
