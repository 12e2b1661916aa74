import { describe, expect, it } from '@jest/globals'

import { toHex } from '../../lib/bytes/bytes.ts'
import { acceptCode, codeOf, displayCode, finishCode, normalizeCode, randomCode, unwrapEphemeral, wrapEphemeral } from '../../lib/pairing/pairing-code.ts'
import { hex, vectorCases } from '../vectors.ts'

type Columns = Readonly<Record<string, string>>

describe('codes on vectors', () => {
  it.each(vectorCases<{ bytes: string; code: string }>('pairing', 'code-text'))('$id', ({ bytes, code }) => expect(codeOf(hex(bytes))).toBe(code))

  it.each(vectorCases<{ input: string; result: string | null }>('pairing', 'custom-code'))('$id: $input', ({ input, result }) =>
    expect(normalizeCode(input) ?? null).toBe(result))

  it('are shown in two halves and read back', () => {
    const code = randomCode()
    expect(normalizeCode(displayCode(code).toLowerCase())).toBe(code)
  })
})

describe('the key agreement on vectors', () => {
  it.each(vectorCases<Columns>('pairing', 'pairing-code'))('$id', (vector) => {
    const column = (name: string): Uint8Array => hex(vector[name]!)
    const code = vector['code']!
    expect(toHex(wrapEphemeral(code, column('companionEphemeralPublic'), column('helloSalt'), column('helloCounter')))).toBe(vector['wrappedCompanionEphemeral'])
    expect(toHex(unwrapEphemeral(code, column('wrappedPrimaryEphemeral')))).toBe(vector['primaryEphemeralPublic'])
    const companion = {
      ephemeral: column('companionEphemeralPrivate'),
      theirEphemeral: column('primaryEphemeralPublic'),
      identity: { privateKey: column('companionIdentityPrivate'), publicKey: column('companionIdentityPublic') },
      theirIdentity: column('primaryIdentityPublic'),
    }
    const { bundle, advSecret } = finishCode(companion, { secret: column('bundleSecret'), salt: column('bundleSalt'), iv: column('bundleIv') })
    expect(toHex(bundle)).toBe(vector['wrappedKeyBundle'])
    expect(toHex(advSecret)).toBe(vector['advSecret'])

    const primary = {
      ephemeral: column('primaryEphemeralPrivate'),
      theirEphemeral: column('companionEphemeralPublic'),
      identity: { privateKey: column('primaryIdentityPrivate'), publicKey: column('primaryIdentityPublic') },
      theirIdentity: column('companionIdentityPublic'),
    }
    expect(toHex(acceptCode(primary, bundle))).toBe(vector['advSecret'])
    const damaged = bundle.slice()
    damaged[60]! ^= 1
    expect(() => acceptCode(primary, damaged)).toThrow(expect.objectContaining({ code: 'pairing_rejected' }))
    expect(() => acceptCode({ ...primary, theirIdentity: column('primaryIdentityPublic') }, bundle)).toThrow(expect.objectContaining({ code: 'pairing_rejected' }))
    expect(() => finishCode({ ...companion, theirEphemeral: new Uint8Array(32) })).toThrow(expect.objectContaining({ fault: 'malformed' }))
  })
})
