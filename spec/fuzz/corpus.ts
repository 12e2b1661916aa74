import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folderOf = (kind: 'corpus' | 'crashes', target: string): string => join(fileURLToPath(new URL(kind, import.meta.url)), target)

const nameOf = (input: Uint8Array): string => createHash('sha256').update(input).digest('hex').slice(0, 16)

/** Inputs that were kept for a parser, in a fixed order. */
export const readCorpus = (target: string): readonly Uint8Array[] => {
  const folder = folderOf('corpus', target)
  return existsSync(folder) ? readdirSync(folder).sort().map((name) => new Uint8Array(readFileSync(join(folder, name)))) : []
}

/** Keeps an input under a name of its content; the path. */
export const save = (kind: 'corpus' | 'crashes', target: string, input: Uint8Array): string => {
  const folder = folderOf(kind, target)
  mkdirSync(folder, { recursive: true })
  const path = join(folder, nameOf(input))
  writeFileSync(path, input)
  return path
}
