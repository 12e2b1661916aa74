import type { Stanza } from '../stanza/stanza.ts'

/** What a request comes to: children of the `result`, or an error. */
export type Answer =
  | { readonly kind: 'result'; readonly content?: ReadonlyArray<Stanza | undefined> }
  | { readonly kind: 'error'; readonly code: number; readonly text: string }

/** Yes, with this. */
export const result = (...content: ReadonlyArray<Stanza | undefined>): Answer => ({ kind: 'result', content })

/** No, for this reason. */
export const refused = (code: number, text: string): Answer => ({ kind: 'error', code, text })

/** Yes, and nothing else. */
export const done: Answer = { kind: 'result' }

/** No, the request is not as it should be. */
export const malformed: Answer = refused(400, 'bad-request')

/** No, nobody here knows what this is. */
export const unknown: Answer = refused(501, 'feature-not-implemented')
