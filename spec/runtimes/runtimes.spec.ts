import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from '@jest/globals'

/** Each with the arguments that it needs before a program. */
const runtimes = [
  ['node', ['--no-warnings']],
  ['bun', []],
  ['deno', ['run', '--allow-all', '--quiet']],
] as const

/** Where their executables are; `.ci/run` installs some. */
const { RXWA_RUNTIMES: folder = '' } = process.env
const fileOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** Why a runtime cannot be checked here, if it cannot. */
const obstacle = (name: string): string | undefined => {
  if (folder === '') return 'RXWA_RUNTIMES names no folder with node (22 or newer), bun and deno'
  if (!existsSync(join(folder, name))) return `it is not in ${folder}`
  return existsSync(fileOf('../../dist/index.js')) ? undefined : 'nothing is built: npm run build'
}

describe('the built package', () => {
  for (const [name, args] of runtimes) {
    const why = obstacle(name)
    const itRuns = why === undefined ? it : it.skip
    itRuns(`works on ${name}${why === undefined ? '' : `; skipped: ${why}`}`, async () => {
      const { stdout } = await promisify(execFile)(join(folder, name), [...args, fileOf('check.mjs'), mkdtempSync(join(tmpdir(), 'rxwa-runtime-'))])
      expect(stdout).toBe('fine\n')
    }, 120_000)
  }
})
