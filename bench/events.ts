import type { Observable } from 'rxjs'

import type { WaEvent, WaEventType } from '../lib/events/wa-event.ts'
import type { AccountLink } from '../lib/account/account.ts'
import { createEventHub } from '../lib/client/event-hub.ts'
import { createRingingCalls } from '../lib/pipeline/calls/ringing-calls.ts'
import { parseOne } from '../lib/pipeline/parse.ts'
import { routeOne } from '../lib/pipeline/route.ts'
import { decodeStanza } from '../lib/stanza/decode.ts'
import { encodeStanza } from '../lib/stanza/encode.ts'
import { Jid, toJid } from '../lib/stanza/jid.ts'
import { stanza, type Stanza } from '../lib/stanza/stanza.ts'
import { measure, type Item, type Row } from './harness.ts'

// Parsers need no more of the link than the two addresses.
const link = { id: toJid('15550100001:1@s.whatsapp.net'), lid: toJid('90010001:1@lid') } as unknown as AccountLink

const asReceived = (sent: Stanza): Stanza => decodeStanza(encodeStanza(sent))

const somebody = new Jid('90010002', 'lid')
const group = new Jid('120363000000000001', 'g.us')
const member = (index: number): Stanza => stanza('participant', { jid: new Jid(String(90_010_100 + index), 'lid'), phone_number: new Jid(String(15_550_100_100 + index), 's.whatsapp.net') })
const ofGroup = (...children: readonly Stanza[]): Stanza =>
  asReceived(stanza('notification', { id: '3EB0AA', from: group, type: 'w:gp2', t: '1767225600', participant: somebody, participant_pn: toJid('15550100002@s.whatsapp.net'), notify: 'Ben', addressing_mode: 'lid' }, children))

const STANZAS: Readonly<Record<string, Stanza>> = {
  'parse a receipt': asReceived(stanza('receipt', { id: '3EB0AA', from: somebody, t: '1767225600' })),
  'parse a presence': asReceived(stanza('presence', { from: somebody, type: 'unavailable', last: '1767225600' })),
  'parse a typing': asReceived(stanza('chatstate', { from: somebody }, [stanza('composing')])),
  'parse a picture notification': asReceived(stanza('notification', { id: '3EB0AA', from: somebody, type: 'picture', t: '1767225600' }, [stanza('set', { jid: somebody, id: '1' })])),
  'parse a group notification, 1 action': ofGroup(stanza('subject', { subject: 'Trip', s_t: '1767225600' })),
  'parse a group notification, 100 added': ofGroup(stanza('add', {}, Array.from({ length: 100 }, (_, index) => member(index)))),
  'parse a call offer': asReceived(stanza('call', { id: '3EB0AA', from: somebody, t: '1767225600' }, [stanza('offer', { 'call-id': 'AA', 'call-creator': somebody }, [stanza('audio', { enc: 'opus', rate: '16000' })])])),
}

const parsing = (name: string, received: Stanza, library: string, isObserved: (type: WaEventType) => boolean): Item => {
  const parts = { link: () => link, isActive: () => true, isObserved, nowMs: () => 0, retryReceipt: () => undefined, canAskPhone: () => false, ringing: createRingingCalls() }
  return { item: name, library, run: () => void parseOne(parts, routeOne({ kind: 'plain', stanza: received })) }
}

const dispatching = (subscribers: number): readonly Item[] => {
  const event: WaEvent = { type: 'presence', from: somebody, unavailable: false }
  const own = createEventHub(false)
  const others = createEventHub(false)
  const all = createEventHub(false)
  const mixed: readonly Observable<WaEvent>[] = [own.streams.messages$, own.streams.receipts$, own.streams.groupUpdates$, own.streams.pictureUpdates$, own.streams.incomingCalls$]
  for (let index = 0; index < subscribers; index += 1) {
    own.streams.presence$.subscribe(() => undefined)
    all.events$.subscribe(() => undefined)
    mixed[index % mixed.length]!.subscribe(() => undefined)
    others.streams.messages$.subscribe(() => undefined)
  }
  const item = (name: string, emit: () => void): Item => ({ item: `dispatch to ${subscribers} ${name}`, library: 'rxwa', run: emit })
  return [
    item('subscribers of its stream', () => own.emit(event)),
    item('subscribers of all events', () => all.emit(event)),
    item('subscribers of other streams', () => others.emit(event)),
  ]
}

/** What an event costs between a decoded stanza and its subscribers, and what one costs that nobody wants. */
export const run = (): readonly Row[] =>
  measure([
    ...Object.entries(STANZAS).flatMap(([name, received]) => [parsing(name, received, 'rxwa, observed', () => true), parsing(name, received, 'rxwa, unobserved', () => false)]),
    ...[1, 10, 100].flatMap(dispatching),
  ])
