import type { Jid } from '../stanza/jid.ts'

/** One device of a person, as a notification names it. */
export interface NamedDevice {
  /** 0 is the phone. */
  readonly deviceId: number
  /** Place in the phone's signed list; absent for the phone, and when the server left it out. */
  readonly keyIndex?: number
}

/** Somebody linked or unlinked a device, or a contact's list is to be looked at again (protocol document 11, section 6). */
export interface DeviceListUpdateEvent {
  readonly type: 'device_list_update'
  /** Whose devices, in the form of the notification. */
  readonly user: Jid
  /** The same person under the LID, when the notification names it. */
  readonly lidUser?: Jid
  readonly updateType: 'add' | 'remove' | 'update'
  /** The devices that came or went; none for `update`. */
  readonly devices: readonly NamedDevice[]
  /** The phone's word on which devices are good; absent for `update`. */
  readonly keyIndex?: {
    readonly timestamp: Date
    /** `ADVSignedKeyIndexList`; absent when a device went. */
    readonly signedBytes?: Uint8Array
  }
  /** For `update`: names the contact by a hash of the address, base64. */
  readonly contactHash?: string
}

/** Our account has other devices than before (protocol document 11, section 7); told after our own record was replaced. */
export interface OwnDevicesUpdatedEvent {
  readonly type: 'own_devices_updated'
  /** All of them, ourselves included. */
  readonly devices: readonly NamedDevice[]
  /** The server's hash of the list. */
  readonly dhash?: string
  readonly timestamp: Date
}

/** Events about which devices there are. */
export type DeviceEvent = DeviceListUpdateEvent | OwnDevicesUpdatedEvent
