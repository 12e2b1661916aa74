import { OptionInvalid, requireObject } from '../../errors/option-invalid.ts'
import { toJid } from '../../stanza/jid.ts'
import type { FaultAction, FaultRule, FaultTarget, SeededChoice } from './fault-rule.ts'
import { SEEDED_KINDS } from './seeded.ts'

/** Says what a field takes when a value is none of it. */
type Check = (value: unknown) => string | undefined

const when = (isFine: (value: unknown) => boolean, expected: string): Check => (value) => (isFine(value) ? undefined : expected)
const whole = (least: number, most = Number.MAX_SAFE_INTEGER): Check =>
  when(
    (value) => Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most,
    most === Number.MAX_SAFE_INTEGER ? `a whole number of at least ${least}` : `a whole number from ${least} to ${most}`,
  )
const oneOf = (...words: readonly string[]): Check => when((value) => words.includes(value as string), words.map((word) => `“${word}”`).join(' or '))
const text = when((value) => typeof value === 'string' && value !== '', 'a text')
const flag = when((value) => typeof value === 'boolean', 'true or false')
const optional = (check: Check): Check => (value) => (value === undefined ? undefined : check(value))

const TARGET: Readonly<Record<keyof FaultTarget, Check>> = {
  direction: optional(oneOf('in', 'out')),
  stage: optional(oneOf('handshake', 'stanza')),
  tag: optional(text),
  type: optional(text),
  child: optional(text),
  // What is no address says so itself.
  device: (value) => void (value === undefined || toJid(value as string)),
  index: optional(whole(1)),
  nth: optional(whole(1)),
  times: optional(whole(1)),
  after: optional(text),
  where: optional(when((value) => typeof value === 'function', 'a function')),
}

/** What each kind of fault takes. */
const ACTIONS: { readonly [Kind in (FaultAction | SeededChoice)['kind']]: Readonly<Record<Exclude<keyof Extract<FaultAction | SeededChoice, { kind: Kind }>, 'kind'>, Check>> } = {
  drop: {},
  delay: { ms: whole(0), isOvertaken: optional(flag) },
  duplicate: { times: optional(whole(1)), level: optional(oneOf('stanza', 'frame')) },
  reorder: { behind: optional(whole(1)) },
  truncate: { keepBytes: optional(whole(0)), isLast: optional(flag) },
  corrupt: { level: optional(oneOf('frame', 'stanza')) },
  trickle: { msPerByte: whole(1) },
  stall: { side: optional(oneOf('hears_nothing', 'says_nothing', 'both')), pingEveryMs: optional(whole(1)) },
  close: { code: optional(whole(1000, 4999)), isAbrupt: optional(flag) },
  refuse: {
    code: when((value) => Number.isSafeInteger(value) || (typeof value === 'string' && value !== ''), 'a whole number or a text'),
    text: optional(text),
    backoffSeconds: optional(whole(0)),
  },
  seeded: {
    seed: when(Number.isSafeInteger, 'a whole number'),
    probability: when((value) => typeof value === 'number' && value >= 0 && value <= 1, 'a number from 0 to 1'),
    kinds: when((value) => Array.isArray(value) && value.length > 0 && value.every((kind) => (SEEDED_KINDS as readonly unknown[]).includes(kind)), `some of ${SEEDED_KINDS.join(', ')}`),
    limitMs: whole(1),
  },
}

/** Checks what types do not: rules also come from scripts, and from other languages. @throws OptionInvalid, JidInvalid */
export const checkRule = (rule: FaultRule): void => {
  requireObject('rule', rule, 'an object with `do`')
  checkFields('rule', rule, { on: () => undefined, do: () => undefined })
  if (rule.on !== undefined) requireObject('on', rule.on, 'an object')
  requireObject('do', rule.do, 'an object with `kind`')
  const fields = Object.hasOwn(ACTIONS, rule.do.kind) ? ACTIONS[rule.do.kind] : undefined
  if (!fields) throw new OptionInvalid('do.kind', `one of ${Object.keys(ACTIONS).join(', ')}`, nameOf(rule.do.kind))
  checkFields('on', rule.on ?? {}, TARGET)
  checkFields('do', rule.do, { kind: () => undefined, ...fields })
}

const checkFields = (path: string, value: object, fields: Readonly<Record<string, Check>>): void => {
  for (const name of Object.keys(value)) if (!Object.hasOwn(fields, name)) throw new OptionInvalid(`${path}.${name}`, `left out: there are ${Object.keys(fields).join(', ')}`, 'some')
  for (const [name, check] of Object.entries(fields)) {
    const given = (value as Readonly<Record<string, unknown>>)[name]
    const expected = check(given)
    if (expected !== undefined) throw new OptionInvalid(`${path}.${name}`, expected, nameOf(given))
  }
}

const nameOf = (value: unknown): string => (typeof value === 'object' || value === undefined ? (value === null ? 'null' : typeof value) : `“${String(value)}”`)
