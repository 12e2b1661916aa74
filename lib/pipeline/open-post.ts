import { ProtoMalformed } from '../errors/proto-error.ts'
import type { ProtoCodec } from '../proto/codec.ts'
import type { Message } from '../proto/types.generated.ts'
import { bytesOf, childOf, type Stanza } from '../stanza/stanza.ts'
import type { EncResult } from './open-enc.ts'

/** What stands in for the type of an `enc` where nothing is encrypted. */
const PLAINTEXT = 'plaintext'

/**
 * The content of a post in a channel: a `Message` that is neither encrypted nor padded (protocol document 06,
 * section 4.2). Nothing when the stanza only says what became of a post.
 */
export const openPost = (post: Stanza, codec: ProtoCodec<Message>): readonly EncResult[] => {
  const payload = bytesOf(childOf(post, PLAINTEXT))
  if (!payload) return []
  try {
    return [{ kind: 'opened', encIndex: 0, encType: PLAINTEXT, payload, message: codec.decode(payload), writes: [] }]
  } catch (cause) {
    if (!(cause instanceof ProtoMalformed)) throw cause
    return [{ kind: 'undecryptable', encIndex: 0, encType: PLAINTEXT, reason: 'plaintext_unusable', cause, isOpened: true }]
  }
}
