// Installs the independent clients of spec/interop when they are not there yet.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { npm, project, run } from './steps.mjs'

const folder = join(project, 'spec/interop')
if (existsSync(join(folder, 'node_modules/baileys/package.json'))) process.stdout.write('peers: installed\n')
else run('install the peers of spec/interop', npm, ['install', '--omit=peer', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'], { cwd: folder })
