import { RxwaError } from './rxwa-error.ts'

/** The connection was lost, or could not be made; it comes back on its own. */
export class ConnectionLost extends RxwaError {
  readonly code = 'connection_lost'
  constructor(
    readonly because:
      | 'dial_failed'
      | 'dial_timed_out'
      | 'handshake_timed_out'
      | 'server_closed'
      | 'stream_ended'
      | 'stream_error'
      | 'rate_limited'
      | 'restart_required'
      | 'no_answer_to_keepalive'
      | 'deaf'
      | 'overloaded'
      | 'login_failed'
      | 'login_timed_out',
    /** How to come back: at once, after the next wait of the back-off, or after some waits more. */
    readonly comeBack: 'at_once' | 'after_wait' | 'after_penalty' = 'after_wait',
    options?: { readonly cause?: unknown; readonly closeCode?: number },
  ) {
    super(`the connection was lost: ${because}`, options)
    if (options?.closeCode !== undefined) this.closeCode = options.closeCode
  }

  /** Close code of the WebSocket, when it gave one. */
  readonly closeCode?: number

  /** What the system said, where it did: `getaddrinfo ENOTFOUND web.whatsapp.com`, `Unexpected server response: 407`. */
  get detail(): string | undefined {
    const { cause } = this
    if (cause instanceof ConnectionLost) return cause.detail
    if (typeof cause !== 'object' || cause === null) return undefined
    // One refused address after the other is an error without a message.
    const { message, code } = cause as { readonly message?: unknown; readonly code?: unknown }
    const said = message === undefined || message === '' ? code : message
    return typeof said === 'string' ? said : undefined
  }
}

/**
 * This device is no longer linked to its account, and its credentials are of no use: `client.unlink()`
 * makes new ones, with which it can be linked again.
 */
export class LoggedOut extends RxwaError {
  readonly code = 'logged_out'
  constructor(readonly reason: number) {
    super(`this device is logged out (reason ${reason}); call client.unlink() and connect again to link it anew`)
  }
}

/** Another connection logged in with the same credentials. */
export class StreamReplaced extends RxwaError {
  readonly code = 'stream_replaced'
  constructor() {
    super('another connection took this device; make sure that only one process uses these credentials')
  }
}

/** The account is banned for a while. */
export class TemporarilyBanned extends RxwaError {
  readonly code = 'temporarily_banned'
  constructor(
    readonly banCode: number,
    readonly expireSeconds: number,
  ) {
    super(`the account is banned for ${expireSeconds} seconds (code ${banCode})`)
  }
}

/** The server refuses this version of the client. */
export class ClientOutdated extends RxwaError {
  readonly code = 'client_outdated'
  constructor() {
    super('the server refuses this client version; update the package or set the option "version"')
  }
}

/** The login was refused for good. */
export class LoginRefused extends RxwaError {
  readonly code = 'login_refused'
  constructor(readonly reason: number | undefined) {
    super(`the server refused the login${reason === undefined ? '' : ` with reason ${reason}`}`)
  }
}

/** No QR code was scanned while they were shown. */
export class PairingExhausted extends RxwaError {
  readonly code = 'pairing_exhausted'
  constructor() {
    super('no phone scanned a QR code in time; subscribe again to get new codes')
  }
}

/** Something was asked that cannot be done while a connection is held. */
export class StillConnected extends RxwaError {
  readonly code = 'still_connected'
  constructor(what: string) {
    super(`${what} needs that nobody is subscribed to client.connection$; unsubscribe first`)
  }
}
