import { attributesOf } from '../stanza/read-attributes.ts'
import { isLid, isPhoneNumber, type Jid } from '../stanza/jid.ts'
import { bytesOf, childOf, type Stanza } from '../stanza/stanza.ts'

/** `<iq><pair-success>`: a phone linked this device, if its identity can be verified. */
export interface PairSuccess {
  readonly requestId: string
  /** `ADVSignedDeviceIdentityHMAC` as received. */
  readonly container: Uint8Array
  readonly id: Jid
  readonly lid: Jid
  readonly platform: string
  readonly businessName?: string
  /** `ClientPairingProps` as received. */
  readonly clientProps?: Uint8Array
}

/** A container the official client would still look at (protocol document 03, section 3.1). */
const CONTAINER_LIMIT = 500

/** Reads a `pair-success`; the list of what is wrong with it when it cannot be read. */
export const parsePairSuccess = (iq: Stanza): PairSuccess | readonly string[] => {
  const read = attributesOf(iq)
  const requestId = read.text('id')
  const faults = read.faults
  const success = childOf(iq, 'pair-success')
  const container = success && bytesOf(childOf(success, 'device-identity'))
  const device = success && childOf(success, 'device')
  if (!container || container.length === 0 || container.length > CONTAINER_LIMIT)
    return [...faults, 'pair-success: device-identity is missing or has a wrong size']
  if (!device) return [...faults, 'pair-success: device is missing']
  const readDevice = attributesOf(device)
  const id = readDevice.jid('jid')
  const lid = readDevice.jid('lid')
  if (faults.length + readDevice.faults.length > 0) return [...faults, ...readDevice.faults]
  // Kept as text from here on: what does not read back would make the stored account unreadable.
  if (!isPhoneNumber(id) || !/^\d+$/.test(id.user)) return ['device: jid is no phone number']
  if (!isLid(lid) || !/^[\d.]+$/.test(lid.user)) return ['device: lid is no LID']
  const platform = childOf(success, 'platform')
  const business = childOf(success, 'biz')
  const businessName = business && attributesOf(business).optionalText('name')
  const clientProps = bytesOf(childOf(success, 'client-props'))
  return {
    requestId,
    container,
    id,
    lid,
    platform: (platform && attributesOf(platform).optionalText('name')) ?? '',
    ...(businessName !== undefined && { businessName }),
    ...(clientProps && { clientProps }),
  }
}
