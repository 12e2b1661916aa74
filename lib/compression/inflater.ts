/** Inflates a zlib stream part by part, at once. */
export interface Inflater {
  /** What the stream becomes by this part of it, in pieces; throws when it is no such stream, or ends before its end. */
  readonly push: (compressed: Uint8Array, isLast: boolean) => readonly Uint8Array[]
}

/** What a backend offers; both export exactly this. */
export type CreateInflater = () => Inflater
