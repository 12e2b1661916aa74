import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

/** Puts the child program with all it needs into one file of a folder, so that processes start quickly. */
export const buildChild = async (folder: string): Promise<string> => {
  const outfile = join(folder, 'child.mjs')
  await build({
    entryPoints: [fileURLToPath(new URL('child.ts', import.meta.url))],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    conditions: ['rxwa-source', 'node'],
    external: ['better-sqlite3', 'bun:sqlite'],
    // `ws` is a CommonJS package.
    banner: { js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);" },
    logLevel: 'warning',
  })
  return outfile
}

/** Where the SQLite of the specs is installed, for programs elsewhere; undefined when it is not. */
export const betterSqlite3 = (): string | undefined => {
  try {
    return pathToFileURL(createRequire(new URL('../store/package.json', import.meta.url)).resolve('better-sqlite3')).href
  } catch {
    // Then the runtime has one of its own, or there is none.
    return undefined
  }
}
