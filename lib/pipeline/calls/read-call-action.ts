import type { CallAction, CallAudio } from '../../events/call-events.ts'
import type { Jid } from '../../stanza/jid.ts'
import { attributesOf, type AttributeReader } from '../../stanza/read-attributes.ts'
import { childOf, childrenOf, type Stanza } from '../../stanza/stanza.ts'
import { numberAt } from '../notifications/notification-reading.ts'
import { optional } from '../optional-field.ts'

interface Call {
  readonly callId: string
  readonly callCreator: Jid
}
type ReadAction = (action: Stanza, read: AttributeReader, call: Call) => CallAction

const audioIn = (action: Stanza): readonly CallAudio[] =>
  childrenOf(action, 'audio').flatMap((audio): readonly CallAudio[] => {
    const read = attributesOf(audio)
    const [enc, rate] = [read.optionalText('enc'), numberAt(read, 'rate')]
    return enc === undefined || rate === undefined ? [] : [{ enc, rate }]
  })

const taken =
  (type: 'preaccept' | 'accept'): ReadAction =>
  (action, _, call) => ({ ...call, type, audio: audioIn(action) })

const forwarded =
  (type: 'group_update' | 'enc_rekey' | 'waiting_room_update' | 'user_action' | 'screen_share'): ReadAction =>
  (raw, _, call) => ({ ...call, type, raw })

const ORIENTATIONS = [0, 1, 2, 3] as const

/** What a child of a `<call>` says, by its tag (protocol document 13, section 12). */
const ACTIONS: Readonly<Record<string, ReadAction>> = {
  offer: (action, read, call) => {
    const silence = childOf(action, 'silence')
    const group = childOf(action, 'group_info')
    return {
      ...call,
      type: 'offer',
      ...optional('callerPn', read.optionalJid('caller_pn')),
      ...optional('callerCountryCode', read.optionalText('caller_country_code')),
      ...optional('callerUsername', read.optionalText('username')),
      ...optional('deviceClass', read.optionalText('device_class')),
      joinable: read.optionalText('joinable') === '1',
      isVideo: childOf(action, 'video') !== undefined,
      audio: audioIn(action),
      ...optional('groupJid', read.optionalJid('group-jid') ?? (group && attributesOf(group).optionalJid('group-jid'))),
      ...optional('silenceReason', silence && attributesOf(silence).optionalText('reason')),
    }
  },
  offer_notice: (_, read, call) => ({
    ...call,
    type: 'offer_notice',
    isVideo: read.optionalText('media') === 'video',
    isGroup: read.optionalText('type') === 'group',
    ...optional('groupJid', read.optionalJid('group-jid')),
  }),
  preaccept: taken('preaccept'),
  accept: taken('accept'),
  reject: (_, read, call) => ({ ...call, type: 'reject', ...optional('reason', read.optionalText('reason')) }),
  terminate: (_, read, call) => ({
    ...call,
    type: 'terminate',
    ...optional('reason', read.optionalText('reason')),
    ...optional('duration', numberAt(read, 'duration')),
    ...optional('audioDuration', numberAt(read, 'audio_duration')),
  }),
  transport: (_, read, call) => ({
    ...call,
    type: 'transport',
    ...optional('p2pCandRound', read.optionalText('p2p-cand-round')),
    ...optional('transportMessageType', read.optionalText('transport-message-type')),
  }),
  relaylatency: (_, __, call) => ({ ...call, type: 'relaylatency' }),
  video: (_, read, call) => ({
    ...call,
    type: 'video',
    state: read.integer('state'),
    ...optional('orientation', ORIENTATIONS.find((orientation) => orientation === numberAt(read, 'device_orientation'))),
    ...optional('dec', read.optionalText('dec')),
  }),
  group_update: forwarded('group_update'),
  enc_rekey: forwarded('enc_rekey'),
  waiting_room_update: forwarded('waiting_room_update'),
  // Where a raised hand is written is in no document: the action is forwarded as it is.
  user_action: forwarded('user_action'),
  screen_share: forwarded('screen_share'),
}

/** The first child that is an action; everything else in a `<call>` is of no concern to us. */
export const actionIn = (call: Stanza): Stanza | undefined => childrenOf(call).find(({ tag }) => Object.hasOwn(ACTIONS, tag))

/** What an action says; everything wrong with it is in the faults of the reader. */
export const readCallAction = (action: Stanza, read: AttributeReader): CallAction => {
  const call = { callId: read.text('call-id'), callCreator: read.jid('call-creator') }
  // Only tags of the table come here.
  return ACTIONS[action.tag]!(action, read, call)
}
