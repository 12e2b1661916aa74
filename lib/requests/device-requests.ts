import { ADVKeyIndexList, ADVSignedKeyIndexList } from '../proto/core.ts'
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
  readonly hash?: string
}

/**
 * Asks for the devices of users, and for their LIDs (protocol document 05, section 6). Users the
 * server does not name have no devices.
 *
 * @param sessionId names this query; any unique text
 */
export const fetchDevices = (users: readonly Jid[], sessionId: string): RequestDescription<readonly UserDevices[]> => ({
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
    return childrenOf(list, 'user').flatMap((user) => readUserDevices(user) ?? [])
  },
})

const readUserDevices = (stanzaOfUser: Stanza): UserDevices | undefined => {
  const read = attributesOf(stanzaOfUser)
  const user = read.jid('jid')
  // One unreadable user must not cost the others their devices.
  if (read.faults.length > 0) return undefined
  const lidStanza = childOf(stanzaOfUser, 'lid')
  const lid = lidStanza && attributesOf(lidStanza).optionalJid('val')
  const devicesStanza = childOf(stanzaOfUser, 'devices')
  const list = devicesStanza && childOf(devicesStanza, 'device-list')
  const hash = list && attributesOf(list).optionalText('hash')
  const isValid = keyIndexFilter(devicesStanza)
  const devices = list ? childrenOf(list, 'device').flatMap((device) => readDevice(device, user, isValid) ?? []) : []
  return {
    user,
    // A list without the phone is incomplete, an empty one failed: the phone is always asked.
    devices: devices.some(({ device }) => device === 0) ? devices : [withDevice(user, 0), ...devices],
    ...(lid && { lid }),
    ...(hash !== undefined && { hash }),
  }
}

const readDevice = (device: Stanza, user: Jid, isValid: (keyIndex: number | undefined) => boolean): Jid | undefined => {
  const read = attributesOf(device)
  const id = read.integer('id')
  const keyIndex = read.optionalInteger('key-index')
  if (read.faults.length > 0 || id < 0 || id > 255) return undefined
  return id === 0 || isValid(keyIndex) ? withDevice(user, id) : undefined
}

/**
 * A linked device counts when the phone's signed list of key indexes names it, or is older than it
 * (protocol document 05, section 6). Answers without any such list come from servers that sign none;
 * there a key index is enough, because the device's own identity is verified with its prekeys.
 */
const keyIndexFilter = (devices: Stanza | undefined): ((keyIndex: number | undefined) => boolean) => {
  const bytes = devices && bytesOf(childOf(devices, 'key-index-list'))
  if (!bytes) return (keyIndex) => keyIndex !== undefined && keyIndex > 0
  try {
    const { details } = ADVSignedKeyIndexList.decode(bytes)
    const { currentIndex = 0, validIndexes = [] } = details ? ADVKeyIndexList.decode(details) : {}
    return (keyIndex) => keyIndex !== undefined && (validIndexes.includes(keyIndex) || keyIndex > currentIndex)
  } catch {
    // An unreadable list vouches for no linked device; the phone remains.
    return () => false
  }
}
