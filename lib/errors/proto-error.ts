import { RxwaError } from './rxwa-error.ts'

/** Bytes that are no such protobuf message, or a value that cannot be one. */
export class ProtoMalformed extends RxwaError {
  readonly code = 'proto_malformed'
  constructor(
    /** Name of the message type that was expected. */
    readonly type: string,
    options?: { readonly cause?: unknown },
  ) {
    super(`no valid ${type}`, options)
  }
}
