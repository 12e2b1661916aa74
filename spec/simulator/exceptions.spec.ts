import { describe, expect, it } from '@jest/globals'

import { DOCUMENTED_REQUESTS, DOCUMENTED_STANZAS, EXCEPTIONS } from '../../lib/simulator/strict/exceptions.ts'
import { readPublishedShapes } from '../../lib/simulator/strict/published-shapes.ts'
import { checkShape } from '../../lib/simulator/strict/check-shape.ts'
import { compileShape, readKind, type WrittenShape } from '../../lib/simulator/strict/shape.ts'
import { stanza } from '../../lib/index.ts'

const { operations, stanzas } = readPublishedShapes()
const published = new Map<string, WrittenShape>([
  ...operations.flatMap(({ name, request, answers, pushes, responses }): Array<readonly [string, WrittenShape]> => [
    ...(request ? [[name, request] as const] : []),
    ...[...answers, ...pushes, ...responses].map((named) => [named.name, named.shape] as const),
  ]),
  ...stanzas.flatMap(({ name, sent, received }): Array<readonly [string, WrittenShape]> => [
    ...(sent ? [[name, sent] as const] : []),
    ...(received ? [[`${name} received`, received] as const] : []),
  ]),
])

const walk = (shape: WrittenShape | undefined, [next, ...rest]: readonly string[]): WrittenShape | undefined =>
  next === undefined ? shape : walk(shape?.children?.find(({ tag }) => tag === next), rest)

describe('the table of exceptions', () => {
  it.each(EXCEPTIONS.map((exception) => [`${exception.of} ${exception.at ?? ''}`, exception] as const))('%s corrects something that is published', (_, { of, at, optional = [], without = [], because }) => {
    const shape = walk(published.get(of), at?.split('/') ?? [])
    expect(shape).toBeDefined()
    const names = [...Object.keys(shape!.attrs ?? {}), ...(shape!.children ?? []).map(({ tag }) => tag)]
    expect([...optional, ...without].filter((name) => !names.includes(name))).toEqual([])
    expect(because).toMatch(/^\d\d, section/)
  })

  it('documents only what is not published', () => {
    const names = [...DOCUMENTED_REQUESTS, ...DOCUMENTED_STANZAS].map(({ name }) => name)
    expect(names.filter((name) => published.has(name))).toEqual([])
    expect(new Set(names).size).toBe(names.length)
    for (const { because } of [...DOCUMENTED_REQUESTS, ...DOCUMENTED_STANZAS]) expect(because).toMatch(/^\d\d, section/)
  })
})

describe('a shape', () => {
  it.each([
    ['int', { name: 'int', isOptional: false, isStated: false }],
    ['int[1..5]?', { name: 'int', isOptional: true, isStated: false, min: 1, max: 5 }],
    ['bytes[32..]', { name: 'bytes', isOptional: false, isStated: false, min: 32 }],
    ['=set', { name: 'word', isOptional: false, isStated: false, words: new Set(['set']) }],
    ['(read|played)!', { name: 'word', isOptional: false, isStated: true, words: new Set(['read', 'played']) }],
  ])('reads %s', (text, kind) => expect(readKind(text)).toEqual(kind))

  const written: WrittenShape = { tag: 'a', attrs: { id: 'stanzaId', kind: '=x' }, children: [{ tag: 'b', min: 1, max: 1 }] }
  const rulesOf = (shape: WrittenShape, isVocabulary = false): readonly string[] =>
    checkShape(compileShape(shape, isVocabulary), stanza('a', { kind: 'y' })).map(({ rule }) => rule)

  it('asks for what it needs', () => expect(rulesOf(written)).toEqual(['wrong_attribute', 'missing_attribute', 'missing_child']))
  it('that is a vocabulary needs nothing', () => expect(rulesOf(written, true)).toEqual(['wrong_attribute']))
  it('of merged alternatives knows neither what they need nor their words', () => expect(rulesOf({ ...written, isMerged: true })).toEqual([]))
  it('needs what a document states, even as a vocabulary', () =>
    expect(rulesOf({ ...written, attrs: { id: 'stanzaId!', kind: '=x' }, children: [{ tag: 'b', min: 1, isStated: true }] }, true)).toEqual([
      'wrong_attribute',
      'missing_attribute',
      'missing_child',
    ]))
})
