import { RxwaError } from './rxwa-error.ts'

/** A JSON is not that of an event. */
export class EventJsonInvalid extends RxwaError {
  readonly code = 'event_json_invalid'
  constructor(
    /** Where in the event; empty for the event itself. */
    readonly path: string,
    readonly expected: string,
  ) {
    super(`the JSON of an event should have ${expected}${path === '' ? '' : ` at ${path}`}`)
  }
}
