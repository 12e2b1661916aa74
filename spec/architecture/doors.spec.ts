import { describe, expect, it } from '@jest/globals'

import * as chats from '../../lib/chats/index.ts'
import * as main from '../../lib/index.ts'
import * as store from '../../lib/store/index.ts'
import { sqliteStore } from '../../lib/store/sqlite/index.ts'
import * as testing from '../../lib/testing/index.ts'

/** What callers without types may hand in. */
const NONSENSE: readonly unknown[] = [undefined, null, 5, 'x', {}, [], true, Symbol('s'), () => undefined, new Uint8Array(3), Number.NaN]

/**
 * Functions that take a value somebody already has, an event, an address or a stream, and no options: what is none
 * there is a mistake of the program, which the language reports as it does for any function.
 */
const TAKE_VALUES = new Set([
  'contentOf', 'textOf', 'isBroadcast', 'isGroup', 'isLid', 'isNewsletter', 'isPhoneNumber', 'isStatus', 'sameJid', 'sameUser', 'userOf', 'withDevice',
  'untilDisconnected', 'compareKeys', 'linkClient', 'liveMessage', 'messageEvent', 'readPasskeyOptions', 'marbles', 'storeContract',
])

const isClass = (value: (...args: never) => unknown): boolean => Function.prototype.toString.call(value).startsWith('class')

const doors = Object.entries({ ...main, ...store, ...testing, ...chats, sqliteStore } as Readonly<Record<string, unknown>>).filter(
  (entry): entry is [string, (value: unknown) => unknown] => typeof entry[1] === 'function' && !isClass(entry[1] as never) && !entry[0].endsWith('$') && !TAKE_VALUES.has(entry[0]),
)

describe('every door', () => {
  it.each(doors)('%s takes what it is given or says by name what it wants', async (_, door) => {
    for (const value of NONSENSE) {
      const failure = await Promise.resolve()
        .then(() => {
          const made = door(value)
          return made instanceof Promise ? made.then(() => undefined) : undefined
        })
        .catch((error: unknown) => error)
      if (failure !== undefined) expect(failure).toBeInstanceOf(main.RxwaError)
    }
  })
})

describe('a simulator', () => {
  it.each<readonly [string, unknown]>([
    ['options', null],
    ['refs', { refs: 7 }],
    ['refs', { refs: 0 }],
    ['lowPrekeys', { lowPrekeys: -1 }],
    ['routingInfo', { routingInfo: new Uint8Array(0) }],
    ['routingInfo', { routingInfo: 'AQ==' }],
    ['strict', { strict: true }],
    ['isLenientBacklog', { isLenientBacklog: 'no' }],
    ['scheduler', { scheduler: {} }],
    ['certificateFlaws', { certificateFlaws: null }],
  ])('refuses a wrong %s: %j', (option, options) => {
    expect(() => testing.createSimulator(options as never)).toThrow(expect.objectContaining({ code: 'option_invalid', option }))
  })

  it('refuses phones and people that are none', () => {
    const simulator = testing.createSimulator()
    for (const [option, options] of [['options', null], ['name', { name: 5 }], ['wantsPasskey', { wantsPasskey: 'yes' }]] as const)
      expect(() => simulator.phone(options as never)).toThrow(expect.objectContaining({ code: 'option_invalid', option }))
    const phone = simulator.phone({ name: 'Ana' })
    for (const nobody of [undefined, null, 5, {}, { lid: 'Ben' }]) expect(() => phone.send(nobody as never, 'hello')).toThrow(expect.objectContaining({ code: 'simulator_failed' }))
    expect(() => phone.send('Ben', 'hello')).toThrow(expect.objectContaining({ code: 'jid_invalid' }))
    const ben = simulator.phone({ name: 'Ben' })
    const texts: (string | undefined)[] = []
    ben.messages$.subscribe(({ text }) => texts.push(text))
    phone.send(ben.phoneNumber.toString(), 'by number')
    phone.sendToGroup(String(phone.createGroup('Two', [ben.lid.toString()])), 'in a group')
    expect(texts).toEqual(['by number', 'in a group'])
  })
})
