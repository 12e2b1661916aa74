#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import process from 'node:process'

import { RxwaError } from '../errors/rxwa-error.ts'
import { HELP } from './simulator-help.ts'
import { readSimulatorOptions } from './simulator-options.ts'
import { runSimulator } from './run-simulator.ts'

/** Exit code for what was typed wrong. */
const USAGE = 2

const write = (line: string): void => void process.stdout.write(`${line}\n`)

const version = (): string => {
  const { version: own } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { readonly version: string }
  return own
}

const fail = (message: string, code: number): void => {
  process.stderr.write(`rxwa: ${message}\n`)
  process.exitCode = code
}

const main = async ([command, ...rest]: readonly string[]): Promise<void> => {
  if (command === undefined || command === '--help' || command === 'help' || rest.includes('--help')) write(HELP)
  else if (command === '--version' || rest.includes('--version')) write(version())
  else if (command !== 'simulator') fail(`there is no command “${command}”; there is: simulator. See rxwa --help`, USAGE)
  else {
    const stop = new AbortController()
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
    await runSimulator(readSimulatorOptions(rest), { input: process.stdin, write, signal: stop.signal })
    // Somebody may still hold the other end; nobody reads it any more.
    process.stdin.destroy()
  }
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof RxwaError)) throw error
  fail(error.message, error.code === 'option_invalid' ? USAGE : 1)
}
