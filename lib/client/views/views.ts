import { defer, type Observable, type SchedulerLike } from 'rxjs'

import { OptionInvalid, requireObject } from '../../errors/option-invalid.ts'
import type { GroupParticipantInfo } from '../../events/group-metadata.ts'
import type { NewsletterLiveUpdateEvent } from '../../events/newsletter-events.ts'
import type { PresenceEvent } from '../../events/presence-events.ts'
import type { Substreams } from '../../events/substreams.ts'
import { isGroup, isNewsletter, toJid, userOf, type Jid } from '../../stanza/jid.ts'
import type { LiveState } from '../live-state.ts'
import type { PresenceDoor } from '../presence-keeper.ts'
import { liveUpdatesView } from './live-updates-view.ts'
import { participantsView } from './participants-view.ts'
import { createSharedViews } from './shared-view.ts'
import { tallyView, type PollKey, type PollTally } from './tally-view.ts'
import { typingView, type TypingPerson } from './typing-view.ts'

/**
 * Live views: each holds while somebody looks, is shared by all who look at the same thing, and leaves nothing
 * behind after the last one. Whoever comes later sees its present value first.
 */
export interface Views {
  /** A chat. @throws JidInvalid */
  readonly chat: (chat: Jid | string) => {
    /** Who writes or speaks in it, nobody at first. Somebody who says no more is taken out after 25 seconds. */
    readonly typing$: Observable<readonly TypingPerson[]>
  }
  /** A group. @throws JidInvalid, OptionInvalid */
  readonly group: (group: Jid | string) => {
    /** Who is in it; asked of the server on each connection. Errors with what asking errors with. */
    readonly participants$: Observable<readonly GroupParticipantInfo[]>
  }
  /** A poll. @throws JidInvalid */
  readonly poll: (key: PollKey) => {
    /** The votes that come while somebody looks, none at first; the last vote of each voter counts. */
    readonly tally$: Observable<PollTally>
  }
  /** A channel. @throws JidInvalid, OptionInvalid */
  readonly newsletter: (channel: Jid | string) => {
    /** What becomes of its posts, told at once: asked for while somebody looks, and again after every reconnect. Errors with what asking errors with. */
    readonly liveUpdates$: Observable<NewsletterLiveUpdateEvent>
  }
  /** A person. @throws JidInvalid, OptionInvalid */
  readonly contact: (person: Jid | string) => {
    /** Whether they are there: asked for while somebody looks, and again after every reconnect. */
    readonly presence$: Observable<PresenceEvent>
  }
}

/** What views look at. */
export interface ViewsParts {
  readonly streams: Pick<Substreams, 'chatPresence$' | 'groupUpdates$' | 'groupsDirty$' | 'messageAddons$' | 'newsletterLiveUpdates$'>
  readonly live$: Observable<LiveState>
  readonly watchPresence: PresenceDoor['watch']
  readonly scheduler: SchedulerLike
}

/** Views of one client. */
export const createViews = ({ streams, live$, watchPresence, scheduler }: ViewsParts): Views => {
  const typing = createSharedViews<readonly TypingPerson[]>()
  const participants = createSharedViews<readonly GroupParticipantInfo[]>()
  const tallies = createSharedViews<PollTally>()
  const presences = createSharedViews<PresenceEvent>()
  const liveUpdates = createSharedViews<NewsletterLiveUpdateEvent>()
  return {
    chat: (address) => {
      const chat = userOf(toJid(address))
      return { typing$: typing(chat.toString(), () => typingView(streams.chatPresence$, chat, scheduler)) }
    },
    group: (address) => {
      const group = toJid(address)
      if (!isGroup(group)) throw new OptionInvalid('group', 'the address of a group', `an address on ${group.server}`)
      return { participants$: participants(group.toString(), () => participantsView({ live$, ...streams }, group)) }
    },
    poll: (key) => {
      requireObject('key', key, 'an object with the chat and the id of a poll')
      const { chat: address, id } = key
      const chat = userOf(toJid(address))
      return { tally$: tallies(`${chat.toString()} ${id}`, () => tallyView(streams.messageAddons$, { chat, id })) }
    },
    newsletter: (address) => {
      const channel = toJid(address)
      if (!isNewsletter(channel)) throw new OptionInvalid('channel', 'the address of a channel', `an address on ${channel.server}`)
      return { liveUpdates$: liveUpdates(channel.toString(), () => liveUpdatesView({ live$, scheduler, ...streams }, channel)) }
    },
    contact: (address) => {
      const watched$ = watchPresence(address)
      return { presence$: defer(() => presences(toJid(address).toString(), () => watched$)) }
    },
  }
}
