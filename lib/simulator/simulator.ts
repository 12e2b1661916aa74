import type { Observable, SchedulerLike } from 'rxjs'

import type { TrustedRoot } from '../connection/noise-certificate.ts'
import type { NoisePattern } from '../connection/noise-state.ts'
import type { Dial } from '../connection/socket.ts'
import type { FetchFile } from '../media/fetch-file.ts'
import type { Jid } from '../stanza/jid.ts'
import type { Stanza } from '../stanza/stanza.ts'
import type { Withheld } from './account.ts'
import type { CertificateFlaws } from './certificates.ts'
import type { Faults } from './faults/faults.ts'
import type { MediaHost } from './media-host.ts'
import type { CodeEntrySwitches, PairingSwitches } from './pairing-switches.ts'
import type { PasskeySwitches } from './passkey-switches.ts'
import type { Phone } from './phone.ts'
import type { SecretRenewal } from './registration.ts'
import type { GroupOptions, SimulatedGroup } from './simulated-group.ts'
import type { Violation } from './strict/violations.ts'
import type { Listening, ListenOptions } from './listening/listening.ts'
import type { GivenTrust, SimulatedProperties } from './world.ts'

/** How a simulator behaves. */
export interface SimulatorOptions {
  /** The clock of the server; give the client the same one. Default: real time. */
  readonly scheduler?: SchedulerLike
  /** What is wrong with the server's certificates, for tests of refusals. */
  readonly certificateFlaws?: CertificateFlaws
  /** Sent after each login, 1 to 1024 bytes; none when absent. */
  readonly routingInfo?: Uint8Array
  /** QR codes per registration, 1 to 6; default 6. */
  readonly refs?: number
  /** One-time prekeys below which a device is told so, once until it uploads more; default 5, as some clients take no notice of more. */
  readonly lowPrekeys?: number
  /** Deliver the rest of a backlog although the client does not ask; default true. */
  readonly isLenientBacklog?: boolean
  /**
   * What happens to stanzas no published client would send: `report` serves them as well as it can,
   * `refuse` answers a request with 400 and drops the rest. Violations are told either way. Default `report`.
   */
  readonly strict?: 'report' | 'refuse'
}

/** How a simulated person looks. */
export interface PhoneOptions {
  /** Digits; default: the next free ones. */
  readonly phoneNumber?: string
  /** Push name. */
  readonly name?: string
  /** Default `android`. */
  readonly platform?: string
  /** The account wants a passkey before it links a device; default false. */
  readonly wantsPasskey?: boolean
}

/** A stanza on the server's wires. */
export interface Traffic {
  /** Seen from the server. */
  readonly direction: 'in' | 'out'
  readonly stanza: Stanza
  /** The device, once it is known. */
  readonly device: Jid | undefined
}

