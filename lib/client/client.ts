import type { Observable } from 'rxjs'

import type { AppStateDoor } from '../features/app-state.ts'
import type { Chats } from '../features/chats.ts'
import type { Labels } from '../features/labels.ts'
import type { QuickReplies } from '../features/quick-replies.ts'
import type { AccountSettings } from '../features/settings.ts'
import type { Contacts } from '../features/contacts.ts'
import type { DurableEvent, DurableType } from '../events/durable-event.ts'
import type { ConnectionState } from '../events/connection-events.ts'
import type { Explanation } from '../events/explanation.ts'
import type { MessageAddonEvent } from '../events/message-addon-event.ts'
import type { MessageEvent } from '../events/message-event.ts'
import type { Substreams } from '../events/substreams.ts'
import type { WaEvent, WaEventOf, WaEventType } from '../events/wa-event.ts'
import type { Operation } from '../operation/operation.ts'
import type { RequestDescription } from '../requests/request.ts'
import type { Jid } from '../stanza/jid.ts'
import type { Stanza } from '../stanza/stanza.ts'
import type { Channel, ChannelOptions } from './channel.ts'
import type { PairingCodeOptions } from './code-wish.ts'
import type { SendOptions, TextContent } from './compose.ts'
import type { HistoryDoor } from './history-door.ts'
import type { PairingCode } from './pair-by-code.ts'
import type { PasskeyDoor } from './passkey-door.ts'
import type { PresenceDoor } from './presence-keeper.ts'
import type { Properties } from './properties.ts'
import type { RecentMessage, SendProgress, SentMessage } from './send-progress.ts'
import type { Views } from './views/views.ts'

