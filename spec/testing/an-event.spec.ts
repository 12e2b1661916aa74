import { describe, expect, it } from '@jest/globals'

import { groupUpdates$, substreamNames, type WaEvent, type WaEventType } from '../../lib/index.ts'
import * as streams from '../../lib/events/substreams.ts'
import { anEvent, marbles } from '../../lib/testing/index.ts'

const types = Object.keys(substreamNames) as WaEventType[]

describe('anEvent', () => {
  it.each(types)('%s has a default, and takes changes', (type) => {
    const make: (changes?: object) => WaEvent = anEvent[type]
    expect(make().type).toBe(type)
    expect(make({ extra: 1 })).toEqual({ ...make(), extra: 1 })
  })

  it('feeds pipelines', marbles(({ cold, expectObservable }) => {
    const update = anEvent.group_update({ action: { type: 'locked' } })
    expectObservable(cold<WaEvent>('-a-b-|', { a: anEvent.presence(), b: update }).pipe(groupUpdates$)).toBe('---b-|', { b: update })
  }))
})

describe('substreams', () => {
  it('exist once per type, under a name of their own', () => {
    expect(new Set(Object.values(substreamNames)).size).toBe(types.length)
    expect(types.filter((type) => !(substreamNames[type] in streams))).toEqual([])
  })
})

describe('a message', () => {
  it('is made of a text, and of who wrote it where', () => {
    const event = anEvent.message({ text: 'hi', from: '15550100003@s.whatsapp.net', isOffline: true })
    expect(event).toMatchObject({ type: 'message', message: { conversation: 'hi' }, origin: 'offline', redelivered: false, info: { source: { sender: { user: '15550100003' } } } })
    expect(anEvent.message({ message: { conversation: 'own' }, origin: 'offline' })).toMatchObject({ message: { conversation: 'own' }, origin: 'offline' })
  })
})
