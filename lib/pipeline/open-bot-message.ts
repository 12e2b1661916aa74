import { map, of, type Observable } from 'rxjs'

import type { AccountLink } from '../account/account.ts'
import { SignalFailed } from '../errors/signal-error.ts'
import type { MessageInfo } from '../events/message-event.ts'
import { openBotReply, readBotReply, type BotReply } from '../signal/message-secret.ts'
import { userOf } from '../stanza/jid.ts'
import type { MessageSecrets } from './message-secrets.ts'

/** A reply of a bot was opened, or why not. */
export type OpenedBotMessage = { readonly kind: 'plain'; readonly plaintext: Uint8Array } | { readonly kind: 'failed'; readonly cause: SignalFailed }

/** What opening the reply of a bot needs. */
export interface BotKeys {
  readonly secrets: Pick<MessageSecrets, 'find'>
  readonly link: () => Pick<AccountLink, 'id' | 'lid'>
}

/**
 * Opens an `msmsg`: the reply of a bot, encrypted under the secret of the message it answers (protocol document
 * 06, section 11). Emits once; what is inside has no padding.
 */
export const openBotMessage = (ciphertext: Uint8Array, info: MessageInfo, { secrets, link }: BotKeys): Observable<OpenedBotMessage> => {
  const failed = (cause: SignalFailed): OpenedBotMessage => ({ kind: 'failed', cause })
  let reply: BotReply
  try {
    reply = readBotReply(ciphertext)
  } catch (cause) {
    if (cause instanceof SignalFailed) return of(failed(cause))
    throw cause
  }
  const { source, metaInfo, botInfo, id } = info
  const { targetId, targetSender, targetChat } = metaInfo
  if (targetId === undefined) return of(failed(new SignalFailed('no_message_secret')))
  // Whoever is not named is us, in the form the bot knows us by.
  const { id: number, lid } = link()
  const asker = userOf(targetSender ?? (source.sender.server === 'bot' ? lid : number))
  return secrets.find(targetChat ?? source.chat, asker, targetId).pipe(
    map((kept): OpenedBotMessage => {
      if (!kept) return failed(new SignalFailed('no_message_secret'))
      for (const replyId of replyIds(id, botInfo)) {
        const plaintext = openBotReply(kept.secret, { id: replyId, asker: asker.toString(), bot: userOf(source.sender).toString() }, reply)
        if (plaintext) return { kind: 'plain', plaintext }
      }
      return failed(new SignalFailed('invalid_message'))
    }),
  )
}

/** What follows in a stream is bound to its beginning; if that does not fit, to itself. */
const replyIds = (id: string, botInfo: MessageInfo['botInfo']): readonly string[] => {
  const target = botInfo?.editTargetId
  if (target === undefined || target === id) return [id]
  return botInfo?.editType === 'inner' || botInfo?.editType === 'last' ? [target, id] : [id, target]
}
