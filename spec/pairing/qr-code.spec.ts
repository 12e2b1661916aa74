import { describe, expect, it } from '@jest/globals'

import { parseQrCode, platformIdOf, qrCodeText } from '../../lib/pairing/qr-code.ts'
import { hex, vectorCases } from '../vectors.ts'

interface QrCase {
  readonly ref: string
  readonly noisePublic: string
  readonly identityPublic: string
  readonly advSecret: string
  readonly platformId: string
  readonly qr: string
  readonly qrWithUrl: string
}

describe('QR codes on vectors', () => {
  it.each(vectorCases<QrCase>('pairing', 'qr'))('$id', ({ ref, noisePublic, identityPublic, advSecret, platformId, qr, qrWithUrl }) => {
    const code = { ref, noise: hex(noisePublic), identity: hex(identityPublic), advSecret: hex(advSecret), platformId }
    expect(qrCodeText(code)).toBe(qr)
    expect(qrCodeText(code, true)).toBe(qrWithUrl)
    for (const text of [qr, qrWithUrl, `${qr},https://faq.whatsapp.com/r/ld`]) expect(parseQrCode(text)).toEqual(code)
    expect(parseQrCode(qr.slice(0, -2))).toEqual({ ...code, platformId: '' })
    expect(parseQrCode(qr.replace(ref, `with,comma,${ref}`))).toMatchObject({ ref: `with,comma,${ref}` })
  })

  it.each(['', 'a,b', 'ref,AA==,AA==,AA==,1', ',,,,1'])('"%s" is none', (text) => expect(parseQrCode(text)).toBeUndefined())
})

describe('platformIdOf', () => {
  it.each([
    [1, '1'],
    [6, '2'],
    [2, '3'],
    [3, '4'],
    [4, '5'],
    [5, '6'],
    [7, '7'],
    [21, '8'],
    [16, '1'],
    [8, '9'],
  ])('%i is %s', (platformType, id) => expect(platformIdOf(platformType)).toBe(id))
})
