export { CertificateRejected, type CertificateFault } from './certificate-error.ts'
export { ConnectionLost, LoggedOut, StreamReplaced, TemporarilyBanned, ClientOutdated, LoginRefused, PairingExhausted, StillConnected } from './connection-errors.ts'
export { ClientDestroyed } from './client-destroyed.ts'
export { CryptoFailed, type CryptoFault } from './crypto-error.ts'
export { Defect } from './defect.ts'
export { ChannelTaken } from './channel-taken.ts'
export { EventJsonInvalid } from './event-json-invalid.ts'
export { DurableFellBehind, DurableNameTaken, TooManyDurableNames } from './durable-errors.ts'
export { FrameTooLarge } from './frame-error.ts'
export { HistoryRejected, PhoneSilent, type HistoryFault } from './history-error.ts'
export { JidInvalid } from './jid-invalid.ts'
export { NoiseFailed, type NoiseFault } from './noise-error.ts'
export { OperationCancelled } from './operation-cancelled.ts'
export { OptionInvalid } from './option-invalid.ts'
export { AlreadyLinked, PairingCodeFailed, PairingRejected, type PairingCodeFault, type PairingFault } from './pairing-errors.ts'
export { PasskeyFailed, type PasskeyFault } from './passkey-error.ts'
export { ProtoMalformed } from './proto-error.ts'
export { PushNameMissing } from './push-name-missing.ts'
export { RecordingInvalid } from './recording-invalid.ts'
export { RequestTimedOut, ServerRefused, ReplyMalformed, NotConnected } from './request-errors.ts'
export { RxwaError, type RxwaErrorOptions } from './rxwa-error.ts'
export { MessageIdTaken, MessageRefused, MessageUnacknowledged, NoDeviceReachable } from './send-errors.ts'
export { SignalFailed, type SignalFault } from './signal-error.ts'
export { SimulatorFailed } from './simulator-failed.ts'
export { StanzaCodecError, type StanzaCodecFault } from './stanza-codec-error.ts'
export {
  BackupInvalid,
  CredentialsCorrupt,
  StoreDriverMissing,
  StoreFailed,
  StoreForeign,
  StoreInUse,
  StoreKeyWrong,
  StoreNotEmpty,
  StoreTooNew,
  type BackupFault,
  ViewOfAnotherAccount,
} from './store-errors.ts'
export { VersionUnknown, type VersionFault } from './version-error.ts'
