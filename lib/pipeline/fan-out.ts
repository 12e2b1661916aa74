import { sameJid, withDevice, type Jid } from '../stanza/jid.ts'
import type { Group } from './group-directory.ts'
import type { OwnGroupKey } from './own-sender-keys.ts'
import { participantHash } from '../stanza/participant-hash.ts'

/** One device that reads what we write to a group. */
export interface Reader {
  readonly device: Jid
  /** The name it is marked under. */
  readonly name: string
  /** The name of the phone it belongs to. */
  readonly phone: string
}

/** Everybody who reads what we write to a group, our own other devices included. */
export interface FanOut {
  /** The list of members it was made of. */
  readonly group: Group
  readonly readers: readonly Reader[]
  /** Of all devices, ours included. */
  readonly hash: string
  /** What follows from who was given a key; a set that was judged before costs nothing. */
  readonly judge: (marks: ReadonlySet<string>) => Judgement
}

/** Who has a key, against who should. */
export interface Judgement {
  /** Who has to be given it: whoever has no mark, and everybody whose phone has none (protocol document 05, section 7.3). */
  readonly lacking: readonly Reader[]
  /** Somebody has it who must not read any more. */
  readonly isLeaked: boolean
}

/** Hosted devices read direct chats only (protocol document 05, section 6). */
const HOSTED_DEVICE = 99

/**
 * Who reads a group.
 *
 * @param self our device in the form of the group
 */
export const fanOutOf = (group: Group, devices: readonly Jid[], self: Jid): FanOut => {
  const others = devices.filter((device) => device.device !== HOSTED_DEVICE && !sameJid(device, self))
  const readers = others.map((device) => ({ device, name: device.toString(), phone: withDevice(device, 0).toString() }))
  const names = new Set(readers.map(({ name }) => name))
  const judged = new WeakMap<ReadonlySet<string>, Judgement>()
  const judge = (marks: ReadonlySet<string>): Judgement => {
    const known = judged.get(marks)
    if (known) return known
    const judgement = {
      lacking: readers.filter(({ name, phone }) => !marks.has(name) || !marks.has(phone)),
      isLeaked: [...marks].some((mark) => !names.has(mark)),
    }
    judged.set(marks, judgement)
    return judgement
  }
  return { group, readers, hash: participantHash([...others, self]), judge }
}

/** Our key is replaced after this many messages (protocol document 05, section 7.3). */
const KEY_LIFE = 1_000

/** Whether a key may be used on: not when it is old, or when somebody has it who must not read any more. */
export const isUsable = ({ judge }: FanOut, { key, marks }: OwnGroupKey): boolean => key.iteration < KEY_LIFE && !judge(marks).isLeaked
