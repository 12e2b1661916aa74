import { describe, it } from '@jest/globals'
import { filter, map } from 'rxjs'

import { messageAddons$, type WaEvent } from '../../lib/index.ts'
import { marbles, messageAddonEvent, messageEvent } from '../../lib/testing/index.ts'

const yes = new Uint8Array(32).fill(1)

describe('messageAddonEvent', () => {
  it('feeds pipelines of add-ons', marbles(({ cold, expectObservable }) => {
    const vote = messageAddonEvent('POLL', { kind: 'poll_vote', decrypted: { selectedOptions: [yes] } }, { from: '15550100003@s.whatsapp.net' })
    const lost = messageAddonEvent('POLL', { kind: 'poll_vote', decrypted: undefined, fault: 'no_message_secret' })
    const event$ = cold<WaEvent>('mvl|', { m: messageEvent(), v: vote, l: lost })
    const vote$ = event$.pipe(
      messageAddons$,
      filter(({ decrypted }) => decrypted !== undefined),
      map(({ info, targetMessageId }) => `${info.source.sender} ${targetMessageId}`),
    )
    expectObservable(vote$).toBe('-v-|', { v: '15550100003@s.whatsapp.net POLL' })
  }))
})
