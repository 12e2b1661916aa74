import { describe, expect, it } from '@jest/globals'

import { toJid } from '../../lib/stanza/jid.ts'
import { participantHash } from '../../lib/stanza/participant-hash.ts'
import { vectorCases } from '../vectors.ts'

interface HashCase {
  readonly participants: readonly string[]
  readonly phash: string
}

describe('the hash of a set of devices', () => {
  it.each(vectorCases<HashCase>('participant-hash', 'phash').map((vector) => [vector.id, vector] as const))('%s', (_, { participants, phash }) => {
    const jids = participants.map(toJid)
    expect(participantHash(jids)).toBe(phash)
    expect(participantHash([...jids].reverse())).toBe(phash)
  })
})
