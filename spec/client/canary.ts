import { inspect } from 'node:util'

import type { Logger } from '../../lib/index.ts'

/** Looks for secrets in everything that is logged, at the finest level, and in every error. */
export interface Canary {
  readonly logger: Logger
  /** A text somebody wrote: it must not appear. */
  readonly text: (text: string | undefined) => void
  readonly error: (error: unknown) => void
  /** What was found since the last call. */
  readonly leaks: () => readonly string[]
}

/** The phone numbers and LIDs of simulated people, and anything as long as a key in one of its usual forms. */
const PATTERNS: ReadonlyArray<readonly [string, RegExp]> = [
  ['a phone number', /1555\d{7}/],
  ['a LID', /\b9001\d{4}\b/],
  ['a key in base64', /[A-Za-z0-9+/]{43}=|[A-Za-z0-9_-]{43}/],
  ['a key in hex', /[0-9a-f]{64}/i],
  ['the bytes of a key', /(?:\d{1,3},\s*){31}\d{1,3}|(?:[0-9a-f]{2} ){31}[0-9a-f]{2}/],
]

/** Shorter texts are words that appear by chance. */
const LEAST_TEXT = 5

export const createCanary = (): Canary => {
  let lines: string[] = []
  let texts = new Set<string>()
  const write = (level: string) => (fields: object, message: string) => void lines.push(`${level} ${message} ${inspect(fields, { depth: 8 })} ${JSON.stringify(fields)}`)
  return {
    logger: {
      trace: write('trace'),
      debug: write('debug'),
      info: write('info'),
      warn: write('warn'),
      error: write('error'),
      isLevelEnabled: () => true,
    },
    text: (text) => void (text !== undefined && text.length >= LEAST_TEXT && texts.add(text)),
    error: (error) => {
      // Where it was thrown is no secret.
      const { stack, ...shown } = error instanceof Error ? { ...error, message: error.message, cause: error.cause, stack: '' } : { stack: '', error }
      lines.push(`error ${stack}${inspect(shown, { depth: 8 })} ${String(error)}`)
    },
    leaks: () => {
      const found = lines.flatMap((line) => [
        ...PATTERNS.filter(([, pattern]) => pattern.test(line)).map(([what]) => `${what}: ${line}`),
        ...[...texts].filter((text) => line.includes(text)).map((text) => `the text "${text}": ${line}`),
      ])
      lines = []
      texts = new Set()
      return found
    },
  }
}
