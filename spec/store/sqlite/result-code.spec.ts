import { describe, expect, it } from '@jest/globals'

import { isResult } from '../../../lib/store/sqlite/result-code.ts'

describe('isResult', () => {
  it.each<[string, object, boolean]>([
    ['better-sqlite3', { code: 'SQLITE_BUSY', message: 'database is locked' }, true],
    ['node:sqlite of Node', { code: 'ERR_SQLITE_ERROR', errcode: 5, errstr: 'database is locked', message: 'database is locked' }, true],
    ['bun:sqlite', { code: 'SQLITE_BUSY', errno: 5, message: 'database is locked' }, true],
    ['node:sqlite of Deno', { code: 'ERR_SQLITE_ERROR', message: 'database is locked' }, true],
    ['node:sqlite of Node, of something else', { code: 'ERR_SQLITE_ERROR', errcode: 26, message: 'database is locked' }, false],
    ['nobody we know', { message: 'database is locked' }, false],
  ])('knows a lock as told by %s', (_, error, expected) => expect(isResult(error, 'busy')).toBe(expected))

  it('takes anything that is thrown', () => expect([undefined, null, 5, 'database is locked'].some((thrown) => isResult(thrown, 'busy'))).toBe(false))
})
