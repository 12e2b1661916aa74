import { RxwaError } from './rxwa-error.ts'

/** What exactly is wrong with the bytes of a stanza (names as in the wire documents, section 4). */
export type StanzaCodecFault =
  | 'empty_data'
  | 'unexpected_eof'
  | 'invalid_token'
  | 'invalid_node'
  | 'non_string_key'
  | 'invalid_nibble'
  | 'invalid_packed_length'
  | 'invalid_domain_type'
  | 'invalid_jid'
  | 'invalid_utf8'
  | 'max_depth_exceeded'
  | 'leftover_data'
  | 'decompressed_too_large'
  | 'zlib'
  | 'string_too_long'
  | 'list_too_long'

/** Bytes that are no stanza, or a stanza that has no bytes. */
export class StanzaCodecError extends RxwaError {
  readonly code = 'stanza_codec'

  constructor(
    readonly fault: StanzaCodecFault,
    /** The offending number where there is one: a token, a nibble, a count of bytes. */
    readonly detail?: number,
    options?: { readonly cause?: unknown },
  ) {
    super(`not a stanza: ${fault}${detail === undefined ? '' : ` (${detail})`}`, options)
  }
}
