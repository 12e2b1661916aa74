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

/** A push of the query language; `data` becomes the field of that name. */
export const pushMex = (opName = 'Novelty', data: unknown = {}): Stanza =>
  stanza('notification', { from: toJid('s.whatsapp.net'), type: 'mex' }, [stanza('update', { op_name: opName }, JSON.stringify({ data }))])
