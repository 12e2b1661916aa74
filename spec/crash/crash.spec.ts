import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'

import { driver } from '../store/sqlite/sqlite-driver.ts'
import { betterSqlite3, buildChild } from './build-child.ts'
import { modes } from './child-plan.ts'
import { converse } from './conversation.ts'

const describeWithSqlite = driver ? describe : describe.skip

/** A few of the commits that `npm run crash` goes through one by one. */
const SAMPLE = [2, 12] as const
const MESSAGES = 30

describeWithSqlite(`processes that are killed at their durable writes${driver ? '' : ' (skipped: there is no SQLite here)'}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'rxwa-crash-'))
  let program = ''
  beforeAll(async () => {
    program = await buildChild(folder)
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it.each(modes.flatMap((mode) => SAMPLE.map((from) => [mode, from] as const)))('lose nothing and do nothing twice: %s, from commit %d on', async (mode, from) => {
    const { next, problems } = await converse({ mode, from, messages: MESSAGES, seed: 1, folder: join(folder, `${mode}-${from}`), program, driver: driver!, betterSqlite3: betterSqlite3(), most: 3 })
    expect(problems).toEqual([])
    expect(next).toBeGreaterThan(from)
  }, 90_000)
})
