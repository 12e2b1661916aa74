import { RxwaError } from './rxwa-error.ts'

/** The server refused a message. */
export class MessageRefused extends RxwaError {
  readonly code = 'message_refused'
  constructor(
    readonly messageId: string,
    /** The `error` of its acknowledgement (protocol document 05, section 11), for example "479". */
    readonly status: string,
  ) {
    super(`the server refused the message with error ${status}`)
  }
}

/** The server did not acknowledge a message, although it was written several times. */
export class MessageUnacknowledged extends RxwaError {
  readonly code = 'message_unacknowledged'
  constructor(
    readonly messageId: string,
    readonly attempts: number,
  ) {
    super(`the server did not acknowledge the message after ${attempts} attempts`)
  }
}

/** No device of the recipient could be encrypted for, so nothing was sent. */
export class NoDeviceReachable extends RxwaError {
  readonly code = 'no_device_reachable'
  constructor(
    /** How many devices were tried. */
    readonly tried: number,
    options?: { readonly cause?: unknown },
  ) {
    super(`the message could not be encrypted for any of the recipient's ${tried} devices; nothing was sent`, options)
  }
}

/** A message of this id was sent to another chat. */
export class MessageIdTaken extends RxwaError {
  readonly code = 'message_id_taken'
  constructor(readonly messageId: string) {
    super('a message of this id was sent to another chat; leave the option "id" out to get a fresh one')
  }
}
