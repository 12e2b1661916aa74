import { withDevice, type Jid } from '../stanza/jid.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { bytesOf, childOf, childrenOf, stanza, type Stanza } from '../stanza/stanza.ts'
import type { RequestDescription } from './request.ts'

/** The devices of one user, as the server knows them. */
export interface UserDevices {
  /** The user as asked for. */
  readonly user: Jid
  /** All devices, the phone (device 0) included. */
  readonly devices: readonly Jid[]
  /** The user's LID, when it was asked for and is known. */
  readonly lid?: Jid
  /** The phone number of a user asked for by LID, when the server gives it. */
  readonly phoneNumber?: Jid
  readonly hash?: string
  /** Places of linked devices in the signed list of their phone, by device number. */
  readonly keyIndexes?: ReadonlyMap<number, number>
  /** Names the list: another one than before means that all linked devices are others. */
  readonly rawId?: number
  /** The phone's list of key indexes could not be read or is not signed by it: no linked device counts, and the answer is not worth keeping. */
  readonly isForged: boolean
}

/** Which key indexes the signed list of a user vouches for; undefined when it is not to be believed. */
export type ReadKeyIndexes = (
  user: Jid,
  signedList: Uint8Array,
) => { readonly currentIndex: number; readonly validIndexes: readonly number[]; readonly rawId?: number | undefined } | undefined

/**
 * Asks for the devices of users, and for their LIDs (protocol document 05, section 6). Users the
 * server does not name have no devices.
 *
 * @param sessionId names this query; any unique text
 */
export const fetchDevices = (
  users: readonly Jid[],
  sessionId: string,
  readKeyIndexes: ReadKeyIndexes,
): RequestDescription<readonly UserDevices[]> => ({
  name: 'usync.devices',
  type: 'get',
  xmlns: 'usync',
  content: [
    stanza('usync', { sid: sessionId, mode: 'query', last: 'true', index: '0', context: 'message' }, [
      stanza('query', {}, [stanza('devices', { version: '2' }), stanza('lid')]),
      stanza('list', {}, users.map((jid) => stanza('user', { jid }))),
    ]),
  ],
  parse: (reply, faults) => {
    const usync = childOf(reply, 'usync')
    const list = usync && childOf(usync, 'list')
    if (!list) {
      faults.push('iq: usync or its list is missing')
      return undefined
    }
    return childrenOf(list, 'user').flatMap((user) => readUserDevices(user, readKeyIndexes) ?? [])
  },
})

const readUserDevices = (stanzaOfUser: Stanza, readKeyIndexes: ReadKeyIndexes): UserDevices | undefined => {
  const read = attributesOf(stanzaOfUser)
  const user = read.jid('jid')
  const phoneNumber = attributesOf(stanzaOfUser).optionalJid('pn_jid')
  // One unreadable user must not cost the others their devices.
  if (read.faults.length > 0) return undefined
  const lidStanza = childOf(stanzaOfUser, 'lid')
  const lid = lidStanza && attributesOf(lidStanza).optionalJid('val')
  const devicesStanza = childOf(stanzaOfUser, 'devices')
  const list = devicesStanza && childOf(devicesStanza, 'device-list')
  const hash = list && attributesOf(list).optionalText('hash')
  const signedList = devicesStanza && bytesOf(childOf(devicesStanza, 'key-index-list'))
  const indexes = signedList && readKeyIndexes(user, signedList)
  const isForged = signedList !== undefined && indexes === undefined
  // A linked device counts when the list names it, or is older than it (protocol document 05, section 6).
  // Servers that sign no lists are believed: the device's own identity is verified with its prekeys.
  const isValid = (keyIndex = 0): boolean =>
    indexes ? indexes.validIndexes.includes(keyIndex) || keyIndex > indexes.currentIndex : !isForged && keyIndex > 0
  const keyIndexes = new Map<number, number>()
  const devices: Jid[] = []
  for (const device of list ? childrenOf(list, 'device') : []) {
    const found = readDevice(device, isValid)
    if (!found || devices.some(({ device: known }) => known === found.id)) continue
    devices.push(withDevice(user, found.id))
    if (found.keyIndex !== undefined) keyIndexes.set(found.id, found.keyIndex)
  }
  return {
    user,
    // A list without the phone is incomplete, an empty one failed: the phone is always asked.
    devices: devices.some(({ device }) => device === 0) ? devices : [withDevice(user, 0), ...devices],
    ...(lid && { lid }),
    ...(phoneNumber && { phoneNumber }),
    ...(hash !== undefined && { hash }),
    keyIndexes,
    ...(indexes?.rawId !== undefined && { rawId: indexes.rawId }),
    isForged,
  }
}

const readDevice = (device: Stanza, isValid: (keyIndex: number | undefined) => boolean): { readonly id: number; readonly keyIndex: number | undefined } | undefined => {
  const read = attributesOf(device)
  const id = read.integer('id')
  const keyIndex = read.optionalInteger('key-index')
  if (read.faults.length > 0 || id < 0 || id > 255) return undefined
  return id === 0 || isValid(keyIndex) ? { id, keyIndex } : undefined
}
