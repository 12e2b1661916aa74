/** How a pipeline is tested without any connection: events of your own, time drawn as a diagram. */
import assert from 'node:assert/strict'
import { debounceTime, map, type Observable } from 'rxjs'

import { fromOthers, inChat, messages$, textOf, type WaEvent } from 'rxwa'
import { marbles, messageEvent } from 'rxwa/testing'

const BEN = '15550100002@s.whatsapp.net'

/** The pipeline under test: what Ben said last, once he has been quiet for a second. */
const lastWord = (events$: Observable<WaEvent>): Observable<string> =>
  messages$(events$).pipe(
    fromOthers(),
    inChat(BEN),
    debounceTime(1_000),
    map(({ message }) => textOf(message) ?? ''),
  )

const events = {
  a: messageEvent({ text: 'hello' }),
  b: messageEvent({ text: 'are you there?' }),
  c: messageEvent({ text: 'from somebody else', from: '15550100003@s.whatsapp.net' }),
  m: messageEvent({ text: 'mine', isFromMe: true, chat: BEN }),
}

marbles(({ hot, expectObservable }) => {
  const events$ = hot<WaEvent>('a-b-c-m', events)
  const expected = '            --  1s b'
  expectObservable(lastWord(events$)).toBe(expected, { b: 'are you there?' })
}, assert.deepEqual)()
console.log('the diagram holds')
