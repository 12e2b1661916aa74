import { checkMessage } from '../events/check-message.ts'
import type { MessageEvent } from '../events/message-event.ts'
import { OptionInvalid, requireObject } from '../errors/option-invalid.ts'
import type { Operation } from '../operation/operation.ts'
import { toJid, userOf, type Jid } from '../stanza/jid.ts'
import { flag, type ChangeAppState } from './app-state-change.ts'

/** How a label looks. */
export interface Label {
  /** 1 to 100 characters. */
  readonly name: string
  /** 0 to 19. */
  readonly color: number
}

/** Labels of chats and messages, of business accounts. Each has a number of its own, written as text. */
export interface Labels {
  /** Makes a label, or changes one. */
  readonly save: (labelId: string, label: Label) => Operation<void, void>
  readonly delete: (labelId: string) => Operation<void, void>
  readonly labelChat: (labelId: string, chat: Jid | string, isLabeled: boolean) => Operation<void, void>
  readonly labelMessage: (labelId: string, message: MessageEvent, isLabeled: boolean) => Operation<void, void>
}

/** Labels of an account (protocol document 08, section 8). */
export const createLabels = (change: ChangeAppState): Labels => ({
  save: (labelId, label) => {
    requireObject('label', label, 'an object with name and color')
    const { name, color } = label
    if (typeof name !== 'string' || name.length === 0 || name.length > 100) throw new OptionInvalid('label.name', 'a text of 1 to 100 characters', typeof name)
    if (!Number.isInteger(color) || color < 0 || color > 19) throw new OptionInvalid('label.color', 'a whole number from 0 to 19', String(color))
    return change([{ index: ['label_edit', idOf(labelId)], value: { labelEditAction: { name, color, deleted: false } } }])
  },
  delete: (labelId) => change([{ index: ['label_edit', idOf(labelId)], value: { labelEditAction: { deleted: true } } }]),
  labelChat: (labelId, chat, isLabeled) =>
    change([{ index: ['label_jid', idOf(labelId), userOf(toJid(chat)).toString()], value: { labelAssociationAction: { labeled: isLabeled } } }]),
  labelMessage: (labelId, message, isLabeled) => {
    const { id, source } = checkMessage(message).info
    return change([{ index: ['label_message', idOf(labelId), userOf(source.chat).toString(), id, flag(false), '0'], value: { labelAssociationAction: { labeled: isLabeled } } }])
  },
})

const idOf = (labelId: string): string => {
  if (typeof labelId !== 'string' || !/^\d{1,18}$/.test(labelId)) throw new OptionInvalid('labelId', 'a number of 1 to 18 digits, as text', typeof labelId)
  return labelId
}
