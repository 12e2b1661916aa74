/**
 * How a process meets its end at one of its commits: killed before it, killed after it, or the disk refuses it,
 * which the process survives.
 */
export const modes = ['kill-before', 'kill-after', 'fail'] as const
export type Mode = (typeof modes)[number]

/** What a child process is told. */
export interface ChildPlan {
  readonly mode: Mode
  /** Which commit of the process is its last, from 1. */
  readonly index: number
  /** How many commits the disk refuses. */
  readonly most: number
  readonly url: string
  /** Root of the simulator's certificates: public key in hex, serial. */
  readonly rootKey: string
  readonly rootSerial: number
  readonly storePath: string
  /** Its archive: a line of key and text per message. */
  readonly receivedPath: string
  /** Ids of its messages that it knows to be accepted. */
  readonly acceptedPath: string
  /** Indexes of commits the disk refused. */
  readonly failuresPath: string
  /** Whom it writes to. */
  readonly peer: string
  /** How many messages it has to send. */
  readonly messages: number
  /** How many it sends side by side. */
  readonly window: number
  /** Where the package is installed, if it is. */
  readonly betterSqlite3?: string | undefined
}
