// Installs what specs need besides the package's own dependencies, when it is not there yet: the independent
// clients of spec/interop, and an SQLite for spec/store on a Node that brings none.
import { existsSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { npm, project, run } from './steps.mjs'

const folder = join(project, 'spec/interop')
if (['baileys', 'zapo-js'].every((peer) => existsSync(join(folder, 'node_modules', peer, 'package.json')))) process.stdout.write('peers: installed\n')
else run('install the peers of spec/interop', npm, ['install', '--omit=peer', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'], { cwd: folder })

const store = join(project, 'spec/store')
const hasOwnSqlite = isBuiltin('node:sqlite')
if (hasOwnSqlite || existsSync(join(store, 'node_modules/better-sqlite3/package.json'))) process.stdout.write('sqlite: there\n')
// Optional in its package.json: where it cannot be compiled the install succeeds without it, and its specs are skipped.
else run('install the sqlite of spec/store, which may compile for a minute', npm, ['install', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: store })
