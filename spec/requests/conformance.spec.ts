import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import { SERVER } from '../../lib/stanza/jid.ts'
import { stanza, type Stanza } from '../../lib/stanza/stanza.ts'
import { readReply } from '../../lib/pipeline/settle-replies.ts'
import type { RequestDescription } from '../../lib/requests/request.ts'
import { checkReceived, checkSent } from '../../lib/simulator/strict/check-stanza.ts'
import { shapeBook, type Candidate } from '../../lib/simulator/strict/shape-book.ts'
import { stanzaOf } from './arbitrary-stanza.ts'
import { ARGUMENTS, NO_REQUESTS } from './arguments.ts'

type Description = RequestDescription<unknown>

/** Replies that are published and that we refuse to read, by request and reply. */
const UNREAD: Readonly<Record<string, string>> = {
  'queryGroupMetadata GetGroupInfo.Success': 'size and triggers have ranges the published shape does not state: 12, section 2',
}

/** Requests whose replies nobody has published or documented. */
const WITHOUT_REPLIES: readonly string[] = []

const folder = new URL('../../lib/requests/', import.meta.url)
const modules = await Promise.all(
  readdirSync(fileURLToPath(folder))
    .filter((file) => file.endsWith('.ts') && file !== 'request.ts')
    .map(async (file) => ({ file, exported: (await import(new URL(file, folder).href)) as Readonly<Record<string, unknown>> })),
)

const isDescription = (value: unknown): value is Description => typeof value === 'object' && value !== null && 'xmlns' in value && 'parse' in value

const exported = modules.flatMap(({ file, exported: values }) => Object.entries(values).map(([name, value]) => ({ file, name, value })))
const functions = exported.filter(({ name, value }) => typeof value === 'function' && !NO_REQUESTS.includes(name))
const descriptions: ReadonlyArray<readonly [string, fc.Arbitrary<Description>]> = [
  ...exported.flatMap(({ name, value }) => (isDescription(value) ? [[name, fc.constant(value)] as const] : [])),
  ...functions.flatMap(({ name, value }) => {
    const given = ARGUMENTS[name]
    return given ? [[name, given.map((values) => (value as (...parts: readonly unknown[]) => Description)(...values))] as const] : []
  }),
]

const asStanza = ({ type, xmlns, to = SERVER, content }: Description): Stanza => stanza('iq', { id: '1.2-3', xmlns, type, to }, content)
const typed = (description: Description): { readonly responses: readonly Candidate[] } => {
  const { name } = checkSent(asStanza(description))
  return { responses: shapeBook().requests(description.type, description.xmlns).find((known) => known.name === name)?.responses ?? [] }
}
const answered = (description: Description, reply: Stanza): Stanza => ({ ...reply, attrs: { ...reply.attrs, id: '1.2-3', from: description.to ?? SERVER } })
const RUNS = { numRuns: 50 }

describe('lib/requests', () => {
  it('has arguments for each of its functions', () => {
    const missing = functions.filter(({ name }) => !(name in ARGUMENTS))
    const advice = missing.map(
      ({ file, name }) => `lib/requests/${file} exports ${name}: add arguments for it to ARGUMENTS in spec/requests/arguments.ts, or its name to NO_REQUESTS there when it gives no description`,
    )
    expect(advice).toEqual([])
  })

  it('has functions for all arguments', () => expect(Object.keys(ARGUMENTS).filter((name) => !functions.some((known) => known.name === name))).toEqual([]))

  it('was found', () => expect(descriptions.length).toBeGreaterThanOrEqual(10))
})

describe.each(descriptions)('%s', (name, description$) => {
  it('asks as published clients do', () =>
    fc.assert(
      fc.property(description$, (description) => {
        expect(isDescription(description)).toBe(true)
        expect(checkSent(asStanza(description)).mismatches).toEqual([])
      }),
      RUNS,
    ))

  it('knows what may be answered', () => {
    const [description] = fc.sample(description$, 1)
    if (WITHOUT_REPLIES.includes(name)) expect(typed(description!).responses).toEqual([])
    else expect(typed(description!).responses.length).toBeGreaterThan(0)
  })

  it('reads every published answer', () =>
    fc.assert(
      fc.property(
        description$.chain((description) => {
          const { responses } = typed(description)
          return responses.length === 0
            ? fc.constant(undefined)
            : fc.constantFrom(...responses).chain((response) => stanzaOf(response.written).map((reply) => ({ description, response, reply: answered(description, reply) })))
        }),
        (made) => {
          if (!made || `${name} ${made.response.name}` in UNREAD) return
          const { description, response, reply } = made
          const outcome = readReply(description, reply)
          const isError = reply.attrs['type'] === 'error'
          const said = outcome.kind === 'refused' ? { code: (outcome.error as { readonly code?: unknown }).code, message: outcome.error.message } : { code: 'read' }
          expect({ response: response.name, ...said }).toMatchObject({ response: response.name, code: isError ? 'server_refused' : 'read' })
        },
      ),
      { numRuns: 100 },
    ))

  it('is only ever answered or refused, whatever comes', () =>
    fc.assert(
      fc.property(description$, anyStanza, (description, reply) => {
        const outcome = readReply(description, { ...reply, tag: 'iq', attrs: { ...reply.attrs, id: '1.2-3' } })
        if (outcome.kind === 'refused') expect(outcome.error).toMatchObject({ code: expect.stringMatching(/^(server_refused|reply_malformed)$/) })
      }),
      RUNS,
    ))
})

/** Tags and attributes that replies are made of, in any order and number. */
const { anyStanza } = fc.letrec<{ anyStanza: Stanza }>((tie) => ({
  anyStanza: fc.record({
    tag: fc.constantFrom('list', 'user', 'usync', 'result', 'devices', 'device-list', 'device', 'key-index-list', 'lid', 'key', 'skey', 'keys', 'id', 'value', 'error', 'props', 'prop', 'digest', 'count', 'registration', 'identity', 'hash', 'link_code_companion_reg', 'link_code_pairing_ref'),
    attrs: fc.dictionary(fc.constantFrom('type', 'jid', 'id', 'code', 'key-index', 'value', 'val', 'config_code', 't', 'from'), fc.constantFrom('1', '-1', 'x', 'error', '1@lid', '', '99999999999999999999')),
    content: fc.oneof({ maxDepth: 4 }, fc.uint8Array({ maxLength: 40 }), fc.array(tie('anyStanza'), { maxLength: 4 })),
  }),
}))

describe('the check itself', () => {
  it('notices requests and answers that are not published', () => {
    const wrong = { name: 'test', type: 'set', xmlns: 'passive', content: [stanza('asleep')], parse: () => true } as const
    expect(checkSent(asStanza(wrong)).mismatches).not.toEqual([])
    expect(checkReceived(stanza('iq', { id: '1', from: SERVER, type: 'result' }, [stanza('dream')]), asStanza({ ...wrong, content: [stanza('active')] })).mismatches).not.toEqual([])
  })
})
