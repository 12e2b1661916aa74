import type { Stanza } from '../../lib/index.ts'
import { findProblems, type Verdict } from './find-problems.ts'
import { heal } from './heal.ts'
import { createStage } from './stage.ts'
import { takeStep } from './take-step.ts'
import { showStep, type Step } from './steps.ts'

/** Hears what is said on the lines of the server, and the steps in between. */
export type Watch = (line: string) => void

const showStanza = ({ tag, attrs, content }: Stanza): string =>
  `<${[tag, ...Object.entries(attrs).map(([name, value]) => `${name}=${String(value)}`)].join(' ')}>${Array.isArray(content) ? (content as readonly Stanza[]).map(showStanza).join('') : ''}`

/** Plays all steps, heals, and judges. */
export const play = async (seed: number, steps: readonly Step[], watch?: Watch): Promise<Verdict> => {
  const stage = await createStage(seed)
  const begun = stage.clock.scheduler.now()
  const say = (line: string): void => watch?.(`${String(stage.clock.scheduler.now() - begun).padStart(8)} ${line}`)
  if (watch) stage.simulator.traffic$.subscribe(({ direction, stanza, device }) => say(`${direction === 'in' ? '<' : '>'} ${String(device)} ${showStanza(stanza)}`))
  if (watch)
    for (const { name, phone } of stage.actors) {
      phone.failures$.subscribe((error) => say(`${name} could not read something: ${String(error)}`))
      phone.messages$.subscribe(({ id, text }) => say(`${name} reads ${id}: ${String(text)}`))
    }
  for (const step of steps) {
    say(`--- ${showStep(step)}`)
    await takeStep(stage, step)
  }
  say(`told ${stage.app.told.map(({ text }) => text).join(', ')}`)
  say('--- heal')
  await heal(stage)
  return findProblems(stage)
}
