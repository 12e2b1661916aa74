import { OptionInvalid } from '../errors/option-invalid.ts'
import type { Operation } from '../operation/operation.ts'
import { toJid, userOf, type Jid } from '../stanza/jid.ts'
import type { ChangeAppState } from './app-state-change.ts'

/** Settings all devices of the account share. */
export interface AccountSettings {
  /** The name others see, 1 to 25 characters. */
  readonly setPushName: (name: string) => Operation<void, void>
  /** Whether a new message takes its chat out of the archive. */
  readonly setUnarchiveChats: (comesBack: boolean) => Operation<void, void>
  readonly setLinkPreviews: (areShown: boolean) => Operation<void, void>
  /** Whether calls hide our network address. */
  readonly setRelayAllCalls: (areRelayed: boolean) => Operation<void, void>
  readonly setTwentyFourHours: (isUsed: boolean) => Operation<void, void>
  /** The favourite chats, in order; at most 1,000. */
  readonly setFavorites: (chats: ReadonlyArray<Jid | string>) => Operation<void, void>
  /** Mutes the status posts of a person, or shows them again. */
  readonly muteStatus: (person: Jid | string, isMuted: boolean) => Operation<void, void>
}

/** Settings of an account (protocol document 08, section 9). */
export const createSettings = (change: ChangeAppState): AccountSettings => ({
  setPushName: (name) => {
    if (typeof name !== 'string' || name.length === 0 || [...name].length > 25) throw new OptionInvalid('name', 'a text of 1 to 25 characters', typeof name)
    return change([{ index: ['setting_pushName'], value: { pushNameSetting: { name } } }])
  },
  setUnarchiveChats: (comesBack) => change([{ index: ['setting_unarchiveChats'], value: { unarchiveChatsSetting: { unarchiveChats: comesBack } } }]),
  setLinkPreviews: (areShown) =>
    change([{ index: ['setting_disableLinkPreviews'], value: { privacySettingDisableLinkPreviewsAction: { isPreviewsDisabled: !areShown } } }]),
  setRelayAllCalls: (areRelayed) => change([{ index: ['setting_relayAllCalls'], value: { privacySettingRelayAllCalls: { isEnabled: areRelayed } } }]),
  setTwentyFourHours: (isUsed) => change([{ index: ['time_format'], value: { timeFormatAction: { isTwentyFourHourFormatEnabled: isUsed } } }]),
  setFavorites: (chats) => {
    if (!Array.isArray(chats) || chats.length > 1_000) throw new OptionInvalid('chats', 'a list of at most 1,000 chats', typeof chats)
    return change([{ index: ['favorites'], value: { favoritesAction: { favorites: chats.map((chat: Jid | string) => ({ id: userOf(toJid(chat)).toString() })) } } }])
  },
  muteStatus: (person, isMuted) => change([{ index: ['userStatusMute', userOf(toJid(person)).toString()], value: { userStatusMuteAction: { muted: isMuted } } }]),
})
