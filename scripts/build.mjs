// Builds dist: one ESM build in few files (many small ones cost a reader of the package more to load),
// and the types beside it.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { project, run } from './steps.mjs'

const dist = join(project, 'dist')
rmSync(dist, { recursive: true, force: true })

const shared = {
  absWorkingDir: project,
  bundle: true,
  format: 'esm',
  target: 'es2022',
  platform: 'neutral',
  packages: 'external',
  outdir: 'dist',
  outbase: 'lib',
  sourcemap: false,
  legalComments: 'none',
  logLevel: 'warning',
}
await build({
  ...shared,
  entryPoints: [
    'lib/index.ts',
    'lib/store/index.ts',
    'lib/store/memory/index.ts',
    'lib/store/sqlite/index.ts',
    'lib/chats/index.ts',
    'lib/testing/index.ts',
    'lib/stanza/index.ts',
    'lib/proto/index.ts',
    'lib/command-line/main.ts',
  ],
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  external: ['#crypto', '#inflate', '#listen', 'node:*'],
})
const chosenByRuntime = ['crypto', 'compression', 'simulator/listening'].flatMap((folder) => ['node', 'portable'].map((runtime) => `lib/${folder}/${runtime}.ts`))
await build({ ...shared, entryPoints: chosenByRuntime, external: ['node:*'] })
run('types', process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'])

// Compilers before TypeScript 5.7 know no argument of `Uint8Array`; its default means the same.
for (const name of readdirSync(join(dist, 'types'), { recursive: true })) {
  const file = join(dist, 'types', name)
  if (!name.endsWith('.d.ts')) continue
  const types = readFileSync(file, 'utf8')
  const plain = types.replaceAll(/Uint8Array<ArrayBuffer(Like)?>/g, 'Uint8Array')
  if (plain !== types) writeFileSync(file, plain)
}
