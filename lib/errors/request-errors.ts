import { RxwaError } from './rxwa-error.ts'

/** The server did not answer a request in time. */
export class RequestTimedOut extends RxwaError {
  readonly code = 'request_timed_out'
  constructor(
    /** Name of the request. */
    readonly request: string,
    readonly afterMs: number,
  ) {
    super(`the server did not answer the request "${request}" within ${afterMs} ms`)
  }
}

/** The server answered a request with an error. */
export class ServerRefused extends RxwaError {
  readonly code = 'server_refused'
  constructor(
    readonly request: string,
    /** HTTP-like status of the `error` child, for example 401; 0 when it carried none. */
    readonly status: number,
    /** The server's word for it, for example `not-authorized`; what the table of the request says when it sent none. */
    readonly text: string,
    /** Wait this long before asking again, when the server said so. */
    readonly backoffSeconds?: number,
  ) {
    super(`the server refused the request "${request}" with status ${status}${text ? ` (${text})` : ''}`)
  }
}

/** The server answered a request with something that is no answer to it. */
export class ReplyMalformed extends RxwaError {
  readonly code = 'reply_malformed'
  constructor(
    readonly request: string,
    /** All that is wrong with it. */
    readonly faults: readonly string[],
  ) {
    super(`the server's answer to the request "${request}" cannot be read: ${faults.join('; ')}`)
  }
}

/** Something was asked of a client that has no open connection. */
export class NotConnected extends RxwaError {
  readonly code = 'not_connected'
  constructor(what: string) {
    super(`${what} needs an open connection; subscribe to client.connection$ and wait for client.connected$`)
  }
}
