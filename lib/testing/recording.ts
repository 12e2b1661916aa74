import { EventJsonInvalid } from '../errors/event-json-invalid.ts'
import { RecordingInvalid } from '../errors/recording-invalid.ts'
import { fromKind } from '../events/json/json-kinds.ts'
import type { EncDecryptFailureReason } from '../events/message-event.ts'
import type { Jid } from '../stanza/jid.ts'
import type { Stanza } from '../stanza/stanza.ts'

/** First line of a recording; changes when an old one cannot be replayed any more. */
export const RECORDING = { rxwa: 'stanzas', version: 1 } as const

/** What became of one `enc`. */
export type RecordedResult =
  | { readonly kind: 'opened'; readonly index: number; readonly type: string; readonly payload: Uint8Array }
  | { readonly kind: 'failed'; readonly index: number; readonly type: string; readonly reason: EncDecryptFailureReason }

/** A stanza that arrived, and what was in it for us. */
export interface RecordedStanza {
  /** Since the recording began, in milliseconds. */
  readonly atMs: number
  readonly stanza: Stanza
  readonly results: readonly RecordedResult[]
}

/** A recording as it was read. */
export interface Recording {
  readonly me: { readonly id: Jid; readonly lid: Jid }
  readonly stanzas: readonly RecordedStanza[]
}

type Fields = Readonly<Record<string, unknown>>
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Reads what `recordStanzas` wrote, whole. @throws RecordingInvalid naming the line */
export const readRecording = (text: string): Recording => {
  const lines = text.split('\n')
  const objectAt = (index: number): Fields => {
    let value: unknown
    try {
      value = JSON.parse(lines[index] ?? '')
    } catch (cause) {
      throw new RecordingInvalid(index + 1, 'an object of JSON, whole', { cause })
    }
    if (!isFields(value)) throw new RecordingInvalid(index + 1, 'an object of JSON, whole')
    return value
  }
  /** Reads a part of a line. */
  const part = <T>(index: number, read: () => unknown): T => {
    try {
      return read() as T
    } catch (cause) {
      if (cause instanceof EventJsonInvalid) throw new RecordingInvalid(index + 1, `as it was written: ${cause.message}`, { cause })
      throw cause
    }
  }

  const head = objectAt(0)
  const { me } = head
  if (head['rxwa'] !== RECORDING.rxwa || head['version'] !== RECORDING.version || !isFields(me))
    throw new RecordingInvalid(1, `the beginning of a recording of version ${RECORDING.version}`)
  const [id, lid] = (['id', 'lid'] as const).map((name) => part<Jid>(0, () => fromKind('jid', me[name], name))) as [Jid, Jid]

  const stanzas: (RecordedStanza & { readonly results: RecordedResult[] })[] = []
  /** Messages whose results have not come yet, by id; one that is repeated stands behind. */
  const open = new Map<string, (typeof stanzas)[number][]>()
  const resultsOf = (name: unknown, index: number): RecordedResult[] | undefined =>
    open.get(String(name))?.find(({ results }) => results.every((result) => result.index !== index))?.results

  for (let line = 1; line < lines.length; line += 1) {
    if (lines[line] === '') continue
    const { at, in: arrived, out, opened, failed } = objectAt(line)
    if (typeof at !== 'number' || !(at >= 0)) throw new RecordingInvalid(line + 1, 'dated by `at`')
    if (arrived !== undefined) {
      const entry = { atMs: at, stanza: part<Stanza>(line, () => fromKind('stanza', arrived, 'in')), results: [] }
      stanzas.push(entry)
      const name = String(entry.stanza.attrs['id'])
      if (entry.stanza.tag === 'message') open.set(name, [...(open.get(name) ?? []), entry])
    } else if (isFields(opened)) {
      const { index, type, payload } = opened
      resultsOf(opened['id'], Number(index))?.push({ kind: 'opened', index: Number(index), type: String(type), payload: part(line, () => fromKind('bytes', payload, 'payload')) })
    } else if (isFields(failed)) {
      const { index, type, reason } = failed
      // Written by us from a closed list.
      resultsOf(failed['id'], Number(index))?.push({ kind: 'failed', index: Number(index), type: String(type), reason: String(reason) as EncDecryptFailureReason })
    } else if (out === undefined) throw new RecordingInvalid(line + 1, 'a stanza or what became of one')
  }
  return { me: { id, lid }, stanzas }
}
