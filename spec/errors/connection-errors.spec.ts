import { describe, expect, it } from '@jest/globals'

import { ConnectionLost } from '../../lib/errors/connection-errors.ts'

describe('ConnectionLost', () => {
  it.each<[string, unknown, string | undefined]>([
    ['the message of the system', new Error('getaddrinfo ENOTFOUND web.whatsapp.com'), 'getaddrinfo ENOTFOUND web.whatsapp.com'],
    ['its code when it has no message', Object.assign(new AggregateError([new Error('one'), new Error('two')]), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
    ['what the loss underneath said', new ConnectionLost('dial_failed', 'after_wait', { cause: new Error('refused') }), 'refused'],
    ['nothing of a bare loss', undefined, undefined],
    ['nothing of a loss underneath that knew nothing', new ConnectionLost('server_closed'), undefined],
    ['nothing of a cause that is no error', 407, undefined],
    ['nothing of a cause without words', {}, undefined],
  ])('tells as its detail %s', (_, cause, detail) => {
    expect(new ConnectionLost('dial_failed', 'after_wait', { cause }).detail).toBe(detail)
  })
})
