import { RxwaError } from './rxwa-error.ts'

/** A durable consumer left too many events unacknowledged; the connection ended rather than lose one. */
export class DurableFellBehind extends RxwaError {
  readonly code = 'durable_fell_behind'
  constructor(
    readonly consumer: string,
    readonly limit: number,
  ) {
    super(`the durable consumer "${consumer}" has ${limit} events unacknowledged; acknowledge them, forget the name, or raise the option "durableLimit"`)
  }
}

/** Too many names were given to durable consumers of one account. */
export class TooManyDurableNames extends RxwaError {
  readonly code = 'too_many_durable_names'
  constructor(readonly most: number) {
    super(`an account has at most ${most} durable consumers; forget names that are no longer used`)
  }
}

/** Somebody else is subscribed to a durable consumer of this name. */
export class DurableNameTaken extends RxwaError {
  readonly code = 'durable_name_taken'
  constructor(readonly consumer: string) {
    super(`the durable consumer "${consumer}" already has a subscriber; give each consumer a name of its own`)
  }
}
