import { Subscription, take } from 'rxjs'

import type { Client } from '../client/client.ts'
import type { Phone } from '../simulator/phone.ts'

/**
 * Connects a client and lets a simulated phone scan its code, if it is not linked yet. Resolves once it is
 * connected, with what hangs up when it is unsubscribed; rejects with what ended the connection.
 *
 * @example
 * const connection = await linkClient(client, simulator.phone({ name: 'Bot' }))
 * connection.unsubscribe()
 */
export const linkClient = (client: Pick<Client, 'connection$' | 'connected$' | 'pairingQrCodes$'>, phone: Pick<Phone, 'scan'>): Promise<Subscription> =>
  new Promise((resolve, reject) => {
    const connection = new Subscription()
    connection.add(client.pairingQrCodes$.pipe(take(1)).subscribe(({ code }) => void phone.scan(code).catch(reject)))
    connection.add(client.connected$.pipe(take(1)).subscribe(() => resolve(connection)))
    connection.add(client.connection$.subscribe({ error: reject }))
  })
