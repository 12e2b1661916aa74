import { inspect } from 'node:util'
import { describe, expect, it } from '@jest/globals'
import { config } from 'rxjs'

import { generateSigningKeyPair } from '#crypto'
import { createClient, toJid, type Logger } from '../../lib/index.ts'
import { memoryStore } from '../../lib/store/memory/index.ts'
import { describeStanza, redactJid } from '../../lib/stanza/redact.ts'
import { stanza } from '../../lib/stanza/stanza.ts'
import { createCanary } from './canary.ts'
import { createTestWorld } from './world.ts'

const createLogger = () => {
  const lines: Array<readonly [string, string, Readonly<Record<string, unknown>>]> = []
  const write = (level: string) => (fields: Readonly<Record<string, unknown>>, message: string) => void lines.push([level, message, fields])
  const logger: Logger = { trace: write('trace'), debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
  return { lines, logger, above: () => lines.filter(([level]) => level !== 'debug' && level !== 'trace') }
}

describe('logs', () => {
  it('say nothing above debug while everything goes well, and no stanza unless asked', async () => {
    const { lines, logger, above } = createLogger()
    const world = createTestWorld({ logger })
    await world.connect()
    world.ben.send(world.ana.lid, 'hello there')
    await world.client.send(world.ben.lid, { text: 'hello yourself' })
    world.hangUp()
    expect(above()).toEqual([])
    expect(lines.some(([level]) => level === 'trace')).toBe(false)
    expect(lines.filter(([, message]) => message === 'connection').map(([, , { state }]) => state)).toEqual(['dialing', 'pairing', 'waiting', 'dialing', 'opening', 'resuming', 'open', 'closed'])
  })

  it('tell what goes wrong, of whom only two digits', async () => {
    const { logger, above } = createLogger()
    const world = createTestWorld({ logger })
    await world.connect()
    world.simulator.inject(world.device, stanza('message', { from: toJid('90010002@lid'), id: 'X1', t: '1767225600' }, [stanza('enc', { v: '2', type: 'msg' }, Uint8Array.of(0x33, 1, 2))]))
    world.simulator.disconnect(world.device, stanza('stream:error', {}, [stanza('conflict', { type: 'device_removed' })]))
    world.hangUp()
    expect(above().map(([level, message, fields]) => [level, message, fields])).toEqual([
      ['warn', 'a message could not be read', { chat: '…02@lid', id: 'X1', reason: 'no_session', recovery: 'retry_receipt' }],
      ['error', 'this device is not linked any more', { reason: 401, onConnect: false }],
      ['error', 'the connection ended for good', { because: 'logged_out' }],
    ])
  })

  it('are written by loggers that need their `this`, as those of most libraries do', async () => {
    class Keeper implements Logger {
      readonly #lines: string[] = []
      trace(_: object, message: string): void {
        this.#lines.push(message)
      }
      debug(_: object, message: string): void {
        this.#lines.push(message)
      }
      info(_: object, message: string): void {
        this.#lines.push(message)
      }
      warn(_: object, message: string): void {
        this.#lines.push(message)
      }
      error(_: object, message: string): void {
        this.#lines.push(message)
      }
      isLevelEnabled(): boolean {
        return this.#lines.length >= 0
      }
      has(line: string): boolean {
        return this.#lines.includes(line)
      }
    }
    const logger = new Keeper()
    const world = createTestWorld({ logger })
    await world.connect()
    world.simulator.disconnect(world.device, stanza('stream:error', {}, [stanza('conflict', { type: 'device_removed' })]))
    world.hangUp()
    expect(['connection', 'the connection ended for good'].map((line) => logger.has(line))).toEqual([true, true])
  })

  it('cost nothing when the logger fails: that is reported as the failure of any subscriber', async () => {
    const reported: unknown[] = []
    config.onUnhandledError = (error) => void reported.push(error)
    try {
      const fail = (): never => {
        throw new Error('the log is full')
      }
      const world = createTestWorld({ logger: { trace: fail, debug: fail, info: fail, warn: fail, error: fail } })
      await world.connect()
      world.ben.send(world.ana.lid, 'hello')
      expect(world.events.some(({ type }) => type === 'message')).toBe(true)
      world.hangUp()
      await new Promise((resolve) => setTimeout(resolve))
      expect(reported).toContainEqual(new Error('the log is full'))
    } finally {
      config.onUnhandledError = null
    }
  })

  it.each([[{}], [{ trace: () => undefined }], ['pino']])('refuse %j as a logger', (logger) =>
    expect(() => createClient({ store: memoryStore(), logger: logger as never })).toThrow(expect.objectContaining({ code: 'option_invalid', option: 'logger' })))
})

describe('what is shown', () => {
  it('of addresses is their end', () =>
    expect(['15550100001:3@s.whatsapp.net', '90010002@lid', '120363000000000001@g.us', '12@lid', 's.whatsapp.net'].map((text) => redactJid(toJid(text)))).toEqual(['…01:3@s.whatsapp.net', '…02@lid', '…01@g.us', '…@lid', 's.whatsapp.net']))

  it('of stanzas are tags, kinds and sizes', () =>
    expect(describeStanza(stanza('message', { from: toJid('90010002@lid'), type: 'text', notify: 'Ben' }, [stanza('enc', { v: '2', type: 'msg' }, new Uint8Array(9)), stanza('x')]))).toBe('<message type=text>[<enc type=msg v=2>9 B <x>]'))

  it('of key pairs is nothing', () => {
    const pair = generateSigningKeyPair()
    expect([inspect(pair), JSON.stringify({ pair }), `${String(pair)}`]).toEqual(['[key pair]', '{"pair":"[key pair]"}', '[key pair]'])
  })
})

describe('the canary', () => {
  it('sees what it should', () => {
    const canary = createCanary()
    const key = new Uint8Array(32).fill(7)
    canary.text('a secret text')
    canary.logger.info({ user: '15550100001' }, 'x')
    canary.logger.info({ key }, 'x')
    canary.logger.info({ key: Buffer.from(key).toString('base64') }, 'x')
    canary.logger.info({ key: Buffer.from(key).toString('hex') }, 'x')
    canary.logger.info({}, 'somebody wrote a secret text')
    canary.error(Object.assign(new Error('90010002'), { key }))
    expect(canary.leaks()).toHaveLength(8)
    expect(canary.leaks()).toEqual([])
  })
})
