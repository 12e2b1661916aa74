import { RxwaError } from './rxwa-error.ts'

/** Somebody else takes from this channel. */
export class ChannelTaken extends RxwaError {
  readonly code = 'channel_taken'
  constructor() {
    super('this channel has a subscriber already; make a channel for each consumer, or share what it emits')
  }
}
