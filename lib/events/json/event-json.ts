import { toBase64 } from '../../bytes/bytes.ts'
import { EventJsonInvalid } from '../../errors/event-json-invalid.ts'
import { Jid } from '../../stanza/jid.ts'
import type { Stanza } from '../../stanza/stanza.ts'
import type { LazyHistorySync } from '../history-events.ts'
import type { WaEvent, WaEventType } from '../wa-event.ts'
import { CONVERSIONS } from './conversions.generated.ts'
import { fromKind, MAX_DEPTH, stanzaToJson, type Json, type JsonKind } from './json-kinds.ts'

/** Changes when the JSON of an event changes other than by more types and more optional fields. */
export const EVENT_JSON_VERSION = 1

/** An event as JSON; `schema/events.schema.json` of the package describes it. */
export interface EventJson {
  readonly schemaVersion: typeof EVENT_JSON_VERSION
  readonly type: WaEventType
  readonly [field: string]: Json
}

/**
 * An event as plain JSON, for webhooks and queues: addresses and instants (ISO) as text, bytes in base64,
 * bigint as text, stanzas as nested objects, errors as `code` and `message`. Within the content of messages bytes
 * are `{ "base64": … }` and integers beyond 2^53 `{ "integer": … }`; fields nobody knows are left out of it. Of a
 * piece of history only what is known without decoding it is written, and comes back.
 *
 * @throws EventJsonInvalid for what is no event of this package
 * @example
 * client.messages$.subscribe((event) => console.log(JSON.stringify(toJson(event))))
 */
export const toJson = (event: WaEvent): EventJson => {
  const conversions = Object.hasOwn(CONVERSIONS, event?.type) ? CONVERSIONS[event.type] : undefined
  if (!conversions) throw new EventJsonInvalid('type', 'the type of an event')
  // An object stays one, and `type` is text.
  return { schemaVersion: EVENT_JSON_VERSION, ...(write(event, '', conversions, 0) as Record<string, Json>) } as unknown as EventJson
}

type Conversions = Readonly<Record<string, JsonKind>>

const write = (value: unknown, path: string, conversions: Conversions, depth: number): Json | undefined => {
  if (depth > MAX_DEPTH) throw new EventJsonInvalid(path, 'an end to its nesting')
  const kind = conversions[path]
  if (path === 'history' && isHistory(value)) return write(metadataOf(value), path, conversions, depth)
  if (value instanceof Error) return { ...('code' in value && typeof value.code === 'string' && { code: value.code }), message: value.message }
  if (kind === 'error') return undefined
  if (value instanceof Jid) return value.toString()
  if (value instanceof Date) return value.toISOString()
  if (value instanceof Uint8Array) return kind === 'bytes' ? toBase64(value) : { base64: toBase64(value) }
  if (typeof value === 'bigint') return kind === 'bigint' ? value.toString() : { integer: value.toString() }
  if (kind === 'stanza') return stanzaToJson(value as Stanza)
  if (Array.isArray(value)) return value.map((item) => write(item, below(path, '*', conversions), conversions, depth + 1) ?? null)
  if (typeof value !== 'object' || value === null) return value as Json | undefined
  const fields: Record<string, Json> = {}
  for (const [name, inner] of Object.entries(value)) {
    const json = write(inner, below(path, name, conversions), conversions, depth + 1)
    if (json !== undefined) fields[name] = json
  }
  return fields
}

const isHistory = (value: unknown): value is LazyHistorySync => typeof value === 'object' && value !== null && 'decompress' in value

/** Of a piece of history only what is known without decoding it. */
const metadataOf = ({ syncType, chunkOrder, progress, peerDataRequestSessionId, oldestMessageTimestamp }: LazyHistorySync): object => ({
  syncType,
  chunkOrder,
  progress,
  peerDataRequestSessionId,
  oldestMessageTimestamp,
})

/** Inside of content nothing has a path. */
const below = (path: string, name: string, conversions: Conversions): string => {
  if (conversions[path] === 'message' || path === INSIDE) return INSIDE
  return path === '' ? name : `${path}.${name}`
}

const INSIDE = '\0'

/**
 * The event of a JSON. What cannot be an event is refused; fields and values are taken as they are where JSON
 * says all: validate what comes from strangers against the schema first. Errors come back as {@link ToldError}.
 *
 * @throws EventJsonInvalid
 * @example
 * client.messages$.pipe(map((event) => fromJson(JSON.parse(JSON.stringify(toJson(event)))))).subscribe()
 */
export const fromJson = (json: unknown): WaEvent => {
  if (typeof json !== 'object' || json === null) throw new EventJsonInvalid('', 'an object')
  const { schemaVersion, ...event } = json as Partial<EventJson>
  if (schemaVersion !== EVENT_JSON_VERSION) throw new EventJsonInvalid('schemaVersion', `the version ${EVENT_JSON_VERSION}`)
  const { type } = event
  if (typeof type !== 'string' || !Object.hasOwn(CONVERSIONS, type)) throw new EventJsonInvalid('type', 'the type of an event')
  return read(event, '', CONVERSIONS[type], 0) as WaEvent
}

const read = (value: unknown, path: string, conversions: Conversions, depth: number): unknown => {
  if (depth > MAX_DEPTH) throw new EventJsonInvalid(path, 'an end to its nesting')
  const kind = conversions[path]
  // A place may hold an address in one variant of an event and something with fields in another.
  if (kind && !(kind === 'jid' && typeof value === 'object')) return fromKind(kind, value, path)
  if (Array.isArray(value)) return value.map((item) => read(item, below(path, '*', conversions), conversions, depth + 1))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, read(inner, below(path, name, conversions), conversions, depth + 1)]))
}
