import type { Jid } from '../stanza/jid.ts'

/**
 * Somebody has a new identity key: a new phone, the app installed again (protocol document 11, section 5).
 * Told after what belonged to the old one was put away, and only for people whose old identity was known.
 */
export interface IdentityChangeEvent {
  readonly type: 'identity_change'
  readonly user: Jid
  /** The same person under the LID, when it is known. */
  readonly lidUser?: Jid
  /** A label the server made for somebody who is no contact. */
  readonly displayName?: string
  /** Noticed by us in a message or a key of theirs; false when the server said so. Implicit ones are not among the durable events: no stanza of the server stands for them. */
  readonly implicit: boolean
  /** It waited on the server while we were away. */
  readonly offline: boolean
}
