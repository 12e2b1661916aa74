import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'

const lib = fileURLToPath(new URL('../../lib/', import.meta.url))

/** From top to bottom: a folder imports from folders below it, never above, never beside. */
const layers = [
  ['command-line'],
  ['testing'],
  ['simulator', 'chats'],
  ['client'],
  ['features'],
  ['pipeline'],
  ['pairing', 'requests', 'account', 'history'],
  ['connection', 'events', 'operation', 'store'],
  ['app-state', 'media'],
  ['signal', 'stanza', 'proto'],
  ['crypto', 'compression'],
  ['errors', 'bytes', 'reactive'],
  ['collections'],
]

const filesOf = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesOf(join(folder, entry.name)) : entry.name.endsWith('.ts') ? [join(folder, entry.name)] : [],
  )

const files = filesOf(lib)
const importsOf = (file: string): readonly string[] =>
  [...readFileSync(file, 'utf8').matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)].map(([, path]) => join(dirname(file), path!))
const folderOf = (file: string): string => relative(lib, file).split('/')[0]!
const levelOf = (folder: string): number => layers.findIndex((layer) => layer.includes(folder))

describe('lib', () => {
  it('imports downwards only', () => {
    const wrong = files
      .filter((file) => relative(lib, file) !== 'index.ts')
      .flatMap((file) =>
        importsOf(file)
          .filter((target) => folderOf(target) !== folderOf(file) && levelOf(folderOf(target)) <= levelOf(folderOf(file)))
          .map((target) => `${relative(lib, file)} → ${relative(lib, target)}`),
      )
    expect(wrong).toEqual([])
  })

  it('knows every folder', () => expect([...new Set(files.map(folderOf))].filter((folder) => folder !== 'index.ts' && levelOf(folder) < 0)).toEqual([]))

  it('has no cycles, types included', () => {
    const graph = new Map(files.map((file) => [file, importsOf(file)]))
    const done = new Set<string>()
    const path: string[] = []
    const visit = (file: string): string | undefined => {
      if (done.has(file)) return undefined
      const place = path.indexOf(file)
      if (place >= 0) return [...path.slice(place), file].map((name) => relative(lib, name)).join(' → ')
      path.push(file)
      for (const target of graph.get(file) ?? []) {
        const cycle = visit(target)
        if (cycle) return cycle
      }
      path.pop()
      done.add(file)
      return undefined
    }
    expect(files.map(visit).find((cycle) => cycle)).toBeUndefined()
  })

  it('keeps Node, its buffers and subscriptions where they belong', () => {
    const users = (pattern: RegExp): readonly string[] => files.filter((file) => pattern.test(readFileSync(file, 'utf8'))).map((file) => relative(lib, file))
    const strangers = (pattern: RegExp): readonly string[] => users(pattern).filter((file) => !/^(command-line|crypto\/node)\//.test(file))
    expect([strangers(/from 'node:/), strangers(/\bBuffer\./)]).toEqual([[], []])
    expect(users(/: any\b|<any>|as any\b/)).toEqual([])
  })
})

