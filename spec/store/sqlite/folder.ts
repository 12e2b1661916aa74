import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from '@jest/globals'

/** Gives paths in a folder that is removed after the specs of the file. */
export const freshPaths = (): (() => string) => {
  const folder = mkdtempSync(join(tmpdir(), 'rxwa-sqlite-'))
  let count = 0
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return () => join(folder, `${(count += 1)}.db`)
}
