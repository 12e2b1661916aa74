import { SignalFailed } from '../../errors/signal-error.ts'
import { readFields } from '../../signal/wire-fields.ts'

const DETAILS = 1
const NAME = 4

const decoder = new TextDecoder()

/**
 * The name in a `VerifiedNameCertificate`; undefined when there is none or it cannot be read. Read by hand: the
 * codecs of all contents are loaded later than the first notification may come.
 */
export const nameInCertificate = (certificate: Uint8Array): string | undefined => {
  try {
    const details = readFields(certificate, [], [DETAILS]).bytes(DETAILS)
    const name = details && readFields(details, [], [NAME]).bytes(NAME)
    return name && decoder.decode(name)
  } catch (error) {
    if (error instanceof SignalFailed) return undefined
    throw error
  }
}
