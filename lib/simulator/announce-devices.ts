import { withDevice } from '../stanza/jid.ts'
import { participantHash } from '../stanza/participant-hash.ts'
import { stanza, type Stanza } from '../stanza/stanza.ts'
import type { Account, Device } from './account.ts'
import { nextNotificationId } from './notification-ids.ts'
import { deliver, lidOf, nowSeconds, phoneNumberOf, type World } from './world.ts'

/**
 * Tells everybody that an account has one device more or less: other people by `devices`, the account's
 * own other devices by `account_sync` (protocol document 11, sections 6 and 7).
 */
export const announceDevice = (world: World, device: Device, change: 'add' | 'remove'): void => {
  const { account } = device
  for (const other of world.accounts.values())
    for (const receiver of other.devices.values())
      if (receiver.id !== 0 && receiver !== device && !receiver.isSilent) deliver(receiver, notificationFor(world, receiver, device, account, change))
}

const notificationFor = (world: World, receiver: Device, device: Device, account: Account, change: 'add' | 'remove'): Stanza => {
  const id = nextNotificationId(world)
  const t = nowSeconds(world)
  const keyIndexes = stanza('key-index-list', { ts: account.keyIndexListAtSeconds }, change === 'add' ? account.keyIndexList : undefined)
  if (receiver.account === account) {
    const own = [...account.devices.values()]
    const devices = own.map(({ id: ownId, keyIndex }) =>
      stanza('device', { jid: withDevice(account.phoneNumber, ownId), 'key-index': ownId === 0 ? undefined : keyIndex }),
    )
    return stanza('notification', { from: account.phoneNumber, type: 'account_sync', id, t }, [
      stanza('devices', { dhash: participantHash(own.map(phoneNumberOf)) }, [...devices, stanza('key-index-list', { ts: account.keyIndexListAtSeconds }, account.keyIndexList)]),
    ])
  }
  const devices = [...account.devices.values()]
  const isHidden = world.faults.areLidsHidden
  const hashes = { device_hash: participantHash(devices.map(phoneNumberOf)), device_lid_hash: isHidden ? undefined : participantHash(devices.map(lidOf)) }
  return stanza('notification', { from: account.phoneNumber, type: 'devices', id, t, lid: isHidden ? undefined : account.lid }, [
    stanza(change, hashes, [stanza('device', { jid: phoneNumberOf(device), lid: isHidden ? undefined : lidOf(device), 'key-index': device.keyIndex }), keyIndexes]),
  ])
}

