import { actionOf } from '../app-state/actions.ts'
import type { CollectionName } from '../app-state/collection.ts'
import type { Mutation } from '../app-state/mutation.ts'
import type { AppStateEvent } from '../events/app-state-events.ts'
import type { WaEvent, WaEventType } from '../events/wa-event.ts'
import type { SyncActionValue } from '../proto/types.generated.ts'
import { parseJid, type Jid } from '../stanza/jid.ts'

/** Where mutations come from, and what telling them needs. */
export interface MutationOrigin {
  readonly collection: CollectionName
  readonly source: 'snapshot' | 'patch' | 'local'
  readonly fromFullSync: boolean
  readonly isObserved: (type: WaEventType) => boolean
  readonly nowMs: () => number
  /** Whether an address is one of ours. */
  readonly isOwn: (jid: Jid) => boolean
}

/** The events of one entry: the general one, then its own, if it has one and can be read (protocol document 08, section 10). */
export const mutationEvents = (mutation: Mutation, origin: MutationOrigin): readonly WaEvent[] => {
  const { isObserved, collection, source, fromFullSync } = origin
  const timestamp = timeOf(mutation, origin)
  const own = ownEvent(mutation, { timestamp, fromFullSync }, origin)
  const general: readonly WaEvent[] = isObserved('app_state')
    ? [
        {
          type: 'app_state',
          collection,
          index: mutation.index,
          operation: mutation.operation,
          actionVersion: mutation.version,
          timestamp,
          source,
          fromFullSync,
          ...(mutation.value && { action: mutation.value }),
        },
      ]
    : []
  return own && isObserved(own.type) ? [...general, own] : general
}

/** The longest time a `Date` can hold. */
const LAST_MS = 8_640_000_000_000_000

const timeOf = ({ value }: Mutation, { nowMs }: MutationOrigin): Date => {
  const stated = Number(value?.timestamp ?? NaN)
  return new Date(stated >= 0 && stated <= LAST_MS ? stated : nowMs())
}

interface Shared {
  readonly timestamp: Date
  readonly fromFullSync: boolean
}

/** An index that is too short, or names nobody, has no event of its own. */
const ownEvent = ({ operation, index, value }: Mutation, shared: Shared, { isOwn }: MutationOrigin): AppStateEvent | undefined => {
  const name = actionOf(index[0] ?? '')?.name
  if (operation === 'remove') {
    const jid = name === 'contact' ? jidAt(index, 1) : undefined
    return jid && { type: 'contact_removed', jid, ...shared }
  }
  return name === undefined || !value ? undefined : setEvent(name, index, value, shared, isOwn)
}

const setEvent = (name: string, index: readonly string[], value: SyncActionValue, shared: Shared, isOwn: MutationOrigin['isOwn']): AppStateEvent | undefined => {
  const jid = jidAt(index, 1)
  switch (name) {
    case 'pin_v1':
      return jid && value.pinAction && { type: 'pin_update', jid, action: value.pinAction, ...shared }
    case 'mute':
      return jid && value.muteAction && { type: 'mute_update', jid, action: value.muteAction, ...shared }
    case 'archive':
      return jid && value.archiveChatAction && { type: 'archive_update', jid, action: value.archiveChatAction, ...shared }
    case 'markChatAsRead':
      return jid && value.markChatAsReadAction && { type: 'mark_chat_as_read_update', jid, action: value.markChatAsReadAction, ...shared }
    case 'contact':
      return jid && value.contactAction && { type: 'contact_update', jid, action: value.contactAction, ...shared }
    case 'lid_contact':
      return jid && value.lidContactAction && { type: 'lid_contact', jid, action: value.lidContactAction, ...shared }
    case 'lock':
      return jid && value.lockChatAction && { type: 'chat_lock', jid, action: value.lockChatAction, ...shared }
    case 'userStatusMute':
      return jid && value.userStatusMuteAction && { type: 'user_status_mute_update', jid, muted: value.userStatusMuteAction.muted === true, action: value.userStatusMuteAction, ...shared }
    case 'deleteChat':
      // Who leaves it out means the files as well.
      return jid && value.deleteChatAction && { type: 'delete_chat_update', jid, deleteMedia: index[2] === undefined || index[2] === '1', action: value.deleteChatAction, ...shared }
    case 'clearChat':
      return jid && value.clearChatAction && { type: 'clear_chat_update', jid, deleteStarred: index[2] === '1', deleteMedia: index[3] === '1', action: value.clearChatAction, ...shared }
    case 'star':
      return aboutMessage(index, (about) => value.starAction && { type: 'star_update', ...about, action: value.starAction, ...shared })
    case 'deleteMessageForMe':
      return aboutMessage(index, (about) => value.deleteMessageForMeAction && { type: 'delete_message_for_me_update', ...about, action: value.deleteMessageForMeAction, ...shared })
    case 'label_edit':
      return withId(index, (labelId) => value.labelEditAction && { type: 'label_edit_update', labelId, action: value.labelEditAction, ...shared })
    case 'label_jid':
      return withChat(index, (labelId, chatJid) => value.labelAssociationAction && { type: 'label_association_update', labelId, chatJid, action: value.labelAssociationAction, ...shared })
    case 'label_message':
      return withChat(index, (labelId, chatJid) => {
        const messageId = index[3]
        return messageId && value.labelAssociationAction && { type: 'message_label_association_update', labelId, chatJid, messageId, action: value.labelAssociationAction, ...shared }
      })
    case 'quick_reply':
      return withId(index, (id) => value.quickReplyAction && { type: 'quick_reply_update', id, action: value.quickReplyAction, ...shared })
    case 'call_log':
      return callLog(index, value, shared, isOwn)
    default:
      return settingEvent(name, value, shared)
  }
}

