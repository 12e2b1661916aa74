import { OptionInvalid, requireObject } from '../errors/option-invalid.ts'
import type { PhoneOptions, SimulatorOptions } from './simulator.ts'

const QR_CODES = 6
const ROUTING_BYTES = 1_024

/** @throws OptionInvalid naming the option and what it takes */
export const checkSimulatorOptions = (options: SimulatorOptions): void => {
  requireObject('options', options, 'an object')
  const { scheduler, routingInfo, refs, lowPrekeys, isLenientBacklog, strict, certificateFlaws } = options
  check('scheduler', scheduler, 'a scheduler of RxJS', ({ now, schedule }) => typeof now === 'function' && typeof schedule === 'function')
  check('routingInfo', routingInfo, `1 to ${ROUTING_BYTES} bytes`, (bytes) => bytes instanceof Uint8Array && bytes.length >= 1 && bytes.length <= ROUTING_BYTES)
  check('refs', refs, `a whole number from 1 to ${QR_CODES}`, (count) => Number.isInteger(count) && count >= 1 && count <= QR_CODES)
  check('lowPrekeys', lowPrekeys, 'a whole number of at least 0', (count) => Number.isSafeInteger(count) && count >= 0)
  check('isLenientBacklog', isLenientBacklog, 'true or false', (flag) => typeof flag === 'boolean')
  check('strict', strict, '“report” or “refuse”', (word) => word === 'report' || word === 'refuse')
  check('certificateFlaws', certificateFlaws, 'an object', (flaws) => typeof flaws === 'object')
}

/** @throws OptionInvalid naming the option and what it takes */
export const checkPhoneOptions = (options: PhoneOptions): void => {
  requireObject('options', options, 'an object')
  for (const name of ['phoneNumber', 'name', 'platform'] as const) check(name, options[name], 'a text', (text) => typeof text === 'string')
  check('wantsPasskey', options.wantsPasskey, 'true or false', (flag) => typeof flag === 'boolean')
}

/** What was left out is fine. */
const check = <T>(option: string, value: T | undefined, expected: string, isFine: (value: T) => boolean): void => {
  if (value !== undefined && (value === null || !isFine(value))) throw new OptionInvalid(option, expected, value === null ? 'null' : typeof value)
}
