import type { SchedulerLike } from 'rxjs'

import type { RecentMap } from '../collections/recent-map.ts'
import type { NoisePattern } from '../connection/noise-state.ts'
import type { PairingSecrets } from '../pairing/passkey.ts'
import { isLid, isPhoneNumber, Jid } from '../stanza/jid.ts'
import { childrenOf, stanza, type Stanza } from '../stanza/stanza.ts'
import type { Account, Device } from './account.ts'
import type { ServerIdentity } from './certificates.ts'
import type { Group } from './group.ts'
import type { MediaHost } from './media-host.ts'
import type { MessageKeys } from './message-keys.ts'
import type { CodeEntrySwitches, PairingSwitches } from './pairing-switches.ts'
import type { PasskeyEntry } from './passkey-entry.ts'
import type { PasskeySwitches } from './passkey-switches.ts'

/** What is known of a broadcast list. */
export interface BroadcastList {
  readonly people: Set<Account>
  /** Devices that were given the key of its writer. */
  readonly given: Set<Device>
}

/** How the sender of a message addressed it; answers go back in the same form. */
export interface SentForm {
  readonly to: Jid
  readonly atSeconds: number
  /** In a direct chat: devices it was delivered to. */
  readonly served?: Set<Device>
  /** In a group or list: tells its ciphertext from another one under the same id. */
  readonly fingerprint?: string
  /** In a group: devices that could not read it and have asked for it again. */
  readonly askers?: Set<Device>
}

/** A token of trust somebody gave. */
export interface GivenTrust {
  readonly from: Jid
  readonly to: Jid
  readonly atSeconds: number
}

/** Everything the server knows. */
export interface World {
  readonly scheduler: SchedulerLike
  identity: ServerIdentity
  /** How connections were opened, in order. */
  readonly handshakes: NoisePattern[]
  /** By user part of the phone number. */
  readonly accounts: Map<string, Account>
  /** By user part of the LID. */
  readonly accountsByLid: Map<string, Account>
  /** By user part of the address. */
  readonly groups: Map<string, Group>
  /** Which keys the clients encrypted with. */
  readonly messageKeys: MessageKeys
  /** By sending device and message id, of the messages sent lately. */
  readonly sentForms: RecentMap<string, SentForm>
  /** Broadcast lists by the device that writes to them and their address. */
  readonly lists: Map<string, BroadcastList>
  /** Passkeys by credential id in hex. */
  readonly passkeys: Map<string, PasskeyHolder>
  /** Tokens of trust, in the order they were given. */
  readonly given: GivenTrust[]
  /** Where files are, and the names clients reach that under. */
  readonly media: MediaHost
  mediaHosts: readonly string[]
  readonly options: WorldOptions
  readonly faults: WorldFaults
}

/** A passkey and the account it belongs to. */
export interface PasskeyHolder {
  readonly entry: PasskeyEntry
  /** Links the device that sent these to the account. */
  readonly link: (secrets: PairingSecrets) => void
}

/** A/B properties as a server gives them. */
export interface SimulatedProperties {
  readonly hash?: string
  readonly refreshSeconds?: number
  readonly refreshId?: string
  /** The values are changes. */
  readonly isDelta?: boolean
  readonly values?: Readonly<Record<number, string>>
}

/** What a test can break while the server runs. */
export interface WorldFaults {
  /** Flips a bit in each ciphertext of the next message. */
  isNextMessageCorrupt: boolean
  /** Breaks the phones' signatures on their lists of key indexes. */
  areDeviceListsForged: boolean
  /** Breaks the signatures of the signed prekeys it hands out. */
  arePrekeysForged: boolean
  /** Nobody is told anybody's LID: people are known by their numbers. */
  areLidsHidden: boolean
  /** Refuses messages to people without the token they gave. */
  areTokensRequired: boolean
  /** Error for every pairing code that is asked for; `silent` answers nothing. */
  codeRefusal: { readonly status: string; readonly backoffSeconds?: number } | undefined
  /** Said to the next login in place of `<success>`; a `failure` ends the connection. */
  greeting: Stanza | undefined
  /** The answer to who asks for A/B properties. */
  properties: SimulatedProperties
  /** Error code for every new signed prekey. */
  rotationRefusal: number | undefined
  pairing: PairingSwitches
  codeEntry: CodeEntrySwitches
  passkey: PasskeySwitches
}

/** What a test can choose. */
export interface WorldOptions {
  /** Sent after each login, so that clients have something to replay; none when absent. */
  readonly routingInfo?: Uint8Array
  /** How many times a registration shows codes. */
  readonly refs: number
  /** Pushes a reminder when fewer one-time prekeys are left. */
  readonly lowPrekeys: number
  /** Sends the rest of a backlog unasked when a client stops asking. */
  readonly isLenientBacklog: boolean
}

/** Seconds since 1970 by the world's clock. */
export const nowSeconds = ({ scheduler }: Pick<World, 'scheduler'>): number => Math.floor(scheduler.now() / 1000)

/** The account behind an address in either form. */
export const findAccount = (world: World, jid: Jid): Account | undefined => {
  if (isLid(jid)) return world.accountsByLid.get(jid.user)
  return isPhoneNumber(jid) ? world.accounts.get(jid.user) : undefined
}

/** The device behind an address in either form. */
export const findDevice = (world: World, jid: Jid): Device | undefined => findAccount(world, jid)?.devices.get(jid.device)

/** A device's address in the hidden-number space. */
export const lidOf = ({ account, id }: Device): Jid => new Jid(account.lid.user, 'lid', id)

/** A device's address in the phone-number space. */
export const phoneNumberOf = ({ account, id }: Device): Jid => new Jid(account.phoneNumber.user, 's.whatsapp.net', id)

/** Gives a stanza to a device now, or keeps it until the device comes back. */
export const deliver = (device: Device, stanza: Stanza): void => {
  if (!device.isSilent) device.queue.push(withheldFrom(device, stanza), device.line)
}

/** A message as a device sees it that is to get no content (protocol document 05, simulator 4); peer messages are never held back. */
const withheldFrom = ({ withheld }: Device, sent: Stanza): Stanza => {
  if (!withheld || sent.tag !== 'message' || sent.attrs['category'] === 'peer') return sent
  const why = stanza('unavailable', { type: withheld === 'view_once' ? 'view_once' : undefined, hosted: withheld === 'hosted' ? 'true' : undefined })
  const rest = childrenOf(sent).filter(({ tag }) => tag !== 'enc' && tag !== 'device-identity')
  return { ...sent, content: [why, ...(withheld === 'bot' ? [stanza('bot')] : []), ...rest] }
}

/** The same ciphertexts with one bit flipped, as a broken or hostile sender would have them. */
export const corrupt = (encs: readonly Stanza[]): readonly Stanza[] =>
  encs.map((enc) => {
    if (!(enc.content instanceof Uint8Array) || enc.content.length === 0) return enc
    const content = enc.content.slice()
    content[content.length - 1]! ^= 1
    return { ...enc, content }
  })
