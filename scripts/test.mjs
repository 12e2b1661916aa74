// Everything a change has to pass: `npm test`. Arguments are handed to jest.
import { readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from './steps.mjs'

const node = process.execPath
run('peers', node, ['scripts/install-peers.mjs'])
run('lint', node, ['node_modules/eslint/bin/eslint.js', '.'])
run('types', node, ['node_modules/typescript/bin/tsc', '--noEmit'])
run('build', node, ['scripts/build.mjs'])
run('package', node, ['scripts/check-package.mjs'])

const report = join(tmpdir(), `rxwa-jest-${process.pid}.json`)
run('specs', node, [
  '--experimental-vm-modules',
  '--no-warnings',
  'node_modules/jest/bin/jest.js',
  // One of two cores would be idle otherwise.
  '--maxWorkers=100%',
  '--json',
  `--outputFile=${report}`,
  ...process.argv.slice(2),
], { stdio: ['inherit', 'ignore', 'inherit'] })
const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'))
rmSync(report)
process.stdout.write(`\n${numPassedTests} passed, ${numFailedTests} failed\n`)
