import { readFileSync } from 'node:fs'
import { Agent, get } from 'node:https'
import { createServer, type AddressInfo } from 'node:net'
import { describe, expect, it } from '@jest/globals'
import { firstValueFrom } from 'rxjs'

import { createClient, webSocketDial } from '../../../lib/index.ts'
import { listen as portableListen } from '../../../lib/simulator/listening/portable.ts'
import { memoryStore } from '../../../lib/store/memory/index.ts'
import { createSimulator, linkClient, type ListenOptions } from '../../../lib/testing/index.ts'

const pem = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8')
const tls = { cert: pem('test-only-cert.pem'), key: pem('test-only-key.pem') }

describe('listening', () => {
  it('on a port that is taken, or an address that is not ours, fails by name', async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    const { port } = taken.address() as AddressInfo
    const simulator = createSimulator()
    await expect(simulator.listen({ port })).rejects.toMatchObject({ code: 'simulator_failed', message: `simulator: port ${port} of 127.0.0.1 cannot be listened on; choose another one`, cause: { code: 'EADDRINUSE' } })
    await expect(simulator.listen({ host: '192.0.2.1' })).rejects.toMatchObject({ code: 'simulator_failed', cause: { code: 'EADDRNOTAVAIL' } })
    await expect(simulator.listen({ tls: { ...tls, key: 'none' } })).rejects.toMatchObject({ code: 'simulator_failed', message: expect.stringContaining('certificate') })
    simulator.close()
    taken.close()
  })

  it.each<readonly [string, unknown]>([
    ['options', 5_000],
    ['port', { port: 70_000 }],
    ['port', { port: -1 }],
    ['host', { host: '' }],
    ['name', { name: 5 }],
    ['tls', { tls: { cert: 'x' } }],
    ['tls', { tls: null }],
  ])('with a wrong %s is refused: %j', (option, options) => expect(createSimulator().listen(options as ListenOptions)).rejects.toMatchObject({ code: 'option_invalid', option }))

  it.each<readonly [ListenOptions, RegExp]>([
    [{}, /^ws:\/\/127\.0\.0\.1:\d+\/ws\/chat$/],
    [{ host: '0.0.0.0' }, /^ws:\/\/127\.0\.0\.1:/],
    [{ host: '0.0.0.0', name: 'simulator.test' }, /^ws:\/\/simulator\.test:/],
    [{ tls }, /^wss:\/\/127\.0\.0\.1:/],
  ])('with %p says how it is reached', async (options, url) => {
    const listening = await createSimulator().listen(options)
    expect(listening.url).toMatch(url)
    expect(listening.url).toContain(`//${listening.mediaHost}/`)
    await listening.close()
  })

  it('with a certificate serves clients and files by TLS', async () => {
    const simulator = createSimulator()
    const listening = await simulator.listen({ tls })
    const agent = new Agent({ ca: tls.cert })
    const [ana, ben] = [simulator.phone({ name: 'Ana' }), simulator.phone({ name: 'Ben' })]
    const client = createClient({ store: memoryStore(), url: listening.url, dial: webSocketDial({ agent }), trustedRoot: simulator.trustedRoot, prekeyCount: 10 })
    const connection = await linkClient(client, ana)
    const answer = firstValueFrom(ben.messages$)
    await client.send(ben.lid, { text: 'sealed twice' })
    expect((await answer).text).toBe('sealed twice')

    const { directPath } = simulator.media.put('image', new Uint8Array(100))
    const status = await new Promise((resolve, reject) => get(`https://${listening.mediaHost}${directPath}`, { agent }, (response) => resolve(response.resume().statusCode)).on('error', reject))
    expect(status).toBe(200)
    connection.unsubscribe()
    agent.destroy()
    await listening.close()
  })

  it('is nothing that can be done where there is no server', () => expect(portableListen).toBeUndefined())
})
