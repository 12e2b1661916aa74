import { asyncScheduler, defer, Observable, type SchedulerLike } from 'rxjs'

import { ProtoMalformed } from '../errors/proto-error.ts'
import { isOptIn, OPT_IN } from '../events/opt-in.ts'
import type { WaEvent } from '../events/wa-event.ts'
import { createRingingCalls } from '../pipeline/calls/ringing-calls.ts'
import type { OpenedStanza } from '../pipeline/decrypt.ts'
import { createLidDirectory } from '../pipeline/lid-directory.ts'
import { NO_LOAN } from '../pipeline/loan.ts'
import type { EncResult } from '../pipeline/open-enc.ts'
import { parseOne } from '../pipeline/parse.ts'
import type { Parsed } from '../pipeline/parsed.ts'
import { readMessageInfo } from '../pipeline/read-message-info.ts'
import { routeOne } from '../pipeline/route.ts'
import { isRepeat } from '../pipeline/skip-repeats.ts'
import { Message } from '../proto/content.generated.ts'
import { childrenOf, stanza } from '../stanza/stanza.ts'
import { readRecording, type RecordedResult, type RecordedStanza, type Recording } from './recording.ts'

/** How a recording is replayed. */
export interface ReplayOptions {
  /** Whose time passes between the events; in a marble test that of the test, without being named. */
  readonly scheduler?: SchedulerLike
}

/**
 * The events a client tells of the stanzas in a recording of `recordStanzas`, each at its time: what arrived goes
 * through the same parsers, with what was opened in the place of ciphertexts. Repeatable: no key, clock or chance
 * has a say in it. What a client tells of itself, as that it is connected, is not part of it.
 *
 * Completes after the last stanza. Errors with `RecordingInvalid`, naming the line.
 *
 * @example
 * replayStanzas(readFileSync('report.jsonl', 'utf8')).pipe(ofType('message')).subscribe(({ info }) => console.log(info.id))
 */
export const replayStanzas = (recording: string, { scheduler = asyncScheduler }: ReplayOptions = {}): Observable<WaEvent> =>
  defer(() => play(readRecording(recording), scheduler))

const play = ({ me, stanzas }: Recording, scheduler: SchedulerLike): Observable<WaEvent> =>
  new Observable((subscriber) => {
    const eventsOf = createPlayer(me)
    const begunAtMs = scheduler.now()
    const tell = (index: number): void => {
      for (let next = index; next < stanzas.length; next += 1) {
        const waitMs = stanzas[next]!.atMs - (scheduler.now() - begunAtMs)
        if (waitMs > 0) {
          subscriber.add(scheduler.schedule(() => tell(next), waitMs))
          return
        }
        for (const event of eventsOf(stanzas[next]!)) subscriber.next(event)
        if (subscriber.closed) return
      }
      subscriber.complete()
    }
    tell(0)
  })

/** The pipe behind the ciphertexts, for one recording. */
const createPlayer = (me: Recording['me']): ((recorded: RecordedStanza) => readonly WaEvent[]) => {
  // Nobody asks for more of the link than who we are.
  const link = { ...me, signedIdentity: new Uint8Array(0), platform: '', isLidMigrated: false }
  const directory = createLidDirectory()
  const told = new Set<string>()
  let atMs = 0
  const parts = {
    link: () => link,
    isActive: () => false,
    isObserved: (type: WaEvent['type']) => !OPT_IN.has(type),
    nowMs: () => atMs,
    retryReceipt: () => stanza('receipt'),
    canAskPhone: () => false,
    alternate: directory.alternate,
    learn: directory.learn,
    ringing: createRingingCalls(),
    messageCodec: Message,
  }
  return (recorded) => {
    // Instants of the recording are those of its server.
    atMs = timeOf(recorded) ?? atMs
    const parsed = parseOne(parts, routeOne(openedOf(recorded, link)))
    if (isRepeat({ has: (name) => told.has(name) }, parsed)) return []
    remember(parsed, told)
    return parsed.events.filter((event) => !isOptIn(event))
  }
}

const remember = ({ name, events }: Parsed, told: Set<string>): void => {
  if (name !== undefined && events.length > 0) told.add(name)
}

const timeOf = ({ stanza: { attrs } }: RecordedStanza): number | undefined => {
  const seconds = Number(attrs['t'])
  return Number.isSafeInteger(seconds) && seconds > 0 ? seconds * 1000 : undefined
}

const openedOf = ({ stanza: received, results }: RecordedStanza, link: Recording['me']): OpenedStanza => {
  if (received.tag !== 'message') return { kind: 'plain', stanza: received }
  const reading = readMessageInfo(received, link)
  if (reading.kind === 'malformed') return { kind: 'malformed', stanza: received, faults: reading.faults }
  // What was neither opened nor refused had been opened before.
  const all = results.length > 0 ? results.map(resultOf) : childrenOf(received, 'enc').map((enc, encIndex): EncResult => ({ kind: 'duplicate', encIndex, encType: String(enc.attrs['type']) }))
  return { kind: 'message', stanza: received, info: reading.info, results: all, writes: [], loan: NO_LOAN }
}

const resultOf = (result: RecordedResult): EncResult => {
  const { index: encIndex, type: encType } = result
  if (result.kind === 'failed') return { kind: 'undecryptable', encIndex, encType, reason: result.reason, isOpened: result.reason === 'plaintext_unusable' }
  try {
    return { kind: 'opened', encIndex, encType, payload: result.payload, message: Message.decode(result.payload), writes: [] }
  } catch (cause) {
    if (!(cause instanceof ProtoMalformed)) throw cause
    return { kind: 'undecryptable', encIndex, encType, reason: 'plaintext_unusable', cause, isOpened: true }
  }
}
