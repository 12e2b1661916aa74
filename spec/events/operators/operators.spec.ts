import { describe, expect, it } from '@jest/globals'
import type { Observable } from 'rxjs'

import { fromContact } from '../../../lib/events/operators/from-contact.ts'
import { fromOthers } from '../../../lib/events/operators/from-others.ts'
import { inChat } from '../../../lib/events/operators/in-chat.ts'
import { ofType } from '../../../lib/events/operators/of-type.ts'
import { textOf } from '../../../lib/events/operators/text-of.ts'
import { withText } from '../../../lib/events/operators/with-text.ts'
import { messages$, receipts$, substreamNames } from '../../../lib/events/substreams.ts'
import * as substreams from '../../../lib/events/substreams.ts'
import type { MessageEvent } from '../../../lib/events/message-event.ts'
import type { WaEvent } from '../../../lib/events/wa-event.ts'
import { toJid } from '../../../lib/stanza/jid.ts'
import { messageEvent, receiptEvent } from '../../../lib/testing/event-factories.ts'
import { marbles } from '../../../lib/testing/marbles.ts'

const BEN = '15550100002@s.whatsapp.net'
const BEN_LID = '90010002@lid'
const GROUP = '120363000000000001@g.us'

const withAlt = (event: MessageEvent, senderAlt: string): MessageEvent => ({
  ...event,
  info: { ...event.info, source: { ...event.info.source, senderAlt: toJid(senderAlt) } },
})

const messages = {
  a: messageEvent({ text: 'a', from: `15550100002:3@s.whatsapp.net` }),
  l: withAlt(messageEvent({ text: 'l', from: `90010002:1@lid` }), BEN),
  c: messageEvent({ text: 'c', from: '15550100003@s.whatsapp.net' }),
  g: messageEvent({ text: 'g', from: BEN, chat: GROUP }),
  m: messageEvent({ text: 'm', from: '15550100001@s.whatsapp.net', chat: BEN, isFromMe: true }),
  n: messageEvent({ message: { reactionMessage: { text: '👍' } } }),
}
const events: Readonly<Record<string, WaEvent>> = { ...messages, r: receiptEvent(['1']) }

/** What every operator that selects owes: nothing, errors, completion, unsubscription, subscribers of their own. */
const selects = (name: string, operator: (source$: Observable<MessageEvent>) => Observable<unknown>, chosen: string): void =>
  describe(`${name} as an operator`, () => {
    it('passes completion and errors', marbles(({ cold, expectObservable }) => {
      expectObservable(operator(cold<MessageEvent>('|'))).toBe('|')
      expectObservable(operator(cold<MessageEvent>('#'))).toBe('#')
    }))

    it('keeps nothing between two subscribers, and leaves its source', marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold<MessageEvent>('a-l-c-g-m|', messages)
      const selected$ = operator(source$)
      const expected = [...'a-l-c-g-m'].map((marble) => (chosen.includes(marble) ? marble : '-')).join('')
      const values = name === 'withText' ? Object.fromEntries(Object.entries(messages).map(([key, event]) => [key, { event, text: key }])) : events

      expectObservable(selected$).toBe(`${expected}|`, values)
      expectObservable(selected$, '----^').toBe(`----${expected}|`, values)
      expectObservable(selected$, '^--!').toBe(expected.slice(0, 3), values)
      expectSubscriptions(source$.subscriptions).toBe(['^--------!', '^--!', '----^--------!'])
    }))
  })

selects('inChat', inChat(BEN), 'alm')
selects('inChat by LID', inChat(BEN_LID), 'l')
selects('inChat of a group', inChat(GROUP), 'g')
selects('fromContact', fromContact(BEN), 'alg')
selects('fromOthers', fromOthers(), 'alcg')
selects('withText', withText(), 'alcgm')

describe('inChat', () => {
  it('takes receipts as well', marbles(({ hot, expectObservable }) => {
    expectObservable(hot('r-|', { r: receiptEvent(['1']) }).pipe(inChat(BEN))).toBe('r-|', events)
  }))

  it('refuses what is no address at once', () => expect(() => inChat('somebody')).toThrow(expect.objectContaining({ code: 'jid_invalid' })))
})

describe('ofType', () => {
  it('narrows to one or several types', marbles(({ hot, expectObservable }) => {
    const source$ = hot<WaEvent>('a-r-c|', events)
    expectObservable(source$.pipe(ofType('message'))).toBe('a---c|', events)
    expectObservable(source$.pipe(ofType('message', 'receipt'))).toBe('a-r-c|', events)
    expectObservable(source$.pipe(ofType('logged_out'))).toBe('-----|')
  }))
})

describe('substreams', () => {
  it('are functions of any stream of events', marbles(({ hot, expectObservable }) => {
    const source$ = hot<WaEvent>('a-r-c#', events)
    expectObservable(messages$(source$)).toBe('a---c#', events)
    expectObservable(receipts$(source$)).toBe('--r--#', events)
  }))

  it('exist for every event', () => expect(Object.keys(substreams)).toEqual(expect.arrayContaining(Object.values(substreamNames))))
})

describe('withText', () => {
  it('leaves out what carries no text', marbles(({ hot, expectObservable }) => {
    expectObservable(hot('n-|', messages).pipe(withText())).toBe('--|')
  }))
})

describe('textOf', () => {
  it.each([
    [{ conversation: 'x' }, 'x'],
    [{ extendedTextMessage: { text: 'x' } }, 'x'],
    [{ imageMessage: { caption: 'x' } }, 'x'],
    [{ ephemeralMessage: { message: { viewOnceMessageV2: { message: { videoMessage: { caption: 'x' } } } } } }, 'x'],
    [{ documentWithCaptionMessage: { message: { documentMessage: { caption: 'x' } } } }, 'x'],
    [{ protocolMessage: { type: 14, editedMessage: { conversation: 'x' } } }, 'x'],
    [{ conversation: '' }, ''],
    [{}, undefined],
    [{ reactionMessage: { text: 'x' } }, undefined],
  ])('%j', (message, text) => expect(textOf(message)).toBe(text))

  it('ends in wrappers without end', () => {
    const endless: { ephemeralMessage?: { message?: object } } = {}
    endless.ephemeralMessage = { message: endless }
    expect(textOf(endless)).toBeUndefined()
  })
})
