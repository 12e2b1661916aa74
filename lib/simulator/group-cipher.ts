import { pad, unpad } from '../signal/padding.ts'
import { createSenderKey, distributionMessage, encryptForGroup, type OwnSenderKey } from '../signal/own-sender-key.ts'
import { readSenderKeyDistribution, readSenderKeyMessage } from '../signal/sender-key-messages.ts'
import { decryptFromGroup, learnSenderKey, type SenderKeyRecord } from '../signal/sender-key-record.ts'
import type { Jid } from '../stanza/jid.ts'
import type { Device } from './account.ts'
import type { Group } from './group.ts'
import { lidOf } from './world.ts'

/** What is sent with a key: to whom it has to be given first, and how. */
export interface GroupCiphertext {
  readonly ciphertext: Uint8Array
  /** Devices that cannot read it yet. */
  readonly lacking: readonly Device[]
  /** Lets a device read it and what follows. */
  readonly distribution: Uint8Array
}

/** The sender keys of a phone: its own by group, and those of others by group and device. */
export interface GroupCipher {
  /** Encrypts for the devices of a group; takes a new key when somebody who has the present one is gone. */
  readonly encrypt: (group: Group, devices: readonly Device[], payload: Uint8Array) => GroupCiphertext
  /** The present key as it goes on, for a device that lost it. */
  readonly distribution: (group: Group) => Uint8Array | undefined
  /** Opens what a device encrypted. @throws SignalFailed when it cannot be read */
  readonly open: (group: Jid, sender: Jid, ciphertext: Uint8Array) => Uint8Array
  /** Takes the key of a device in. @throws SignalFailed when it is none */
  readonly learn: (group: Jid, sender: Jid, distribution: Uint8Array) => void
  /** Takes a new key for the next message. */
  readonly rotate: (group: Jid) => void
  /** Gives up all keys, its own and those of others. */
  readonly forget: () => void
}

interface Own {
  key: OwnSenderKey
  readonly addressing: Group['addressing']
  readonly holders: Set<string>
}

/** Messages after which a key is worn out (protocol document 05, section 7.4). */
const KEY_LIMIT = 1_000

/** Starts without keys. */
export const createGroupCipher = (): GroupCipher => {
  const own = new Map<string, Own>()
  const others = new Map<string, SenderKeyRecord>()
  const placeOf = (group: Jid, sender: Jid): string => `${group}|${sender}`

  const keyFor = (group: Group, present: ReadonlySet<string>): Own => {
    const known = own.get(group.jid.user)
    const isGood = known && known.addressing === group.addressing && known.key.iteration < KEY_LIMIT && [...known.holders].every((holder) => present.has(holder))
    if (isGood) return known
    const fresh: Own = { key: createSenderKey(), addressing: group.addressing, holders: new Set() }
    own.set(group.jid.user, fresh)
    return fresh
  }

  return {
    forget: () => {
      own.clear()
      others.clear()
    },
    encrypt: (group, devices, payload) => {
      const addresses = new Map(devices.map((device) => [lidOf(device).toString(), device]))
      const mine = keyFor(group, new Set(addresses.keys()))
      const distribution = distributionMessage(mine.key)
      const lacking = [...addresses].filter(([address]) => !mine.holders.has(address))
      const { key, ciphertext } = encryptForGroup(mine.key, pad(payload))
      mine.key = key
      for (const [address] of lacking) mine.holders.add(address)
      return { ciphertext, distribution, lacking: lacking.map(([, device]) => device) }
    },
    distribution: ({ jid }) => {
      const mine = own.get(jid.user)
      return mine && distributionMessage(mine.key)
    },
    open: (group, sender, ciphertext) => {
      const place = placeOf(group, sender)
      const opened = decryptFromGroup(others.get(place) ?? [], readSenderKeyMessage(ciphertext))
      others.set(place, opened.record)
      return unpad(opened.plaintext)
    },
    learn: (group, sender, distribution) => {
      const place = placeOf(group, sender)
      others.set(place, learnSenderKey(others.get(place) ?? [], readSenderKeyDistribution(distribution)))
    },
    rotate: (group) => void own.delete(group.user),
  }
}
