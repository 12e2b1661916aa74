import type { WaEvent } from '../events/wa-event.ts'
import { redactJid } from '../stanza/redact.ts'
import type { EventHub } from './event-hub.ts'
import type { Logger } from './logger.ts'

/** A hub that writes down what goes wrong before it is told. */
export const logEvents = (hub: EventHub, logger: Logger): EventHub => ({
  ...hub,
  emit: (event) => {
    log(event, logger)
    hub.emit(event)
  },
})

const log = (event: WaEvent, { debug, warn, error }: Logger): void => {
  switch (event.type) {
    case 'connection_state': {
      const { state } = event
      if (state.kind === 'ended') error({ because: state.because }, 'the connection ended for good')
      // A restart after a pairing is planned.
      else if (state.kind === 'waiting' && state.because !== 'restart_required') {
        const { kind: _, ...why } = state
        warn(why, 'the connection was lost and comes back')
      }
      else debug({ state: state.kind }, 'connection')
      return
    }
    case 'disconnected':
      debug({ reason: event.reason.kind, isCleanShutdown: event.isCleanShutdown }, 'disconnected')
      return
    case 'logged_out':
      error({ reason: event.reason, onConnect: event.onConnect }, 'this device is not linked any more')
      return
    case 'temporary_ban':
      error({ code: event.code, expireSeconds: event.expireSeconds }, 'the account is banned for a while')
      return
    case 'connect_failure':
      error({ reason: event.reason }, 'the server refused the login')
      return
    case 'stream_error':
      warn({ code: event.code, cause: event.cause }, 'the server ended the stream with an error')
      return
    case 'stream_replaced':
      error({}, 'another connection took this device')
      return
    case 'client_outdated':
      error({}, 'the server refuses this version of the client')
      return
    case 'pair_error':
    case 'pairing_code_error':
      warn({ code: 'code' in event.error ? event.error.code : event.error.name }, 'linking failed')
      return
    case 'undecryptable_message': {
      const { info, reason, recovery, unavailableType, isUnavailable } = event
      warn({ chat: redactJid(info.source.chat), id: info.id, reason, recovery, ...(isUnavailable && { unavailableType }) }, 'a message could not be read')
      return
    }
    case 'malformed_stanza':
      warn({ tag: event.node.tag, faults: event.faults }, 'a stanza could not be read')
      return
    case 'unhandled_stanza':
      debug({ tag: event.node.tag, reason: event.reason }, 'a stanza nobody handles')
      return
    case 'history_sync_failed':
      warn({ syncType: event.syncType, chunkOrder: event.chunkOrder, reason: event.reason }, 'a piece of history could not be taken in')
      return
    case 'decode_error':
      warn({ bytes: event.frame.length, message: event.error.message }, 'a frame is no stanza')
      return
    default:
  }
}
