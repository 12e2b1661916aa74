import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

export const project = fileURLToPath(new URL('../../', import.meta.url))

/** An `@example` of a docblock. */
export interface DocExample {
  /** File and number within it. */
  readonly name: string
  readonly code: string
}

const filesOf = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? filesOf(join(folder, entry.name)) : entry.name.endsWith('.ts') ? [join(folder, entry.name)] : []))

const EXAMPLE = /@example\n((?:[ \t]*\* ?.*\n)+?)[ \t]*(?=\* @|\*\/)/g

/** All examples of the docblocks in `lib`. */
export const docExamples: readonly DocExample[] = filesOf(join(project, 'lib')).flatMap((file) =>
  [...readFileSync(file, 'utf8').matchAll(EXAMPLE)].map(([, body], index) => ({
    name: `${relative(join(project, 'lib'), file)}${index === 0 ? '' : ` ${index + 1}`}`,
    code: body!
      .trimEnd()
      .split('\n')
      .map((line) => line.replace(/^\s*\* ?/, ''))
      .join('\n'),
  })),
)

/** Modules whose exports an example may use without saying so. */
export const MODULES = ['rxwa', 'rxwa/testing', 'rxwa/store', 'rxwa/store/memory', 'rxwa/store/sqlite', 'rxwa/chats', 'rxjs', 'node:fs/promises', 'node:fs'] as const

/** The imports of an example: its own, and what it uses of the exports of these modules, the first that has it. */
export const importsOf = (code: string, exportsOf: ReadonlyMap<string, ReadonlySet<string>>): { readonly imports: readonly string[]; readonly body: string } => {
  const own = code.match(/^import .*$/gm) ?? []
  const body = code.replace(/^import .*$/gm, '')
  const words = new Set(body.replace(/\.\s*[A-Za-z_$][\w$]*/g, '').match(/[A-Za-z_$][\w$]*/g))
  const taken = new Set(own.flatMap((line) => line.match(/[A-Za-z_$][\w$]*/g) ?? []))
  const imports: string[] = [...own]
  for (const [module, names] of exportsOf) {
    const used = [...words].filter((word) => names.has(word) && !taken.has(word))
    for (const word of used) taken.add(word)
    if (used.length > 0) imports.push(`import { ${used.join(', ')} } from '${module}'`)
  }
  return { imports, body }
}
