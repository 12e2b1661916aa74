import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The folder of the project. */
export const project = fileURLToPath(new URL('..', import.meta.url))

/** Runs a command, shows what it prints, and ends the process when it fails. */
export const run = (title, command, args, options = {}) => {
  const started = Date.now()
  process.stdout.write(`\n▸ ${title}\n`)
  const { status, error, stdout } = spawnSync(command, args, { cwd: project, stdio: options.capture ? ['inherit', 'pipe', 'inherit'] : 'inherit', encoding: 'utf8', ...options })
  if (status !== 0) {
    process.stderr.write(`✗ ${title} failed${error ? `: ${error.message}` : ''}\n${options.capture ? stdout : ''}`)
    process.exit(status ?? 1)
  }
  process.stdout.write(`  ${title}: ${((Date.now() - started) / 1000).toFixed(1)} s\n`)
  return stdout
}

/** npm by the Node that runs us. */
export const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
