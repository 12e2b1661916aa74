import { OptionInvalid, requireObject } from '../errors/option-invalid.ts'
import { normalizeCode } from '../pairing/pairing-code.ts'
import type { CodeWish } from './pair-by-code.ts'

/** How a pairing code is asked for. */
export interface PairingCodeOptions {
  /** A code of your own: eight characters without 0, I, O and U; dashes do not count. Default: a random one. */
  readonly code?: string
  /** Whether the phone shows a notification by itself; default true. */
  readonly showsPushNotification?: boolean
}

/**
 * Checks what a code is asked for with.
 *
 * @throws OptionInvalid
 */
export const codeWish = (phoneNumber: string, options: PairingCodeOptions = {}): CodeWish => {
  requireObject('options', options, 'an object')
  const { code, showsPushNotification = true } = options
  const digits = typeof phoneNumber === 'string' ? phoneNumber.replace(/[\s()+-]/g, '') : ''
  if (!/^[1-9]\d{6,14}$/.test(digits))
    throw new OptionInvalid('phoneNumber', 'the full number with its country code, 7 to 15 digits that do not start with 0', `${digits.length} digits`)
  const normal = code === undefined ? undefined : normalizeCode(code)
  if (code !== undefined && normal === undefined)
    throw new OptionInvalid('options.code', 'eight of the characters 1-9 and A-Z without I, O and U', `a text of ${code.length} characters`)
  return { phoneNumber: digits, code: normal, showsPushNotification }
}
