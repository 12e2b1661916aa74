// Builds the benches as users' programs are built and runs them: npm run bench -- [names] [--json]. Run as
// source they would be measured together with what the compiler of development adds to every function.
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { project } from './steps.mjs'

const outdir = join(project, '.bench')
rmSync(outdir, { recursive: true, force: true })
await build({
  absWorkingDir: project,
  entryPoints: ['bench/index.ts', 'bench/conversation-rxwa.ts'],
  bundle: true,
  format: 'esm',
  target: 'es2022',
  platform: 'node',
  packages: 'external',
  conditions: ['rxwa-source'],
  splitting: true,
  outdir,
  outExtension: { '.js': '.mjs' },
  logLevel: 'warning',
})
const { status } = spawnSync(process.execPath, [join(outdir, 'index.mjs'), ...process.argv.slice(2)], { cwd: project, stdio: 'inherit' })
process.exit(status ?? 1)
