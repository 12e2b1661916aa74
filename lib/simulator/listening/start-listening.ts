import { listen } from '#listen'
import { OptionInvalid, requireObject } from '../../errors/option-invalid.ts'
import { SimulatorFailed } from '../../errors/simulator-failed.ts'
import type { MediaHost } from '../media-host.ts'
import type { Accept } from '../memory-socket.ts'
import type { Listening, ListenOptions } from './listening.ts'

/** Addresses that stand for all of a machine's. */
const ALL = ['0.0.0.0', '::']

/**
 * Listens for clients on a port of this machine; on Node, Bun and Deno.
 *
 * @throws OptionInvalid
 * @throws SimulatorFailed when the port cannot be had, or nothing here can listen, as in a browser
 */
export const startListening = async (accept: Accept, media: Pick<MediaHost, 'answer'>, options: ListenOptions): Promise<Listening> => {
  requireObject('options', options, 'an object')
  const { port = 0, host = '127.0.0.1', name = ALL.includes(host) ? '127.0.0.1' : host, tls } = options
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new OptionInvalid('port', 'a whole number from 0 to 65535', String(port))
  for (const [option, text] of Object.entries({ host, name })) if (typeof text !== 'string' || text === '') throw new OptionInvalid(option, 'a text', typeof text)
  if (tls !== undefined && (typeof tls?.cert !== 'string' || typeof tls.key !== 'string')) throw new OptionInvalid('tls', 'an object with `cert` and `key` as PEM', typeof tls)
  if (!listen) throw new SimulatorFailed('a browser cannot listen on a port; give your client `dial: simulator.dial`')
  try {
    return await listen(accept, media, { port, host, name, tls })
  } catch (cause) {
    throw new SimulatorFailed(`port ${port} of ${host} cannot be listened on${tls ? ' with this certificate' : ''}; choose another one`, { cause })
  }
}
