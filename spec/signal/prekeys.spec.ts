import { describe, expect, it } from '@jest/globals'

import { generateKeyPair, generateSigningKeyPair } from '#crypto'
import { isBundleGenuine } from '../../lib/signal/prekey-bundle.ts'
import { generatePrekeys, generateRegistrationId, generateSignedPrekey, idAfter, planPrekeyUpload } from '../../lib/signal/prekeys.ts'

const LAST = 0xffffff
const pair = generateKeyPair()
const plan = (nextPrekeyId: number, firstUnuploadedPrekeyId: number, wanted: number) => {
  const { reusedIds, generated, ...window } = planPrekeyUpload({ nextPrekeyId, firstUnuploadedPrekeyId }, wanted, () => pair)
  return { reused: reusedIds, generated: generated.map(({ id }) => id), ...window }
}

describe('prekeys', () => {
  it('count on and begin again after 24 bits', () => {
    expect([idAfter(1), idAfter(LAST - 1), idAfter(LAST)]).toEqual([2, LAST, 1])
    expect(generatePrekeys(LAST - 1, 4, () => pair).map(({ id }) => id)).toEqual([LAST - 1, LAST, 1, 2])
    expect(generatePrekeys(5, 0)).toEqual([])
  })

  it('carry a signature that holds for their identity alone', () => {
    const identity = generateSigningKeyPair()
    const { id, pair: signed, signature } = generateSignedPrekey(identity, 3)
    const bundle = { registrationId: 1, identity: identity.publicKey, signedPrekey: { id, publicKey: signed.publicKey, signature } }
    expect(isBundleGenuine(bundle)).toBe(true)
    expect(isBundleGenuine({ ...bundle, identity: pair.publicKey })).toBe(false)
    for (const length of [0, 31, 33, 64])
      expect(isBundleGenuine({ ...bundle, signedPrekey: { id, signature, publicKey: new Uint8Array(length) } })).toBe(false)
  })

  it('registration ids lie in 1 to 16380', () => {
    for (let times = 0; times < 500; times += 1) {
      const id = generateRegistrationId()
      expect(Number.isInteger(id) && id >= 1 && id <= 16_380).toBe(true)
    }
  })
})

describe('an upload', () => {
  it('offers what is left first, then new ones', () => {
    expect(plan(1, 1, 3)).toEqual({ reused: [], generated: [1, 2, 3], nextPrekeyId: 4, firstUnuploadedPrekeyId: 4 })
    expect(plan(10, 8, 4)).toEqual({ reused: [8, 9], generated: [10, 11], nextPrekeyId: 12, firstUnuploadedPrekeyId: 12 })
    expect(plan(10, 5, 2)).toEqual({ reused: [5, 6], generated: [], nextPrekeyId: 10, firstUnuploadedPrekeyId: 7 })
  })

  it('may use the last id and begins again before it would cross it', () => {
    expect(plan(LAST, LAST, 1)).toEqual({ reused: [], generated: [LAST], nextPrekeyId: LAST + 1, firstUnuploadedPrekeyId: LAST + 1 })
    expect(plan(LAST, LAST, 2)).toEqual({ reused: [], generated: [1, 2], nextPrekeyId: 3, firstUnuploadedPrekeyId: 3 })
    expect(plan(LAST + 1, LAST + 1, 1)).toEqual({ reused: [], generated: [1], nextPrekeyId: 2, firstUnuploadedPrekeyId: 2 })
  })
})
