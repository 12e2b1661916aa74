/**
 * Feeds every parser with hostile input: `npm run fuzz`, and `-- --seconds 60 --parser jid --seed 1` for some of it.
 * `-- --parser jid --input <file>` feeds one input and shows what it does. Inputs that reach new code are kept in
 * `corpus/`, which `npm test` replays; those that break a parser are put in `crashes/`.
 */
import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { parseArgs } from 'node:util'

import { readCorpus, save } from './corpus.ts'
import { startCoverage } from './coverage.ts'
import { fuzz, tryInput } from './fuzz.ts'
import { targets } from './targets.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    parser: { type: 'string', multiple: true },
    seed: { type: 'string', default: '1' },
    input: { type: 'string' },
  },
})
const say = (line: string): void => void process.stdout.write(`${line}\n`)
const chosen = targets.filter(({ name }) => values.parser === undefined || values.parser.includes(name))
if (chosen.length === 0) {
  say(`no such parser; there are ${targets.map(({ name }) => name).join(', ')}`)
  process.exit(1)
}

/** Larger inputs stay out of the repository. */
const KEPT_BYTES = 2_048

/** Crashes of one parser that are printed. */
const SHOWN = 5

const describe = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error))

if (values.input !== undefined) {
  const error = await tryInput(chosen[0]!, new Uint8Array(readFileSync(values.input)))
  say(error === undefined ? 'fine' : describe(error))
  process.exit(error === undefined ? 0 : 1)
}

let crashes = 0
for (const target of chosen) {
  const coverage = startCoverage()
  const started = performance.now()
  const limitMs = Number(values.seconds) * 1000
  let kept = 0
  const { executions, finds } = await fuzz(target, {
    seed: Number(values.seed),
    corpus: readCorpus(target.name),
    coverage,
    isOver: () => performance.now() - started > limitMs,
    kept: (input) => {
      if (input.length > KEPT_BYTES) return
      save('corpus', target.name, input)
      kept += 1
    },
  })
  const seconds = (performance.now() - started) / 1000
  const perSecond = Math.round(executions / seconds).toLocaleString('en')
  say(`${target.name.padEnd(20)} ${executions.toLocaleString('en').padStart(11)} inputs ${perSecond.padStart(9)}/s  ${String(coverage.known()).padStart(5)} blocks  ${String(kept).padStart(3)} kept  ${finds.length} crashes`)
  coverage.stop()
  for (const { input, error } of finds.slice(0, SHOWN)) {
    const path = relative(process.cwd(), save('crashes', target.name, input))
    say(`  ${describe(error).split('\n').slice(0, 4).join('\n  ')}\n  again: npm run fuzz -- --parser ${target.name} --input ${path}`)
  }
  crashes += finds.length
}
say(`${crashes} crashes`)
process.exit(crashes === 0 ? 0 : 1)
