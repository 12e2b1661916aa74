import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { Subject, takeUntil } from 'rxjs'
import ts from 'typescript'

import { createTestWorld } from '../client/world.ts'
import { docExamples, importsOf, MODULES, project, type DocExample } from './docblocks.ts'

/** What the reader of an example has at hand. */
const AT_HAND = `
import type { Client, Jid, MessageEvent, Store, Stanza } from 'rxwa'
import type { Phone, Simulator } from 'rxwa/testing'
import type { RunHelpers } from 'rxjs/testing'
declare global {
  const client: Client, store: Store, simulator: Simulator, ana: Phone, ben: Phone
  const chat: Jid, oldest: { readonly id: string; readonly timestamp: Date }, hash: Uint8Array, requestOptionsJson: string
  const cold: RunHelpers['cold']
  const archive: { readonly insert: (id: string, message: unknown) => Promise<void> }
  const myAuthenticator: { readonly sign: (options: unknown) => Promise<never> }
  const showQr: (code: string) => void, showCode: (code: unknown) => void, show: (value: unknown) => void
  const sign: (options: string) => Promise<never>
  const redisStore: (prefix: string) => Store, freshPrefix: () => string, fromHex: (text: string | undefined) => Uint8Array
  class HttpsProxyAgent { constructor(url: string) }
}
`
const DRIVERS = `declare module 'better-sqlite3' { const Database: never; export default Database }`

const { options } = ts.parseJsonConfigFileContent(ts.readConfigFile(join(project, 'tsconfig.json'), (file) => ts.sys.readFile(file)).config, ts.sys, project)
const compilerOptions: ts.CompilerOptions = { ...options, noUnusedLocals: false, noUnusedParameters: false, isolatedModules: false, verbatimModuleSyntax: false }

/** Files that are only in memory, beside the real ones. */
const programOf = (files: ReadonlyMap<string, string>): ts.Program => {
  const host = ts.createCompilerHost(compilerOptions)
  const { fileExists, readFile } = host
  host.fileExists = (file) => files.has(file) || fileExists(file)
  host.readFile = (file) => files.get(file) ?? readFile(file)
  const getSourceFile = host.getSourceFile.bind(host)
  host.getSourceFile = (file, version) => (files.has(file) ? ts.createSourceFile(file, files.get(file)!, version) : getSourceFile(file, version))
  return ts.createProgram([...files.keys()], compilerOptions, host)
}

const fileOf = (index: number): string => join(project, `spec/examples/docblock-${index}.ts`)

const exportsOf = new Map<string, ReadonlySet<string>>()
const begin = (): void => {
  const file = join(project, 'spec/examples/docblock-modules.ts')
  const program = programOf(new Map([[file, MODULES.map((module, index) => `import * as m${index} from '${module}'\nexport { m${index} }`).join('\n')]]))
  const checker = program.getTypeChecker()
  for (const statement of program.getSourceFile(file)!.statements) {
    if (!ts.isImportDeclaration(statement)) continue
    const module = checker.getSymbolAtLocation(statement.moduleSpecifier)!
    exportsOf.set((statement.moduleSpecifier as ts.StringLiteral).text, new Set(checker.getExportsOfModule(module).map(({ name }) => name)))
  }
}

/** What the compiler has against each example, by its name. */
const faultsOf = (examples: readonly DocExample[]): ReadonlyMap<string, readonly string[]> => {
  const files = new Map([
    [join(project, 'spec/examples/docblock-at-hand.ts'), AT_HAND],
    [join(project, 'spec/examples/docblock-drivers.d.ts'), DRIVERS],
    ...examples.map(({ code }, index): [string, string] => {
      const { imports, body } = importsOf(code, exportsOf)
      return [fileOf(index), `${imports.join('\n')}\nexport const example = async () => {\n${body}\n}\n`]
    }),
  ])
  const program = programOf(files)
  return new Map(
    examples.map(({ name }, index) => {
      const source = program.getSourceFile(fileOf(index))
      const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
      return [name, found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))]
    }),
  )
}

describe('the examples of docblocks', () => {
  it('say what the compiler takes', () => {
    begin()
    const faults = [...faultsOf([...docExamples, { name: 'a wrong one', code: 'client.messages$.subscribe(({ nothing }) => console.log(nothing))' }])].filter(([, all]) => all.length > 0)
    expect(faults).toEqual([['a wrong one', [expect.stringContaining('nothing')]]])
  }, 120_000)

  it.each(docExamples.filter(({ name }) => name.startsWith('events/operators/')))('$name works as it stands', async ({ code }) => {
    const world = createTestWorld()
    await world.connect()
    const { imports, body } = importsOf(code, exportsOf)
    const modules = await Promise.all(imports.map(async (line) => [line.match(/\{ (.*) \}/)![1]!.split(', '), (await import(line.match(/'(.*)'/)![1]!)) as Record<string, unknown>] as const))
    const values = new Map(modules.flatMap(([names, module]) => names.map((name) => [name, module[name]] as const)))
    const printed: unknown[] = []
    // Nobody keeps what the example subscribed to: its sources end.
    const end$ = new Subject<void>()
    const { messages$, events$, durable } = world.client
    const client = { ...world.client, messages$: messages$.pipe(takeUntil(end$)), events$: events$.pipe(takeUntil(end$)), durable: (...all: Parameters<typeof durable>) => durable(...all).pipe(takeUntil(end$)) }
    const given = { client, console: { log: (...all: readonly unknown[]) => printed.push(...all) }, ...Object.fromEntries(values) }
    // The text is that of our own docblock.
    new Function(...Object.keys(given), ts.transpile(body, { target: ts.ScriptTarget.ES2022 }))(...Object.values(given))
    const before = world.sent.length
    for (const text of ['!help me', 'order 12', 'hello']) world.ben.send(world.ana.lid, text)
    await world.clock.advance(5_000)
    world.hangUp()
    end$.next()
    await world.clock.advance(0)
    if (code.includes('console.log')) expect(printed.length).toBeGreaterThan(0)
    if (/reply/i.test(code)) expect(world.sent.slice(before).filter(({ tag }) => tag === 'message')).not.toHaveLength(0)
  })

  it('are there for every operator', () => {
    const shown = new Set(docExamples.map(({ name }) => name.replace(/ \d+$/, '')))
    const operators = ['commands', 'conversation', 'dedupe', 'from-contact', 'from-others', 'in-chat', 'in-groups', 'latest-per-key', 'matching', 'of-type', 'paced-by', 'reply-with', 'tally', 'typing-while', 'until-disconnected', 'with-text']
    expect(operators.filter((name) => !shown.has(`events/operators/${name}.ts`))).toEqual([])
  })
})
