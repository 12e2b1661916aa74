import { describe, expect, it } from '@jest/globals'

import { sha256 } from '#crypto'
import { toHex, utf8 } from '../../lib/bytes/bytes.ts'
import { WIRE_HEADER } from '../../lib/connection/frame.ts'
import { DICTIONARY_VERSION, doubleByteTokens, singleByteTokens, tokenCodes } from '../../lib/stanza/tokens.ts'

describe('token tables', () => {
  it('are those of the service', () => {
    const tables = JSON.stringify({ singleByte: singleByteTokens, doubleByte: doubleByteTokens })
    expect(toHex(sha256(utf8(tables)))).toBe('231ff0dc11bc92e827abad8be1d2bb3f1cbb920a939982e3fd32845f33f23180')
  })

  it('have the announced version and one code for every word', () => {
    expect(DICTIONARY_VERSION).toBe(WIRE_HEADER[3])
    expect(tokenCodes.size).toBe(235 + 4 * 256)
    expect(tokenCodes.get('s.whatsapp.net')).toBe(3)
    expect(tokenCodes.get('')).toBeUndefined()
  })
})
