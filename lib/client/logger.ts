/**
 * Where a client writes what it does, of the shape of pino's loggers, so that one can be handed in as it
 * is. On the success path nothing is written above `debug`. No line holds a key, a full address or
 * anything of a message.
 */
export interface Logger {
  readonly trace: LogFunction
  readonly debug: LogFunction
  readonly info: LogFunction
  readonly warn: LogFunction
  readonly error: LogFunction
  /** Whether lines of this level are kept; asked before stanzas are described at `trace`. Absent: they are not. */
  readonly isLevelEnabled?: (level: string) => boolean
}

/** Fields first, then what happened. */
export type LogFunction = (fields: Readonly<Record<string, unknown>>, message: string) => void
