import { userOf } from '../stanza/jid.ts'
import type { Live } from './live.ts'
import type { SentMessage } from './send-progress.ts'

/**
 * Keeps the secret of a message of ours once the server took it, for edits and votes to come; it becomes
 * durable with the next commit. Until then, and after a crash, the message itself is in the store.
 */
export const keepSentSecret = ({ session }: Live, { id, chat, timestamp, message }: SentMessage): void => {
  const { lid } = session.link()
  const writes = session.secrets.keep({ id, timestamp, source: { chat, sender: userOf(lid), isFromMe: true, isGroup: false } }, message)
  if (writes.length > 0) session.ride(() => writes)
}
