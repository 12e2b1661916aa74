import type { Observable } from 'rxjs'

import type { Account } from '../account/account.ts'
import { SignalFailed } from '../errors/signal-error.ts'
import type { Message } from '../proto/types.generated.ts'
import { atOnce, followedBy, mapped } from '../reactive/at-once.ts'
import { readSenderKeyDistribution, readSenderKeyMessage, type SenderKeyMessage } from '../signal/sender-key-messages.ts'
import { decryptFromGroup, holdsKey, learnSenderKey, type SenderKeyRecord } from '../signal/sender-key-record.ts'
import { limits } from '../signal/signal-limits.ts'
import { isBroadcast, sameJid, userOf, type Jid } from '../stanza/jid.ts'
import type { DeviceDirectory } from './device-directory.ts'
import type { LidDirectory } from './lid-directory.ts'
import type { SenderKeyLoan } from './sender-key-pool.ts'

/** Who wrote in which chat of many, and their sender keys. */
export interface GroupOpening {
  readonly chat: Jid
  /** The device that wrote, under its LID when that is known. */
  readonly sender: Jid
  /** The same under its other address. */
  readonly alternate: Jid | undefined
  readonly loan: SenderKeyLoan
}

/** A message of a group was opened, or why not. */
export type OpenedFromGroup =
  | { readonly kind: 'plain'; readonly plaintext: Uint8Array }
  /** `isUnknownDevice`: the sender is a linked device that its owner's list does not have. */
  | { readonly kind: 'failed'; readonly cause: SignalFailed; readonly isUnknownDevice: boolean }

/** What finding a key may need. */
export interface GroupKeys {
  readonly devices: Pick<DeviceDirectory, 'known'>
  readonly directory: Pick<LidDirectory, 'alternate'>
  readonly account: () => Account
}

/**
 * Opens a `skmsg` with the keys of the device that wrote, else with those kept under its owner or another
 * device of theirs: some clients keep one record per person (protocol document 04, section 10). Emits once.
 */
export const openFromGroup = (ciphertext: Uint8Array, group: GroupOpening, keys: GroupKeys): Observable<OpenedFromGroup> => {
  let message: SenderKeyMessage
  try {
    message = readSenderKeyMessage(ciphertext)
  } catch (cause) {
    if (cause instanceof SignalFailed) return atOnce(failed(cause))
    throw cause
  }
  const own = [group.sender, ...(group.alternate ? [group.alternate] : [])]
  const holder = holderAmong(own, group.loan, message)
  if (holder) return atOnce(openWith(holder, group, message))
  return followedBy(siblingsOf(group.sender, keys), ({ siblings, isUnknownDevice }) =>
    mapped(group.loan.read(siblings), () => {
      const sibling = holderAmong(siblings, group.loan, message)
      return sibling ? openWith(sibling, group, message) : failed(new SignalFailed('no_sender_key'), isUnknownDevice)
    }),
  )
}

const failed = (cause: SignalFailed, isUnknownDevice = false): OpenedFromGroup => ({ kind: 'failed', cause, isUnknownDevice })

const holderAmong = (devices: readonly Jid[], loan: SenderKeyLoan, { keyId }: SenderKeyMessage): Jid | undefined =>
  devices.find((device) => holdsKey(loan.record(device) ?? [], keyId))

/** Opens with the keys of one address; those found under the phone number move to the LID. */
const openWith = (holder: Jid, { sender, alternate, loan }: GroupOpening, message: SenderKeyMessage): OpenedFromGroup => {
  try {
    const { record, plaintext } = decryptFromGroup(loan.record(holder) ?? [], message)
    if (holder === alternate) {
      loan.put(sender, merge(loan.record(sender) ?? [], record))
      loan.put(alternate, undefined)
    } else loan.put(holder, record)
    return { kind: 'plain', plaintext }
  } catch (cause) {
    if (cause instanceof SignalFailed) return failed(cause)
    throw cause
  }
}

const merge = (kept: SenderKeyRecord, moved: SenderKeyRecord): SenderKeyRecord =>
  [...kept, ...moved.filter(({ keyId }) => !holdsKey(kept, keyId))].slice(0, limits.senderKeyStates)

/** The owner first, then the devices of theirs that are known, under both addresses. */
const siblingsOf = (sender: Jid, { devices, directory, account }: GroupKeys) => {
  const { link } = account()
  // Under our own address lies the key we write with, which is no record of somebody else's.
  const isSelf = (device: Jid): boolean => link !== undefined && (sameJid(device, link.id) || sameJid(device, link.lid))

  const owner = userOf(sender)
  const other = directory.alternate(owner)
  const users = other ? [owner, other] : [owner]
  return mapped(devices.known(users), (lists) => {
    const known = lists.flatMap((list) => list ?? [])
    const isListed = (device: Jid): boolean => known.some((listed) => listed.device === device.device)
    const siblings = [...users, ...known].filter((device) => !sameJid(device, sender) && device.device !== sender.device && !isSelf(device))
    return { siblings, isUnknownDevice: sender.device !== 0 && known.length > 0 && !isListed(sender) }
  })
}

/** The key distribution a message carries, also inside a copy of a device of ours. */
const distributionIn = (message: Message) => message.senderKeyDistributionMessage ?? message.deviceSentMessage?.message?.senderKeyDistributionMessage

/**
 * Takes in the sender key a message brings, if it brings one. The chat it names has to be the one it came
 * in; lists and status posts may call themselves otherwise. Returns what is wrong with it.
 */
export const takeDistribution = (message: Message, group: GroupOpening | undefined): string | undefined => {
  const distribution = distributionIn(message)
  if (!distribution) return undefined
  const { groupId, axolotlSenderKeyDistributionMessage: bytes } = distribution
  if (!group) return 'message: a sender key outside of a group'
  const { chat, sender, alternate, loan } = group
  if (groupId !== chat.toString() && !isBroadcast(chat)) return 'message: a sender key for another chat'
  try {
    const known = loan.record(sender)
    const moved = known || !alternate ? undefined : loan.record(alternate)
    loan.put(sender, learnSenderKey(known ?? moved ?? [], readSenderKeyDistribution(bytes ?? new Uint8Array(0))))
    if (moved && alternate) loan.put(alternate, undefined)
    return undefined
  } catch (cause) {
    if (cause instanceof SignalFailed) return 'message: the sender key it brings cannot be read'
    throw cause
  }
}
