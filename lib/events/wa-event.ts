import type { AppStateEvent } from './app-state-events.ts'
import type { AccountEvent } from './account-events.ts'
import type { BusinessStatusUpdateEvent } from './business-events.ts'
import type { CallEvent } from './call-events.ts'
import type { ConnectionEvent } from './connection-events.ts'
import type { DeviceEvent } from './device-events.ts'
import type { IdentityChangeEvent } from './identity-events.ts'
import type { ContactEvent } from './contact-events.ts'
import type { HistoryEvent } from './history-events.ts'
import type { GroupEvent } from './group-events.ts'
import type {
  DecryptedPayloadEvent,
  EncDecryptFailedEvent,
  MessageEvent,
  MessageSentEvent,
  UndecryptableMessageEvent,
} from './message-event.ts'
import type { MessageAddonEvent } from './message-addon-event.ts'
import type { NewsletterEvent } from './newsletter-events.ts'
import type { PairingEvent } from './pairing-events.ts'
import type { ChatPresenceEvent, PresenceEvent } from './presence-events.ts'
import type { PushEvent } from './push-events.ts'
import type {
  DecodeErrorEvent,
  MalformedStanzaEvent,
  NotificationEvent,
  RawNodeEvent,
  SentFrameEvent,
  UnhandledStanzaEvent,
} from './raw-events.ts'
import type { ReceiptEvent } from './receipt-event.ts'

/**
 * Everything a client tells its user, told apart by `type`. The union grows with minor versions: keep a
 * `default` branch. Events are shared between subscribers and never change after they were emitted.
 */
export type WaEvent =
  | ConnectionEvent
  | PairingEvent
  | MessageEvent
  | MessageAddonEvent
  | HistoryEvent
  | ReceiptEvent
  | UndecryptableMessageEvent
  | DecryptedPayloadEvent
  | EncDecryptFailedEvent
  | MessageSentEvent
  | DeviceEvent
  | IdentityChangeEvent
  | AppStateEvent
  | ChatPresenceEvent
  | PresenceEvent
  | ContactEvent
  | BusinessStatusUpdateEvent
  | AccountEvent
  | GroupEvent
  | NewsletterEvent
  | CallEvent
  | PushEvent
  | NotificationEvent
  | RawNodeEvent
  | SentFrameEvent
  | UnhandledStanzaEvent
  | MalformedStanzaEvent
  | DecodeErrorEvent

/** The names of all events. */
export type WaEventType = WaEvent['type']

/** The event with this name. */
export type WaEventOf<Type extends WaEventType> = Extract<WaEvent, { readonly type: Type }>
