import { describe, expect, it } from '@jest/globals'
import { defer, of, throwError } from 'rxjs'

import { createDeviceQuestions, type AskingParts } from '../../lib/client/ask-devices.ts'
import { ServerRefused } from '../../lib/errors/request-errors.ts'
import { marbles } from '../../lib/testing/marbles.ts'
import type { FetchedBundle } from '../../lib/requests/prekey-requests.ts'
import type { Request } from '../../lib/requests/request.ts'
import { toJid, type Jid } from '../../lib/stanza/jid.ts'
import { attributesOf } from '../../lib/stanza/read-attributes.ts'
import { childrenOf } from '../../lib/stanza/stanza.ts'

const jidOf = (index: number): Jid => toJid(`${1_000 + index}@lid`)

/** A server that refuses every request which names this device, and has no keys for the others. */
const refusing = (refused: Jid) => {
  const asked: number[] = []
  const request = (({ name, content }) =>
    defer(() => {
      const devices = childrenOf(content![0]!, 'user').map((user) => attributesOf(user).jid('jid'))
      asked.push(devices.length)
      if (devices.some((device) => String(device) === String(refused))) return throwError(() => new ServerRefused(name, 406, 'not-acceptable'))
      return of(devices.map((device): FetchedBundle => ({ kind: 'refused', device, status: 406 })))
    })) as Request
  const session = { directory: { canonical: (jid: Jid) => jid } } as AskingParts['session']
  return { asked, ...createDeviceQuestions({ session, request, nextQueryId: () => '1' }) }
}

describe('asking for the keys of devices', () => {
  it('loses the part that was refused and no other', marbles(({ flush }) => {
    const { asked, askBundles } = refusing(jidOf(3))
    let found = 0
    askBundles(Array.from({ length: 120 }, (_, index) => jidOf(index))).subscribe(({ size }) => (found = size))
    flush()
    expect(asked).toEqual([50, 50, 20])
    expect(found).toBe(70)
  }))

  it('asks for each message alone when the request they share is refused', marbles(({ flush }) => {
    const { asked, askBundles } = refusing(jidOf(1))
    const sizes: number[] = []
    for (const index of [0, 1, 2]) askBundles([jidOf(index)]).subscribe((bundles) => (sizes[index] = bundles.size))
    flush()
    expect(asked).toEqual([3, 1, 1, 1])
    expect(sizes).toEqual([1, 0, 1])
  }))
})
