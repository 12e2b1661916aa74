import { describe, expect, it } from '@jest/globals'
import { firstValueFrom } from 'rxjs'

import { loadOnce, whenLoaded } from '../../lib/reactive/load-once.ts'

describe('loadOnce', () => {
  it('loads when it is first needed, once for all who need it', async () => {
    let times = 0
    const module$ = loadOnce(() => {
      times += 1
      return Promise.resolve('module')
    })
    expect(times).toBe(0)
    expect(await Promise.all([firstValueFrom(module$), firstValueFrom(module$)])).toEqual(['module', 'module'])
    expect(await firstValueFrom(module$)).toBe('module')
    expect(times).toBe(1)
  })

  it('comes in a later turn, also when it is there already', async () => {
    const module$ = loadOnce(() => Promise.resolve('m'))
    await firstValueFrom(module$)
    const seen: string[] = []
    module$.subscribe((value) => seen.push(value))
    expect(seen).toEqual([])
    await Promise.resolve()
    expect(seen).toEqual(['m'])
  })

  it('tells who waits why it failed, and tries again for the next one', async () => {
    const answers = [Promise.reject(new Error('no such file')), Promise.resolve('module')]
    const module$ = loadOnce(() => answers.shift()!)
    await expect(Promise.all([firstValueFrom(module$), firstValueFrom(module$)])).rejects.toThrow('no such file')
    expect(await firstValueFrom(module$)).toBe('module')
    expect(answers).toEqual([])
  })

  it('takes a loader that throws', async () => {
    const module$ = loadOnce((): Promise<string> => {
      throw new Error('not here')
    })
    await expect(firstValueFrom(module$)).rejects.toThrow('not here')
    await whenLoaded()
  })
})

describe('whenLoaded', () => {
  it('waits for everything that is being loaded, failing or not', async () => {
    const seen: string[] = []
    const late = <T>(value: T): Promise<T> => new Promise((resolve) => setTimeout(resolve, 5, value))
    loadOnce(() => late('one')).subscribe((value) => seen.push(value))
    loadOnce(() => late('two').then(() => Promise.reject(new Error('three')))).subscribe({ error: ({ message }: Error) => seen.push(message) })
    await whenLoaded()
    expect(seen).toEqual(['one', 'three'])
    await whenLoaded()
  })
})
