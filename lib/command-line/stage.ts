import { RecentMap } from '../collections/recent-map.ts'
import { CommandInvalid } from '../errors/command-invalid.ts'
import type { Phone } from '../simulator/phone.ts'
import type { PhoneMessage } from '../simulator/phone-message.ts'
import type { Simulator } from '../simulator/simulator.ts'
import type { ListedPhone, SimulatorNews } from './simulator-news.ts'

/** What commands work on: a simulator and its phones by name. */
export interface Stage {
  readonly simulator: Simulator
  readonly add: (name?: string) => Phone
  /** By its digits, name, LID or place in the list, from 1. @throws CommandInvalid */
  readonly find: (which: string) => Phone
  readonly phones: () => readonly Phone[]
  readonly list: (phones?: readonly Phone[]) => readonly ListedPhone[]
  /** A message a phone got lately. @throws CommandInvalid */
  readonly messageAt: (phone: Phone, id: string) => PhoneMessage
}

/** Messages of a phone that can be marked as read later, at least. */
const REMEMBERED = 10_000

/** A stage without phones. */
export const createStage = (simulator: Simulator, tell: (news: SimulatorNews) => void): Stage => {
  const phones: { readonly name: string; readonly phone: Phone; readonly messages: RecentMap<string, PhoneMessage> }[] = []
  const entryOf = (which: string) => {
    const found = phones.find(
      ({ name, phone }, place) => phone.phoneNumber.user === which.replace(/^\+/, '') || name === which || phone.lid.toString() === which || String(place + 1) === which,
    )
    if (!found) throw new CommandInvalid(`there is no phone “${which}”; type phones for the list`)
    return found
  }
  return {
    simulator,
    add: (name = `Phone ${phones.length + 1}`) => {
      const phone = simulator.phone({ name })
      const number = phone.phoneNumber.user
      const messages = new RecentMap<string, PhoneMessage>(REMEMBERED)
      phone.messages$.subscribe((message) => {
        const { id, sender, chat, isFromMe, text } = message
        messages.set(id, message)
        tell({ event: 'message', phone: number, id, from: String(sender), chat: String(chat), isFromMe, ...(text !== undefined && { text }) })
      })
      phone.receipts$.subscribe(({ ids, from, participant, type }) =>
        tell({ event: 'receipt', phone: number, ids, from: String(from), ...(participant && { participant: String(participant) }), type }),
      )
      phone.failures$.subscribe(({ message }) => tell({ event: 'undecryptable', phone: number, message }))
      phones.push({ name, phone, messages })
      return phone
    },
    find: (which) => entryOf(which).phone,
    phones: () => phones.map(({ phone }) => phone),
    list: (only) => phones.filter(({ phone }) => !only || only.includes(phone)).map(({ name, phone }) => ({ name, number: phone.phoneNumber.user, lid: String(phone.lid) })),
    messageAt: (phone, id) => {
      const message = entryOf(phone.phoneNumber.user).messages.get(id)
      if (!message) throw new CommandInvalid(`this phone got no message “${id}” lately`)
      return message
    },
  }
}