/** A server of the real protocol within this process. */
export interface Simulator {
  /** Root of its certificates, for the option `trustedRoot` of clients. */
  readonly trustedRoot: TrustedRoot
  /** Reaches it without a network, for the option `dial` of clients. */
  readonly dial: Dial
  /** Reaches its files without a network, for the option `fetch` of clients. */
  readonly fetch: FetchFile
  /** The files of its phones. */
  readonly media: MediaHost
  /** Adds a person with a phone. */
  readonly phone: (options?: PhoneOptions) => Phone
  /** Makes a group of phones, and of as many others as there should be. */
  readonly group: (options: GroupOptions) => SimulatedGroup
  /** A group somebody made. @throws SimulatorFailed when there is none under this address */
  readonly groupAt: (group: Jid | string) => SimulatedGroup
  /** Listens on a port of this machine, for clients of any make; a free one of 127.0.0.1 unless told otherwise. */
  readonly listen: (options?: ListenOptions) => Promise<Listening>
  /** Everything that is said, as it happens. */
  readonly traffic$: Observable<Traffic>
  /** What clients say that no published client would, as it happens. */
  readonly violations$: Observable<Violation>
  /** What clients said that no published client would, so far. */
  readonly violations: () => readonly Violation[]
  /** Devices that log in and go. */
  readonly presence$: Observable<{ readonly device: Jid; readonly isOnline: boolean }>
  /** Sends a stanza to a connected device. @throws SimulatorFailed when it is not connected */
  readonly inject: (device: Jid | string, stanza: Stanza) => void
  /**
   * Tells all linked devices of an account something, see {@link aPush}; what the server keeps waits for those
   * who are away. @throws SimulatorFailed when nobody has this address
   */
  readonly push: (account: Jid | string, ...stanzas: readonly (Stanza | readonly Stanza[])[]) => void
  /** Tells what became of posts of a channel to every device that asked for it in the last 300 seconds; gives how many there were. @throws JidInvalid */
  readonly tellLive: (channel: Jid | string, messages?: readonly Stanza[]) => number
  /** Sends a stanza to every device that waits to be linked. */
  readonly injectIntoPairings: (stanza: Stanza) => void
  /** Ends the streams of all devices that wait to be linked, with a reason when given. */
  readonly disconnectPairings: (reason?: Stanza) => void
  /** Says this to the next login in place of `<success>`, a `failure` as the last word. */
  readonly greetNextLogin: (greeting: Stanza) => void
  /** Sends bytes as a frame of their own to a connected device. */
  readonly injectBytes: (device: Jid | string, plaintext: Uint8Array) => void
  /** What goes wrong on its connections. */
  readonly faults: Faults
  /** Refuses every message with this code, `silent` swallows them; undefined takes them again. */
  readonly refuseMessages: (code: string | undefined) => void
  /** Refuses every pairing code that is asked for, `silent` answers nothing; undefined hands them out again. */
  readonly refusePairingCodes: (status: string | undefined, backoffSeconds?: number) => void
  /** Calls the pairing codes that are out back; `force` leaves it to the user to ask anew. */
  readonly refreshPairingCodes: (force?: boolean) => void
  /** Asks every device that waits to be linked for a new secret. */
  readonly renewPairingSecrets: (form: SecretRenewal) => void
  /** Bends how phones link devices from now on; without switches everything is as it should be. */
  readonly bendPairing: (switches?: PairingSwitches) => void
  /** Bends what phones say after a pairing code was typed. */
  readonly bendCodeEntry: (switches?: CodeEntrySwitches) => void
  /** Breaks links by passkey from now on. */
  readonly breakPasskeys: (switches?: PasskeySwitches) => void
  /** Asks every device that waits to be linked for a passkey. */
  readonly demandPasskeys: () => void
  /** Flips a bit in each ciphertext of the next message anybody sends. */
  readonly corruptNextMessage: () => void
  /** Gives a device messages without content from now on, for this reason; undefined gives it everything again. */
  readonly withholdMessages: (device: Jid | string, why: Withheld | undefined) => void
  /** Open connections. */
  readonly connections: () => number
  /** Ends the stream of a connected device, with a reason when given. */
  readonly disconnect: (device: Jid | string, reason?: Stanza) => void
  /** A new static key from now on, certified under the same root: what clients know is outdated. */
  readonly rotateServerKey: () => void
  /** Answers the next resume with nonsense. */
  readonly corruptNextResume: () => void
  /** How the devices' connections were opened, in order. */
  readonly handshakes: () => readonly NoisePattern[]
  /** Hears and says nothing more on a device's connection, which stays open. */
  readonly stall: (device: Jid | string) => void
  /** Hands out device lists whose signatures do not hold. */
  readonly forgeDeviceLists: (areForged: boolean) => void
  /** Hands out signed prekeys whose signatures do not hold. */
  readonly forgePrekeys: (areForged: boolean) => void
  /** Knows people by their numbers only, as before there were LIDs; `false` tells LIDs again. Groups keep their form. */
  readonly hideLids: (areHidden: boolean) => void
  /** Refuses messages to people (463) that do not carry the token the recipient gave. */
  readonly requireTokens: (areRequired: boolean) => void
  /** Tokens of trust clients and phones gave, in order, by phone number. */
  readonly tokensGiven: () => readonly GivenTrust[]
  /** Never ends a backlog with its mark, as a server that lost count. */
  readonly muteOfflineEnd: (isMuted: boolean) => void
  /** Stanzas that wait for a device. */
  readonly waitingFor: (device: Jid | string) => number
  /** The routing block a connected device sent ahead, if any. */
  readonly routingInfoOf: (device: Jid | string) => Uint8Array | undefined
  /** What whoever asks for A/B properties gets from now on; nobody is told. */
  readonly setProperties: (properties: SimulatedProperties) => void
  /** Refuses every new signed prekey with this code; undefined takes them again. */
  readonly refuseSignedPrekeys: (code: number | undefined) => void
  /** Number of the signed prekey a device has on the server. */
  readonly signedPrekeyOf: (device: Jid | string) => number
  /** One-time prekeys a device has left on the server. */
  readonly prekeysOf: (device: Jid | string) => number
  /** Message keys a client used for two different plaintexts; never any of a client that is worth its salt. */
  readonly reusedMessageKeys: () => readonly string[]
  /** Hangs up on everybody. */
  readonly close: () => void
}
