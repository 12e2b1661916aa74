/**
 * Kills real processes at their durable writes: `npm run crash`, and with
 * `-- --messages 300 --from 1 --to 20 --mode kill-before --seed 1` for some of it.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

import { loadDriver } from '../../lib/store/sqlite/load-driver.ts'
import { betterSqlite3, buildChild } from './build-child.ts'
import { modes, type Mode } from './child-plan.ts'
import { converse } from './conversation.ts'

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '300' },
    from: { type: 'string', default: '1' },
    to: { type: 'string', default: '100000' },
    mode: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
})
const say = (line: string): void => void process.stdout.write(`${line}\n`)

/** A run takes a little more or a little less than another, as commits gather: these many in a row have to end before the index. */
const MISSES = 3

/** Problems of a conversation that are printed. */
const SHOWN = 8

const runMode = async (mode: Mode, folder: string, program: string): Promise<boolean> => {
  const started = Date.now()
  const [messages, to, seed] = [values.messages, values.to, values.seed].map(Number) as [number, number, number]
  const driverUrl = betterSqlite3()
  const driver = await loadDriver((name) => import(name === 'better-sqlite3' ? (driverUrl ?? name) : name))
  let index = Number(values.from)
  let conversations = 0
  let ends = 0
  for (let misses = 0; index <= to && misses < MISSES; ) {
    const { next, problems } = await converse({ mode, from: index, messages, seed: seed + misses, folder: join(folder, mode), program, driver, betterSqlite3: driverUrl })
    conversations += 1
    ends += next - index
    if (problems.length > 0) {
      say(`${mode}: after the commits ${index} to ${next - 1}:\n  ${[...problems.slice(0, SHOWN), ...(problems.length > SHOWN ? [`and ${problems.length - SHOWN} more`] : [])].join('\n  ')}`)
      say(`again: npm run crash -- --messages ${messages} --mode ${mode} --from ${index} --to ${index} --seed ${seed + misses}   (files: ${join(folder, mode)})`)
      return false
    }
    misses = next === index ? misses + 1 : 0
    index = next
    say(`${mode}: ${conversations} conversations of ${messages} messages, ${ends} ends, next is commit ${index}, ${((Date.now() - started) / 1000).toFixed(0)} s`)
  }
  say(`${mode}: every commit from ${values.from} to ${index - 1}: nothing lost, nothing twice; ${conversations} conversations, ${((Date.now() - started) / 1000).toFixed(0)} s`)
  return true
}

const folder = mkdtempSync(join(tmpdir(), 'rxwa-crash-'))
const program = await buildChild(folder)
let isFine = true
for (const mode of modes) if (values.mode === undefined || values.mode === mode) isFine = (await runMode(mode, folder, program)) && isFine
if (isFine) rmSync(folder, { recursive: true, force: true })
process.exit(isFine ? 0 : 1)
