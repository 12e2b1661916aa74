import { listen } from '#listen'
import { SimulatorFailed } from '../../errors/simulator-failed.ts'
import type { Listen, Listening } from './listening.ts'

/**
 * Listens for clients on a port of this machine; on Node, Bun and Deno.
 *
 * @param port 0 picks a free one
 * @throws SimulatorFailed when the port cannot be had, or nothing here can listen, as in a browser
 */
export const startListening = async (...[accept, media, port]: Parameters<Listen>): Promise<Listening> => {
  if (!listen) throw new SimulatorFailed('a browser cannot listen on a port; give your client `dial: simulator.dial`')
  try {
    return await listen(accept, media, port)
  } catch (cause) {
    throw new SimulatorFailed(`port ${port} cannot be used; choose another one`, { cause })
  }
}
