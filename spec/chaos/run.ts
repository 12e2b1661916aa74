/**
 * A machine of random steps over a client, its server and everybody else, in virtual time:
 * `npm run chaos -- --seeds 100 --steps 200`, and `-- --from 17 --seeds 1` for one of them. With `--messages 20000`
 * in their place: so many messages of 50 people with three devices each, and what they leave in memory.
 */
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

import { hearManyMessages } from './many-messages.ts'
import { play } from './play.ts'
import { shrink } from './shrink.ts'
import { drawSteps, readSteps, showStep, writeStep, type Step } from './steps.ts'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '64' },
    steps: { type: 'string', default: '200' },
    from: { type: 'string', default: '1' },
    messages: { type: 'string' },
    people: { type: 'string', default: '50' },
    /** With `--messages`: the client has a process of its own, whose memory is measured. */
    apart: { type: 'boolean', default: false },
    /** Trials that make a failing run shorter. */
    trials: { type: 'string', default: '60' },
    /** Goes on after a failing seed. */
    all: { type: 'boolean', default: false },
    /** Prints what passes the wires with this text in it, and the steps. */
    watch: { type: 'string' },
    /** Plays these steps in place of those of the seed: `kind a b wait; …`. */
    script: { type: 'string' },
    verbose: { type: 'boolean', default: false },
  },
})
const say = (line: string): void => void process.stdout.write(`${line}\n`)
const [seeds, count, from, trials] = [values.seeds, values.steps, values.from, values.trials].map(Number) as [number, number, number, number]

if (values.messages !== undefined) {
  // Without the flag on the command line.
  setFlagsFromString('--expose-gc')
  globalThis.gc = runInNewContext('gc') as typeof globalThis.gc
  const { problems, mended } = await hearManyMessages({
    messages: Number(values.messages),
    people: Number(values.people),
    devicesEach: 3,
    seed: from,
    isApart: values.apart,
    measured: (heapBytes) => say(`${(heapBytes / 1e6).toFixed(1)} MB after collecting the garbage, ${(performance.now() / 1000).toFixed(0)} s`),
  })
  say(problems.length === 0 ? `${values.messages} messages, each told once; ${mended} could not be read at first` : problems.join('\n'))
  process.exit(problems.length === 0 ? 0 : 1)
}

let seed = from
let failures = 0
process.on('uncaughtException', (error) => {
  say(`seed ${seed}: an error nobody caught: ${error.stack}`)
  process.exit(1)
})

const fails = async (steps: readonly Step[]): Promise<boolean> => (await play(seed, steps)).problems.length > 0

const { watch: watched } = values
const watch = watched === undefined ? undefined : (line: string): void => void ((line.includes('---') || line.includes(watched)) && say(line))

const started = Date.now()
let mended = 0
const explained: string[] = []
for (; seed < from + seeds; seed += 1) {
  const steps = values.script === undefined ? drawSteps(seed, count) : readSteps(values.script)
  const verdict = await play(seed, steps, watch)
  mended += verdict.mended
  explained.push(...verdict.explained)
  if (values.verbose) for (const line of verdict.explained) say(`seed ${seed}: ${line}`)
  if (verdict.problems.length === 0) continue
  failures += 1
  say(`seed ${seed}:\n  ${verdict.problems.join('\n  ')}`)
  say(`again: npm run chaos -- --from ${seed} --seeds 1 --steps ${count}`)
  if (trials > 0) {
    const short = await shrink(steps, fails, trials)
    say(`${short.length} of its steps are enough:\n  ${short.map(showStep).join('\n  ')}\n  again: npm run chaos -- --from ${seed} --seeds 1 --script "${short.map(writeStep).join('; ')}"\n  ${(await play(seed, short)).problems.join('\n  ')}`)
  }
  if (!values.all) break
}
say(`${seed - from} seeds of ${count} steps, ${failures} failed, ${mended} messages mended, ${explained.length} explained, ${((Date.now() - started) / 1000).toFixed(1)} s`)
process.exit(failures > 0 ? 1 : 0)
