import type { ParseMessageParts } from '../../lib/pipeline/parse-message.ts'
import { createRingingCalls } from '../../lib/pipeline/calls/ringing-calls.ts'
import { parseOne } from '../../lib/pipeline/parse.ts'
import type { Parsed } from '../../lib/pipeline/parsed.ts'
import { routeOne } from '../../lib/pipeline/route.ts'
import { createLidDirectory } from '../../lib/pipeline/lid-directory.ts'
import { Message } from '../../lib/proto/content.generated.ts'
import { toJid } from '../../lib/stanza/jid.ts'
import type { Stanza } from '../../lib/stanza/stanza.ts'

/** The account the specs of parsers read with. */
export const link = { id: toJid('15551234567:1@s.whatsapp.net'), lid: toJid('90010001:1@lid') }

/** When the specs of parsers run. */
export const NOW = new Date('2026-01-01T00:00:00Z')

/** Everything is observed, and nothing rings, unless stated otherwise. */
export const partsOf = (changes: Partial<ParseMessageParts> = {}): ParseMessageParts => ({
  // Parsers need no more of the link than the two addresses.
  link: () => link as unknown as ReturnType<ParseMessageParts['link']>,
  isActive: () => true,
  isObserved: () => true,
  nowMs: () => NOW.getTime(),
  retryReceipt: () => undefined,
  canAskPhone: () => false,
  learn: createLidDirectory().learn,
  ringing: createRingingCalls(),
  messageCodec: Message,
  ...changes,
})

/** What the stages from routing to parsing make of a stanza that is no message. */
export const parsedOf = (stanza: Stanza, changes?: Partial<ParseMessageParts>): Parsed => parseOne(partsOf(changes), routeOne({ kind: 'plain', stanza }))