const settingEvent = (name: string, value: SyncActionValue, shared: Shared): AppStateEvent | undefined => {
  const previews = value.privacySettingDisableLinkPreviewsAction
  switch (name) {
    case 'setting_disableLinkPreviews':
      if (previews?.isPreviewsDisabled === undefined) return undefined
      return { type: 'disable_link_previews_update', previewsDisabled: previews.isPreviewsDisabled, action: previews, ...shared }
    case 'setting_unarchiveChats':
      return value.unarchiveChatsSetting && { type: 'unarchive_chats_setting', action: value.unarchiveChatsSetting, ...shared }
    case 'setting_chatLock':
      return value.chatLockSettings && { type: 'chat_lock_settings', action: value.chatLockSettings, ...shared }
    case 'setting_locale':
      return value.localeSetting && { type: 'locale', action: value.localeSetting, ...shared }
    case 'time_format':
      return value.timeFormatAction && { type: 'time_format', action: value.timeFormatAction, ...shared }
    case 'status_privacy':
      return value.statusPrivacy && { type: 'status_privacy', action: value.statusPrivacy, ...shared }
    case 'setting_relayAllCalls':
      return value.privacySettingRelayAllCalls && { type: 'relay_all_calls', action: value.privacySettingRelayAllCalls, ...shared }
    case 'favorites':
      return value.favoritesAction && { type: 'favorites', action: value.favoritesAction, ...shared }
    case 'primary_feature':
      return value.primaryFeature && { type: 'primary_feature', action: value.primaryFeature, ...shared }
    default:
      return undefined
  }
}

const jidAt = (index: readonly string[], place: number): Jid | undefined => parseJid(index[place] ?? '')

type Event = AppStateEvent | undefined | '' | 0

const withId = (index: readonly string[], make: (id: string) => Event): AppStateEvent | undefined => (index[1] ? make(index[1]) || undefined : undefined)

const withChat = (index: readonly string[], make: (id: string, chat: Jid) => Event): AppStateEvent | undefined => {
  const chat = jidAt(index, 2)
  return index[1] && chat ? make(index[1], chat) || undefined : undefined
}

const aboutMessage = (
  index: readonly string[],
  make: (about: { readonly chatJid: Jid; readonly participantJid?: Jid; readonly messageId: string; readonly fromMe: boolean }) => Event,
): AppStateEvent | undefined => {
  const [, , messageId, fromMe, participant = '0'] = index
  const chatJid = jidAt(index, 1)
  const participantJid = participant === '0' ? undefined : parseJid(participant)
  if (!chatJid || !messageId || (participant !== '0' && !participantJid)) return undefined
  return make({ chatJid, messageId, fromMe: fromMe === '1', ...(participantJid && { participantJid }) }) || undefined
}

/** Web and phones write the direction inverted: whoever made the call tells it (protocol document 08, section 9). */
const callLog = (index: readonly string[], value: SyncActionValue, shared: Shared, isOwn: MutationOrigin['isOwn']): AppStateEvent | undefined => {
  const callCreatorJid = jidAt(index, 1)
  const callId = index[2]
  if (!callCreatorJid || !callId || !value.callLogAction) return undefined
  const record = value.callLogAction.callLogRecord
  return { type: 'call_log_sync', callCreatorJid, callId, fromMe: isOwn(callCreatorJid), ...(record && { record }), ...shared }
}
