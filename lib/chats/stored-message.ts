import { concat } from '../bytes/bytes.ts'
import { ProtoMalformed } from '../errors/proto-error.ts'
import { WebMessageInfo, type WebMessageInfo as Info } from '../proto/content.generated.ts'

/** A message as it is kept: the protocol's own form for messages with a past, and what that has no field for. */
export interface StoredMessage {
  readonly info: Info
  /** Milliseconds; 0: never edited. */
  readonly editedAtMs: number
}

const HEADER_BYTES = 8

/** The row of a message. */
export const encodeStored = ({ info, editedAtMs }: StoredMessage): Uint8Array => {
  const header = new Uint8Array(HEADER_BYTES)
  new DataView(header.buffer).setFloat64(0, editedAtMs)
  return concat(header, WebMessageInfo.encode(info))
}

/** Reads a row; undefined when it is none. */
export const decodeStored = (row: Uint8Array): StoredMessage | undefined => {
  if (row.length < HEADER_BYTES) return undefined
  try {
    return { editedAtMs: new DataView(row.buffer, row.byteOffset).getFloat64(0), info: WebMessageInfo.decode(row.subarray(HEADER_BYTES)) }
  } catch (error) {
    if (error instanceof ProtoMalformed) return undefined
    throw error
  }
}
