import type { Observable } from 'rxjs'

import { ofType } from './operators/of-type.ts'
import type { WaEvent, WaEventOf, WaEventType } from './wa-event.ts'

const substream =
  <Type extends WaEventType>(type: Type) =>
  (source$: Observable<WaEvent>): Observable<WaEventOf<Type>> =>
    source$.pipe(ofType(type))

/** The name of the typed stream of each event, on the client and as a function of this module. */
export const substreamNames = {
  connection_state: 'connectionState$',
  connected: 'connected$',
  disconnected: 'disconnected$',
  stream_replaced: 'streamReplaced$',
  logged_out: 'loggedOut$',
  temporary_ban: 'temporaryBan$',
  client_outdated: 'clientOutdated$',
  connect_failure: 'connectFailure$',
  stream_error: 'streamErrors$',
  client_expiration_changed: 'clientExpirationChanged$',
  offline_sync_preview: 'offlineSyncPreview$',
  offline_sync_completed: 'offlineSyncCompleted$',
  dirty_state: 'dirtyState$',
  server_ack: 'serverAcks$',
  pairing_qr_code: 'pairingQrCodes$',
  pairing_qr_codes_exhausted: 'pairingQrCodesExhausted$',
  pairing_code: 'pairingCode$',
  pairing_code_refresh: 'pairingCodeRefresh$',
  pairing_code_error: 'pairingCodeError$',
  pair_success: 'pairSuccess$',
  pair_error: 'pairErrors$',
  qr_scanned_without_multidevice: 'qrScannedWithoutMultidevice$',
  pair_passkey_request: 'pairPasskeyRequest$',
  pair_passkey_confirmation: 'pairPasskeyConfirmation$',
  pair_passkey_error: 'pairPasskeyErrors$',
  message: 'messages$',
  message_addon: 'messageAddons$',
  receipt: 'receipts$',
  undecryptable_message: 'undecryptableMessages$',
  decrypted_payload: 'decryptedPayloads$',
  enc_decrypt_failed: 'encDecryptFailures$',
  message_sent: 'messagesSent$',
  device_list_update: 'deviceListUpdates$',
  own_devices_updated: 'ownDevicesUpdated$',
  identity_change: 'identityChanges$',
  notification: 'notifications$',
  raw_node: 'rawNodes$',
  sent_frame: 'sentFrames$',
  unhandled_stanza: 'unhandledStanzas$',
  malformed_stanza: 'malformedStanzas$',
  decode_error: 'decodeErrors$',
} as const satisfies Record<WaEventType, string>

/** Typed streams by name: `messages$` yields `message` events, and so on. */
export type Substreams = {
  readonly [Type in WaEventType as (typeof substreamNames)[Type]]: Observable<WaEventOf<Type>>
}

/** Changes of the connection's state. */
export const connectionState$ = substream('connection_state')
/** Logins. */
export const connected$ = substream('connected')
/** Unexpected ends of the transport. */
export const disconnected$ = substream('disconnected')
/** Another connection took this device. */
export const streamReplaced$ = substream('stream_replaced')
/** The device is no longer linked. */
export const loggedOut$ = substream('logged_out')
/** The account is banned for a while. */
export const temporaryBan$ = substream('temporary_ban')
/** The server refuses this version. */
export const clientOutdated$ = substream('client_outdated')
/** Other refused logins. */
export const connectFailure$ = substream('connect_failure')
/** Other errors of the stream. */
export const streamErrors$ = substream('stream_error')
/** Announced ends of this client version. */
export const clientExpirationChanged$ = substream('client_expiration_changed')
/** What waits on the server. */
export const offlineSyncPreview$ = substream('offline_sync_preview')
/** The backlog is through. */
export const offlineSyncCompleted$ = substream('offline_sync_completed')
/** Data that changed while we were away. */
export const dirtyState$ = substream('dirty_state')
/** The server's acknowledgements of our stanzas. */
export const serverAcks$ = substream('server_ack')
/** QR codes to show. */
export const pairingQrCodes$ = substream('pairing_qr_code')
/** No QR code is left. */
export const pairingQrCodesExhausted$ = substream('pairing_qr_codes_exhausted')
/** Codes to type on the phone. */
export const pairingCode$ = substream('pairing_code')
/** Codes that are dead. */
export const pairingCodeRefresh$ = substream('pairing_code_refresh')
/** Codes that came to nothing. */
export const pairingCodeError$ = substream('pairing_code_error')
/** Successful links. */
export const pairSuccess$ = substream('pair_success')
/** Links that failed their verification. */
export const pairErrors$ = substream('pair_error')
/** Scans by phones without linked devices. */
export const qrScannedWithoutMultidevice$ = substream('qr_scanned_without_multidevice')
/** Passkeys that are asked for. */
export const pairPasskeyRequest$ = substream('pair_passkey_request')
/** Codes to compare with the phone. */
export const pairPasskeyConfirmation$ = substream('pair_passkey_confirmation')
/** Links by passkey that came to nothing. */
export const pairPasskeyErrors$ = substream('pair_passkey_error')
/** Messages. */
export const messages$ = substream('message')
/** What belongs to earlier messages. */
export const messageAddons$ = substream('message_addon')
/** Receipts. */
export const receipts$ = substream('receipt')
/** Messages that cannot be shown yet. */
export const undecryptableMessages$ = substream('undecryptable_message')
/** Opened ciphertexts. */
export const decryptedPayloads$ = substream('decrypted_payload')
/** Ciphertexts that were not opened. */
export const encDecryptFailures$ = substream('enc_decrypt_failed')
/** Messages of ours about to leave. */
export const messagesSent$ = substream('message_sent')
/** Devices that others linked or unlinked. */
export const deviceListUpdates$ = substream('device_list_update')
/** Changes of our own account's devices. */
export const ownDevicesUpdated$ = substream('own_devices_updated')
/** People with a new identity key. */
export const identityChanges$ = substream('identity_change')
/** Notifications nobody has modelled. */
export const notifications$ = substream('notification')
/** Every inbound stanza. */
export const rawNodes$ = substream('raw_node')
/** Every written stanza. */
export const sentFrames$ = substream('sent_frame')
/** Stanzas nobody handles. */
export const unhandledStanzas$ = substream('unhandled_stanza')
/** Stanzas that cannot be read. */
export const malformedStanzas$ = substream('malformed_stanza')
/** Frames that are no stanzas. */
export const decodeErrors$ = substream('decode_error')
