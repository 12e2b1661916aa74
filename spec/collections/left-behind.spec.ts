import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'

describe('what came and went', () => {
  // In a process of its own, which collects when it is told to: the figures hardly move.
  it('is not kept alive by what it stood in', () => {
    const program = fileURLToPath(new URL('left-behind.ts', import.meta.url))
    const { stdout, stderr } = spawnSync(process.execPath, ['--expose-gc', '--no-warnings', '--conditions=rxwa-source', '--import', 'tsx', program], { encoding: 'utf8' })
    expect(stderr).toBe('')
    const { Map: plain, ...ours } = JSON.parse(stdout) as Readonly<Record<'Map' | 'PassingMap' | 'PassingSet' | 'PassingList', number>>
    for (const [name, bytes] of Object.entries(ours)) expect([name, bytes < plain / 4]).toEqual([name, true])
  })
})
