import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'

const project = fileURLToPath(new URL('../../', import.meta.url))
const documents = readdirSync(`${project}docs`).filter((name) => name.endsWith('.md'))

describe.each(documents)('docs/%s', (name) => {
  it('names files that exist', () => {
    const named = [...readFileSync(`${project}docs/${name}`, 'utf8').matchAll(/`((?:lib|spec|examples)\/[^`]+\.ts)`/g)].map(([, path]) => path!)
    expect(named.filter((path) => !existsSync(`${project}${path}`))).toEqual([])
  })
})
