import type { FaultRule, FaultTarget, Passing } from './fault-rule.ts'

const isPing = ({ stanza }: Passing): boolean => stanza?.tag === 'iq' && (stanza.attrs['xmlns'] === 'w:p' || stanza.attrs['xmlns'] === 'urn:xmpp:ping')

const LOGGED_IN: FaultTarget = { after: 'success' }
const both = { kind: 'stall' } as const

/** Ways in which a server goes silent on a connection that stays open, as rules for {@link Faults.add}. */
export const SILENCES = {
  /** Accepts the socket, and never answers the client's hello. */
  server_hello_missing: [{ on: { stage: 'handshake', direction: 'out' }, do: both }],
  /** Half of its hello, then nothing. */
  server_hello_half: [{ on: { stage: 'handshake', direction: 'out' }, do: { kind: 'truncate', isLast: true } }],
  /** Its hello byte by byte, one a second. */
  server_hello_trickled: [{ on: { stage: 'handshake', direction: 'out' }, do: { kind: 'trickle', msPerByte: 1_000 } }],
  /** Does not take in the client's last message of the handshake. */
  client_finish_ignored: [{ on: { stage: 'handshake', direction: 'in', index: 2 }, do: both }],
  /** The handshake is done, and neither `success` nor `failure` comes. */
  success_missing: [{ on: { direction: 'out', tag: 'success' }, do: both }],
  /** Half of `success`, then nothing. */
  success_half: [{ on: { direction: 'out', tag: 'success' }, do: { kind: 'truncate', isLast: true } }],
  /** After `success` it neither hears nor says anything. */
  after_success: [{ on: LOGGED_IN, do: both }],
  /** Announces a backlog, and that was that. */
  after_offline_preview: [{ on: { after: 'ib/offline_preview' }, do: both }],
  /** Hears everything and does what it is told, but says nothing. */
  hears_only: [{ on: { ...LOGGED_IN, direction: 'out' }, do: { kind: 'stall', side: 'says_nothing' } }],
  /** Goes on telling news, but hears nothing. */
  says_only: [{ on: { ...LOGGED_IN, direction: 'in' }, do: { kind: 'stall', side: 'hears_nothing' } }],
  /** Answers pings, and hears nothing else; says nothing of its own. */
  pings_answered_only: [
    { on: { ...LOGGED_IN, direction: 'in', where: (passing) => !isPing(passing) }, do: { kind: 'drop' } },
    { on: { ...LOGGED_IN, direction: 'out', where: ({ stanza }) => stanza?.tag !== 'iq' }, do: { kind: 'drop' } },
  ],
  /** Sends pings of its own every ten seconds, and nothing else. */
  server_pings_only: [{ on: LOGGED_IN, do: { kind: 'stall', pingEveryMs: 10_000 } }],
  /** Everything works but requests: only pings are answered. */
  results_swallowed: [{ on: { ...LOGGED_IN, direction: 'out', tag: 'iq', where: ({ stanza }) => stanza?.attrs['t'] === undefined }, do: { kind: 'drop' } }],
  /** Takes messages in and passes them on, but never says so. */
  acks_swallowed: [{ on: { direction: 'out', tag: 'ack' }, do: { kind: 'drop' } }],
  /** Everything works, but no message arrives. */
  messages_withheld: [{ on: { direction: 'out', tag: 'message' }, do: { kind: 'drop' } }],
  /** A backlog is delivered, and its end is never told. */
  offline_end_missing: [{ on: { direction: 'out', tag: 'ib', child: 'offline' }, do: { kind: 'drop' } }],
  /** Half a frame, then nothing. */
  frame_half: [{ on: { ...LOGGED_IN, direction: 'out' }, do: { kind: 'truncate', isLast: true } }],
  /** A stanza byte by byte, one a second, and everything else behind it. */
  stanza_trickled: [{ on: { ...LOGGED_IN, direction: 'out', nth: 1 }, do: { kind: 'trickle', msPerByte: 1_000 } }],
  /** A new device is never given a code to show. */
  pair_device_missing: [{ on: { direction: 'out', tag: 'iq', child: 'pair-device' }, do: both }],
  /** A linked device is never told to come back. */
  restart_missing: [{ on: { direction: 'out', tag: 'stream:error', where: ({ stanza }) => stanza?.attrs['code'] === '515' }, do: both }],
} as const satisfies Readonly<Record<string, readonly FaultRule[]>>

/** Names of the ways to be silent. */
export type Silence = keyof typeof SILENCES
