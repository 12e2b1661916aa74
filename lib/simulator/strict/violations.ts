import { Subject, type Observable } from 'rxjs'

import type { Jid } from '../../stanza/jid.ts'
import type { Stanza } from '../../stanza/stanza.ts'
import type { ViolatedRule } from './check-shape.ts'
import { checkSent } from './check-stanza.ts'

/** One thing a client said that no published client would. */
export interface Violation {
  /** The device, once it is known. */
  readonly device: Jid | undefined
  /** What was sent, without contents in bytes. */
  readonly stanza: Stanza
  readonly rule: ViolatedRule
  /** Where: tags from the root, `@name` for an attribute, for example `iq/link_code_companion_reg@stage`. */
  readonly path: string
  /** What was expected and what was there. */
  readonly message: string
  /** The published shape that came closest; undefined when nothing did. */
  readonly shape: string | undefined
}

/** What clients did wrong. */
export interface Violations {
  /** Checks a stanza of a client; whether it is as it should be. */
  readonly check: (stanza: Stanza, device: Jid | undefined) => boolean
  /** Hot, as they happen. */
  readonly violations$: Observable<Violation>
  readonly all: () => readonly Violation[]
}

/** Violations that are remembered; a client that does nothing right must not fill the memory. */
const REMEMBERED = 10_000

/** Watches what clients send. */
export const watchViolations = (): Violations => {
  const violations$ = new Subject<Violation>()
  const all: Violation[] = []
  return {
    check: (stanza, device) => {
      const { name, mismatches } = checkSent(stanza)
      if (mismatches.length === 0) return true
      const bare = withoutBytes(stanza)
      for (const mismatch of mismatches) {
        const violation: Violation = { device, stanza: bare, shape: name, ...mismatch }
        if (all.length < REMEMBERED) all.push(violation)
        violations$.next(violation)
      }
      return false
    },
    violations$: violations$.asObservable(),
    all: () => [...all],
  }
}

const withoutBytes = ({ tag, attrs, content }: Stanza): Stanza =>
  content === undefined || content instanceof Uint8Array ? { tag, attrs } : { tag, attrs, content: content.map(withoutBytes) }
