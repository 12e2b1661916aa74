import { createInterface } from 'node:readline'

import { toBase64, toHex } from '../bytes/bytes.ts'
import { RxwaError } from '../errors/rxwa-error.ts'
import { seeded } from '../simulator/faults/seeded.ts'
import { createSimulator } from '../simulator/create-simulator.ts'
import { COMMANDS } from './commands.ts'
import { readLine, type CommandForm } from './read-line.ts'
import { redactStanza } from './redact.ts'
import { HELP } from './simulator-help.ts'
import type { SimulatorCommandOptions } from './simulator-options.ts'
import { toLine, type SimulatorNews } from './simulator-news.ts'
import { createStage } from './stage.ts'

/** Where commands come from and lines go to. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream
  readonly write: (line: string) => void
  /** Ends the simulator. */
  readonly signal: AbortSignal
}

/** All that can be typed. */
const FORMS = { ...COMMANDS, help: { words: [] }, quit: { words: [] } } satisfies Readonly<Record<string, CommandForm>>

/**
 * Runs a simulator on a port until it is told to quit.
 *
 * @throws SimulatorFailed when the port cannot be had
 */
export const runSimulator = async (options: SimulatorCommandOptions, { input, write, signal }: Terminal): Promise<void> => {
  const { listen, isJson, names, strict, faultsSeed, isVerbose } = options
  const tell = (news: SimulatorNews): void => write(toLine(news, isJson))
  const simulator = createSimulator({ strict })
  if (faultsSeed !== undefined) simulator.faults.add(seeded({ seed: faultsSeed, on: { after: 'success' } }))
  const stage = createStage(simulator, tell)
  for (let turn = 0; turn < options.phones; turn += 1) stage.add(names[turn])

  const listening = await simulator.listen(listen)
  const { publicKey } = simulator.trustedRoot
  tell({ event: 'ready', url: listening.url, rootKey: { base64: toBase64(publicKey), hex: toHex(publicKey) }, phones: stage.list() })
  const watching = simulator.presence$.subscribe(({ device, isOnline }) => tell({ event: isOnline ? 'online' : 'offline', device: String(device) }))
  watching.add(simulator.violations$.subscribe(({ device, rule, path, message }) => tell({ event: 'violation', ...(device && { device: String(device) }), rule, path, message })))
  if (isVerbose) watching.add(simulator.traffic$.subscribe(({ direction, stanza }) => tell({ event: 'stanza', direction, stanza: redactStanza(stanza) })))

  const lines = createInterface({ input, terminal: false })
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
    let isQuit = false
    const follow = async (line: string): Promise<void> => {
      const typed = readLine(line, FORMS)
      if (!typed) return
      const { command, fields } = typed
      switch (command) {
        case 'help':
          tell({ event: 'help', text: HELP })
          return
        case 'quit':
          isQuit = true
          lines.close()
          return
        default:
          tell(await COMMANDS[command].run(stage, fields))
      }
    }
    lines.on('line', (line) => {
      follow(line).catch((error: unknown) => {
        if (!(error instanceof RxwaError)) throw error
        tell({ event: 'error', code: error.code, message: error.message })
      })
    })
    // Nothing more to read is no reason to stop serving.
    lines.on('close', () => isQuit && resolve())
  })
  lines.close()
  watching.unsubscribe()
  simulator.close()
  await listening.close()
  tell({ event: 'ended' })
}
