import { describe, expect, it } from '@jest/globals'
import { map, of } from 'rxjs'

import { commands, type Command } from '../../../lib/events/operators/commands.ts'
import { messageEvent } from '../../../lib/testing/event-factories.ts'
import { usualCases } from './usual-cases.ts'

const values = { h: messageEvent({ text: '/help' }), x: messageEvent({ text: 'help' }), a: messageEvent({ text: '/add  milk and\nhoney ' }) }

usualCases('commands', { operator: (source$) => source$.pipe(commands(), map(({ name }) => name)), values, outcomes: { h: 'help', a: 'add' }, one: ['h', 'h'], many: ['h-x-a', 'h---a'] })

const read = (text: string, prefix?: string): Partial<Command> | undefined => {
  let found: Partial<Command> | undefined
  of(messageEvent({ text })).pipe(commands(prefix)).subscribe(({ name, rest, words }) => (found = { name, rest, words }))
  return found
}

describe('commands', () => {
  it.each([
    ['/help', undefined, { name: 'help', rest: '', words: [] }],
    ['/Add  milk and\nhoney ', undefined, { name: 'add', rest: 'milk and\nhoney', words: ['milk', 'and', 'honey'] }],
    ['bot, help me', 'bot, ', { name: 'help', rest: 'me', words: ['me'] }],
    ['/', undefined, undefined],
    ['/ help', undefined, undefined],
    ['say /help', undefined, undefined],
  ])('%j', (text, prefix, expected) => expect(read(text, prefix)).toEqual(expected))
})
