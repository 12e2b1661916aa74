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

/** Events of linking a device. */
export type PairingEvent =
  | PairingQrCodeEvent
  | PairingQrCodesExhaustedEvent
  | PairSuccessEvent
  | PairErrorEvent
  | QrScannedWithoutMultideviceEvent
