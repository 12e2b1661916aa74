import { ProtoMalformed } from '../../errors/proto-error.ts'
import type { NewsletterLiveMessage, NewsletterMessageUpdateEvent } from '../../events/newsletter-events.ts'
import type { Message } from '../../proto/types.generated.ts'
import type { ProtoCodec } from '../../proto/codec.ts'
import { attributesOf } from '../../stanza/read-attributes.ts'
import { bytesOf, childOf, childrenOf, type Stanza } from '../../stanza/stanza.ts'
import { optional } from '../optional-field.ts'
import { instantAt, numberAt } from './notification-reading.ts'

/** Most messages in one update (protocol document 11, section 15). */
const MOST_MESSAGES = 300
const HASH_BYTES = 32

/**
 * The messages in a `<live_updates>`, in `<messages>` or directly; one without a number of the server is left
 * out.
 *
 * @param codec reads their contents; without it they are left out
 */
export const readLiveMessages = (live: Stanza, codec: ProtoCodec<Message> | undefined): readonly NewsletterLiveMessage[] =>
  [...childrenOf(live, 'messages').flatMap((messages) => childrenOf(messages, 'message')), ...childrenOf(live, 'message')]
    .slice(0, MOST_MESSAGES)
    .flatMap((message) => readMessage(message, codec))

const readMessage = (message: Stanza, codec: ProtoCodec<Message> | undefined): readonly NewsletterLiveMessage[] => {
  const read = attributesOf(message)
  const serverId = numberAt(read, 'server_id')
  if (serverId === undefined) return []
  const stated = read.optionalText('edit')
  const edit: NewsletterLiveMessage['edit'] | undefined = stated === '3' || stated === '8' ? stated : undefined
  const votes = childOf(message, 'votes')
  const meta = childOf(message, 'meta')
  return [
    {
      serverId,
      ...optional('messageId', read.optionalText('id')),
      ...optional('timestamp', instantAt(read, 't')),
      ...optional('isSender', read.optionalText('is_sender') === 'true' ? true : undefined),
      reactions: childrenOf(message, 'reactions').flatMap((reactions) => childrenOf(reactions, 'reaction').flatMap(readReaction)),
      ...optional('views', viewsOf(message)),
      ...optional('forwards', countOf(childOf(message, 'forwards_count'))),
      ...optional('responses', countOf(childOf(message, 'responses_count'))),
      ...optional('votes', votes && childrenOf(votes, 'vote').flatMap(readVote)),
      ...optional('edit', edit),
      ...optional('originalTimestamp', meta && instantAt(attributesOf(meta), 'original_msg_t')),
      ...optional('message', contentOf(message, codec)),
    },
  ]
}

const countOf = (child: Stanza | undefined): number | undefined => child && numberAt(attributesOf(child), 'count')

const readReaction = (reaction: Stanza): NewsletterLiveMessage['reactions'] => {
  const code = attributesOf(reaction).optionalText('code')
  return code === undefined || code === '' ? [] : [{ code, count: countOf(reaction) ?? 0 }]
}

const readVote = (vote: Stanza): NonNullable<NewsletterLiveMessage['votes']> => {
  const optionHash = bytesOf(vote)
  return optionHash?.length === HASH_BYTES ? [{ optionHash: optionHash.slice(), count: countOf(vote) ?? 0 }] : []
}

/** Counted in more than one way: the one that says it counts views, else the only one. */
const viewsOf = (message: Stanza): number | undefined => {
  const counts = childrenOf(message, 'views_count')
  return countOf(counts.find(({ attrs }) => attrs['type'] === 'views') ?? (counts.length === 1 ? counts[0] : undefined))
}

const contentOf = (message: Stanza, codec: ProtoCodec<Message> | undefined): Message | undefined => {
  const plaintext = bytesOf(childOf(message, 'plaintext'))
  if (!plaintext || !codec) return undefined
  try {
    return codec.decode(plaintext)
  } catch (error) {
    if (error instanceof ProtoMalformed) return undefined
    throw error
  }
}

/** What an update is about: reactions, votes and counters before edits; undefined when it is a new message. */
export const kindOfUpdate = ({ reactions, votes, views, forwards, responses, edit }: NewsletterLiveMessage): NewsletterMessageUpdateEvent['kind'] | undefined => {
  if (reactions.length > 0) return 'reaction'
  if (votes) return 'poll_vote'
  if (views !== undefined || forwards !== undefined || responses !== undefined) return 'counters'
  if (edit === '8') return 'revoke'
  return edit === '3' ? 'edit' : undefined
}
