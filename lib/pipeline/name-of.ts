import type { MessageInfo } from '../events/message-event.ts'
import { isNewsletter, type Jid } from '../stanza/jid.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { childOf, type Stanza } from '../stanza/stanza.ts'

/**
 * The name of what a message brings, the same however often and under whatever ciphertext it is delivered:
 * events are given out once per name. The device of the sender is left out: what our phone hands over instead
 * does not name it. Edits of a post in a channel repeat its id: their time tells them apart.
 */
export const messageNameOf = ({ source, id, edit, timestamp }: MessageInfo, outcome: 'message' | 'undecryptable'): string =>
  `${outcome}|${source.chat}|${source.sender.user}@${source.sender.server}|${id}${edit === undefined ? '' : `|${edit}`}${isNewsletter(source.chat) ? `|${timestamp.getTime()}` : ''}`

/** The same under the other addresses of its people, if they are known: a server that begins to tell LIDs repeats what was unanswered under them. */
export const otherMessageNameOf = (info: MessageInfo, outcome: 'message' | 'undecryptable', alternate: (jid: Jid) => Jid | undefined): string | undefined => {
  const { source } = info
  const [chat, sender] = [alternate(source.chat), source.senderAlt ?? alternate(source.sender)]
  return chat || sender ? messageNameOf({ ...info, source: { ...source, chat: chat ?? source.chat, sender: sender ?? source.sender } }, outcome) : undefined
}

/** The name of a receipt or notification; a repetition after a crash keeps all of these attributes. */
export const stanzaNameOf = (stanza: Stanza): string | undefined => {
  const { id, from, participant, type, t } = stanza.attrs
  if (id === undefined || from === undefined) return undefined
  const count = type === 'retry' ? `|${attributesOf(childOf(stanza, 'retry') ?? stanza).optionalText('count') ?? ''}` : ''
  return `${stanza.tag}|${from}|${participant ?? ''}|${id}|${type ?? ''}|${t ?? ''}${count}`
}
