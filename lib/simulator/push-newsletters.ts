import { Message as MessageCodec } from '../proto/content.generated.ts'
import type { Message } from '../proto/types.generated.ts'
import { toJid, type Jid } from '../stanza/jid.ts'
import { stanza, type Stanza } from '../stanza/stanza.ts'

const CHANNEL = '120363000000000002@newsletter'

/** Live changes of a channel, one child of `messages` each; default: a reaction. */
export const pushLiveUpdates = ({ channel = CHANNEL, messages = [liveMessage()] }: { readonly channel?: Jid | string; readonly messages?: readonly Stanza[] } = {}): Stanza => {
  const from = toJid(channel)
  return stanza('notification', { from, type: 'newsletter' }, [stanza('live_updates', {}, [stanza('messages', { jid: from, t: 1_767_225_600 }, messages)])])
}

/** What became of one message of a channel; default: somebody likes it. */
export const liveMessage = (serverId = 100, children: readonly Stanza[] = [stanza('reactions', {}, [stanza('reaction', { code: '👍', count: 1 })])], edit?: '3' | '8'): Stanza =>
  stanza('message', { server_id: serverId, id: `M${serverId}`, edit }, children)

/** A post in a channel; default: a text. */
export const pushPost = ({
  channel = CHANNEL,
  id = 'POST1',
  serverId = 100,
  message = { conversation: 'News' },
  isSender = false,
  edit,
  t = 1_767_225_600,
}: {
  readonly channel?: Jid | string
  readonly id?: string
  readonly serverId?: number
  readonly message?: Message
  readonly isSender?: boolean
  readonly edit?: '3' | '8'
  readonly t?: number
} = {}): Stanza =>
  stanza('message', { from: toJid(channel), id, server_id: serverId, t, type: 'text', is_sender: isSender ? 'true' : undefined, edit }, [stanza('plaintext', {}, MessageCodec.encode(message))])

/** A push of the query language; `data` becomes the field of that name. */
export const pushMex = (opName = 'Novelty', data: unknown = {}): Stanza =>
  stanza('notification', { from: toJid('s.whatsapp.net'), type: 'mex' }, [stanza('update', { op_name: opName }, JSON.stringify({ data }))])
