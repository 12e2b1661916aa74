// Checks the package as its users get it: the metadata, the types, and that the packed file loads by
// `import` and by `require` from an empty folder.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { npm, run } from './steps.mjs'

const folder = mkdtempSync(join(tmpdir(), 'rxwa-package-'))
try {
  run('publint', process.execPath, ['node_modules/publint/src/cli.js', '--strict'])
  run('pack', npm, ['pack', '--pack-destination', folder, '--loglevel=error'])
  const tarball = join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz')))
  run('types of the package', process.execPath, ['node_modules/@arethetypeswrong/cli/dist/index.js', tarball, '--profile', 'esm-only', '--no-emoji'])
  writeFileSync(join(folder, 'package.json'), '{ "private": true }')
  run('install the packed package in an empty folder', npm, ['install', tarball, 'rxjs@7', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder })
  const doors = ['rxwa', 'rxwa/store', 'rxwa/store/memory', 'rxwa/store/sqlite', 'rxwa/testing', 'rxwa/chats', 'rxwa/stanza', 'rxwa/proto']
  const check = `if (typeof loaded['rxwa'].createClient !== 'function' || typeof loaded['rxwa/testing'].createSimulator !== 'function') throw new Error('a door is empty')`
  writeFileSync(join(folder, 'load.mjs'), `const loaded = {}\nfor (const door of ${JSON.stringify(doors)}) loaded[door] = await import(door)\n${check}\n`)
  writeFileSync(join(folder, 'load.cjs'), `const loaded = {}\nfor (const door of ${JSON.stringify(doors)}) loaded[door] = require(door)\n${check}\n`)
  for (const file of ['load.mjs', 'load.cjs']) {
    execFileSync(process.execPath, ['--no-warnings', file], { cwd: folder, stdio: 'inherit' })
    process.stdout.write(`  ${file}: loads all ${doors.length} doors\n`)
  }
  const forBrowsers = doors.filter((door) => door !== 'rxwa/store/sqlite').map((door) => `export * as _${door.replaceAll('/', '_')} from '${door}'`)
  await build({ stdin: { contents: forBrowsers.join('\n'), resolveDir: folder }, bundle: true, platform: 'browser', format: 'esm', write: false, logLevel: 'error' })
  process.stdout.write('  a bundle for browsers: has nothing of Node\n')
  const told = execFileSync(npm, ['exec', '--offline', '--', 'rxwa', 'simulator', '--json'], { cwd: folder, input: 'quit\n', encoding: 'utf8' })
  if (!/^\{"event":"ready","url":"ws:.*\n\{"event":"ended"\}\n$/.test(told)) throw new Error(`the command said ${told}`)
  process.stdout.write('  rxwa simulator: starts and quits\n')
} finally {
  rmSync(folder, { recursive: true, force: true })
}
