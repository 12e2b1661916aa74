import type { Jid } from '../stanza/jid.ts'

/** A QR code to show; the next one replaces it. */
export interface PairingQrCodeEvent {
  readonly type: 'pairing_qr_code'
  /** Text of the QR code, ready to be rendered. */
  readonly code: string
  /** How long this code will be shown. */
  readonly timeoutMs: number
}

/** All QR codes of this connection were shown and none was scanned. */
export interface PairingQrCodesExhaustedEvent {
  readonly type: 'pairing_qr_codes_exhausted'
  /** False when the connection was kept for a pairing code that is still out. */
  readonly disconnected: boolean
}

/** A phone linked this device; the credentials are already stored. */
export interface PairSuccessEvent {
  readonly type: 'pair_success'
  readonly id: Jid
  readonly lid: Jid
  readonly businessName?: string
  /** Platform of the phone, for example `android`; empty when it did not say. */
  readonly platform: string
}

/** A phone tried to link this device and could not prove itself; nothing was stored. */
export interface PairErrorEvent {
  readonly type: 'pair_error'
  readonly id?: Jid
  readonly lid?: Jid
  readonly businessName?: string
  readonly platform?: string
  readonly error: Error
}

/** The phone that scanned the code knows no linked devices. */
export interface QrScannedWithoutMultideviceEvent {
  readonly type: 'qr_scanned_without_multidevice'
}

/** A code to type on the phone. */
export interface PairingCodeEvent {
  readonly type: 'pairing_code'
  /** Eight characters; show them in two halves of four. */
  readonly code: string
  /** How long it can still be used. */
  readonly timeoutMs: number
}

/** The code is dead; ask for a new one. */
export interface PairingCodeRefreshEvent {
  readonly type: 'pairing_code_refresh'
  /** Whether the user has to ask for it, rather than the program. */
  readonly forceManual: boolean
}

/** A code could not be had, or its pairing failed. */
export interface PairingCodeErrorEvent {
  readonly type: 'pairing_code_error'
  /** Status of the server's refusal: 400, 403, 429, 452 (use the QR code), 500. */
  readonly rejection?: number
  readonly backoffSeconds?: number
  readonly error: Error
}

/** The account wants a passkey before it lets this device be linked; answer with `client.passkey.respond`. */
export interface PairPasskeyRequestEvent {
  readonly type: 'pair_passkey_request'
  /** WebAuthn's `PublicKeyCredentialRequestOptions` as JSON, at most 4096 bytes. */
  readonly requestOptionsJson: string
}

/** The phone answered; when it shows the same code, go on with `client.passkey.confirm`. */
export interface PairPasskeyConfirmationEvent {
  readonly type: 'pair_passkey_confirmation'
  /** Eight characters in two halves, ready to be shown. */
  readonly code: string
  /** This device proved that it is the one of an interrupted link: the user need not compare. */
  readonly skipHandoffUx: boolean
}

/** A link by passkey came to nothing. */
export interface PairPasskeyErrorEvent {
  readonly type: 'pair_passkey_error'
  readonly error: Error
  /** Whether it failed after the phone had answered; before that the same request can be answered again. */
  readonly continuation: boolean
}

/** Events of linking a device. */
export type PairingEvent =
  | PairingQrCodeEvent
  | PairingQrCodesExhaustedEvent
  | PairSuccessEvent
  | PairErrorEvent
  | PairingCodeEvent
  | PairingCodeRefreshEvent
  | PairingCodeErrorEvent
  | QrScannedWithoutMultideviceEvent
  | PairPasskeyRequestEvent
  | PairPasskeyConfirmationEvent
  | PairPasskeyErrorEvent