/** One account, reactive: what arrives are streams, what is asked are operations. */
export interface Client extends Omit<Substreams, 'connectionState$'>, Views {
  /**
   * The connection, cold: the first subscriber opens it, the last one to leave closes it. Emits every
   * decoded stanza. Comes back after a loss on its own; errors only when it ended for good.
   */
  readonly connection$: Observable<Stanza>
  /** What the connection is doing, the present state first. */
  readonly connectionState$: Observable<ConnectionState>
  /** Everything that happens: hot, nothing is repeated for late comers. */
  readonly events$: Observable<WaEvent>
  /** Sends to a person, a group, a broadcast list or the feed of status posts; lazy, see {@link Operation}. @throws JidInvalid, OptionInvalid */
  readonly send: (chat: Jid | string, content: TextContent, options?: SendOptions) => Operation<SendProgress, SentMessage>
  /** Answers a message in its chat, quoting it. @throws OptionInvalid */
  readonly reply: (event: MessageEvent, content: TextContent, options?: SendOptions) => Operation<SendProgress, SentMessage>
  /**
   * Opens what is encrypted inside of a message and belongs to an earlier one: a vote, an edit, a reaction in a
   * community. Undefined when there is nothing of that kind. For events of {@link Client.durable}; whoever
   * observes `messageAddons$` is told without asking. Errors with `NotConnected` while nobody subscribes to
   * `connection$`.
   *
   * @throws OptionInvalid
   */
  readonly openAddon: (event: MessageEvent) => Operation<MessageAddonEvent | undefined, MessageAddonEvent | undefined>
  /**
   * What went wrong with a message, received or sent, and what was done about it, as far as it is known now;
   * undefined when nothing went wrong. Kept in memory only: for a day after the last step, for the last 1,000
   * messages, 64 steps each.
   */
  readonly explain: (messageId: string) => Explanation | undefined
  /** The chain of a message each time something is added to it; hot. */
  readonly explanations$: Observable<Explanation>
  /**
   * What was sent from this device, in this process or an earlier one: of the last seven days, the last 5,000 at
   * most, none longer than 64 KiB. Errors with `NotConnected` while nobody subscribes to `connection$`.
   *
   * @param since default: all that is remembered
   */
  readonly recentlySent: (since?: Date) => Operation<readonly RecentMessage[], readonly RecentMessage[]>
  /** What was told to have been read by {@link Client.markRead}, once it was; hot. Other devices of the account tell by a receipt. */
  readonly messagesRead$: Observable<readonly MessageEvent[]>
  /** Tells the sender that messages were read. @throws OptionInvalid */
  readonly markRead: (...events: readonly [MessageEvent, ...MessageEvent[]]) => Operation<void, void>
  /**
   * Links this device by a code to type on the phone instead of a QR code: waits for the connection to
   * be pairing, asks for the code, gives it. `pairSuccess$` tells when the phone has used it.
   */
  readonly pairWithCode: (phoneNumber: string, options?: PairingCodeOptions) => Operation<PairingCode, PairingCode>
  /** Gives up the code that is out. */
  readonly cancelPairingCode: () => Operation<void, void>
  /**
   * Events from now on, in order, kept until they are taken: by one subscriber, or by `for await`. Without
   * `types` all of them but the opt-in ones; those when they are named.
   *
   * @throws OptionInvalid
   * @example
   * const channel = client.channel(['message'], { limit: 1_000, policy: 'dropOldest' })
   * for await (const { message } of channel) console.log(textOf(message), channel.dropped())
   */
  readonly channel: <Type extends WaEventType = WaEventType>(types?: readonly Type[], options?: ChannelOptions) => Channel<WaEventOf<Type>>
  /**
   * Events at least once, also across crashes and restarts: everything of these kinds since the name was
   * first subscribed to, in order, until it is acknowledged. Collects while nobody listens; waits while
   * there is no connection. One subscriber per name.
   *
   * @param name yours to choose, 1 to 64 characters; it is kept in the store
   * @param types default: every kind that can be had this way
   * @example
   * client.durable('archive', ['message']).pipe(processed(({ info, message }) => archive.insert(info.id, message))).subscribe()
   */
  readonly durable: <Type extends DurableType = DurableType>(name: string, types?: readonly Type[]) => Observable<DurableEvent<Type>>
  /** Gives a durable name up, with all that it was still owed. */
  readonly forgetDurable: (name: string) => Operation<void, void>
  /**
   * Hangs up and makes no connection until `resume`; the subscription of `connection$` stays, the state is
   * `closed`, sends wait. What is not acknowledged comes again afterwards.
   */
  readonly pause: () => void
  /** Ends a pause: connects at once. Does nothing when there is none. */
  readonly resume: () => void
  /** Hangs up and connects again at once, without waiting for a back-off; ends a pause. */
  readonly reconnect: () => void
  /** Answers accounts that ask for a passkey before they let this device be linked. */
  readonly passkey: PasskeyDoor
  /** Chats as all devices of the account see them: archived, pinned, muted, read, deleted. */
  readonly chats: Chats
  /** Labels of business accounts. */
  readonly labels: Labels
  /** Quick replies of business accounts. */
  readonly quickReplies: QuickReplies
  /** Settings all devices of the account share. */
  readonly settings: AccountSettings
  /** The app state itself, for what has no name of its own here. */
  readonly appState: AppStateDoor
  /** People and their addresses. */
  readonly contacts: Contacts
  /** Who is there and who writes: us to others, others to us. */
  readonly presence: PresenceDoor
  /** Older messages, which our own phone has. */
  readonly history: HistoryDoor
  /** Switches and limits the server sets for this account, by number. */
  readonly properties: Properties
  /** Makes sure that others can write to us for the first time; the result is how many one-time prekeys were left on the server. */
  readonly ensurePrekeys: () => Operation<number, number>
  /** Asks the server for something this package has no name for. */
  readonly request: <Reply>(description: RequestDescription<Reply>) => Operation<Reply, Reply>
  /** Ends the link with the account; the store's credentials are of no use afterwards, see {@link Client.unlink}. */
  readonly logout: () => Operation<void, void>
  /**
   * How many stanzas came that nobody handles or that could not be read, by tag; they were told as events and
   * acknowledged. `other` stands for all tags beyond the first hundred.
   */
  readonly strangeStanzas: () => ReadonlyMap<string, number>
  /**
   * Ends it all: hangs up, completes every stream, lets go of the store. What is sent afterwards fails with
   * `ClientDestroyed`, as does `connection$`.
   */
  readonly destroy: () => void
  /**
   * Forgets the account, with everything the store holds of it, and makes new credentials: the next
   * connection can be linked with a phone. Only while nobody is subscribed to `connection$`; errors with
   * `StillConnected` otherwise. The server is not told: log out first if the link is still good.
   */
  readonly unlink: () => Operation<void, void>
  /** Our two addresses once paired and connected. */
  readonly me: () => { readonly id: Jid; readonly lid: Jid } | undefined
}
