import { describe, expect, it } from '@jest/globals'

import { concat, utf8 } from '../../lib/bytes/bytes.ts'
import { HOT, loadInbox, type Inbox, type Reader } from '../../lib/store/inbox.ts'
import { LEDGER_SIZE, loadLedger, type Ledger } from '../../lib/store/ledger.ts'
import { memoryStore } from '../../lib/store/memory/index.ts'
import type { OpenStore, Write } from '../../lib/store/store.ts'

/** An inbox that can be opened again from what was stored. */
const createBench = (limit = 100) => {
  const opened = memoryStore().open() as OpenStore
  let riding: Array<() => readonly Write[]> = []
  const load = (): Inbox => {
    let inbox: Inbox | undefined
    loadInbox(opened, limit, (writes) => riding.push(writes)).subscribe((loaded) => (inbox = loaded))
    return inbox!
  }
  const flush = (): readonly Write[] => {
    const writes = riding.flatMap((make) => make())
    riding = []
    void opened.commit(writes)
    return writes
  }
  const rows = () => (opened.scan('inbox', undefined, 1_000) as readonly { readonly key: string }[]).map(({ key }) => parseInt(key, 16))
  const append = (inbox: Inbox, text: string, readers: readonly Reader[]): number => {
    const { sequence, write } = inbox.append(utf8(text), readers)
    void opened.commit([write])
    return sequence
  }
  const reader = (inbox: Inbox, name: string, interests: readonly string[] = []): Reader => {
    const { reader: made, writes } = inbox.reader(name, interests)
    void opened.commit(writes)
    return made
  }
  return { opened, load, flush, rows, append, reader }
}

describe('the inbox', () => {
  it('keeps a row until every reader it is owed to is done', () => {
    const { load, flush, rows, append, reader } = createBench()
    const inbox = load()
    const [hot, one, two] = [reader(inbox, HOT), reader(inbox, 'one'), reader(inbox, 'two')]
    const first = append(inbox, 'a', [hot, one, two])
    const second = append(inbox, 'b', [hot])
    expect([first, second]).toEqual([1, 2])
    for (const done of [hot, one]) inbox.done(done, first)
    inbox.done(hot, second)
    flush()
    expect(rows()).toEqual([1])
    inbox.done(two, first)
    inbox.done(two, first)
    flush()
    expect(rows()).toEqual([])
  })

  it('knows after opening again what is owed to whom, and reads it', () => {
    const { load, flush, append, reader } = createBench()
    const before = load()
    const [hot, one] = [reader(before, HOT), reader(before, 'one', ['message'])]
    for (const text of ['a', 'b', 'c', 'd']) before.done(hot, append(before, text, [hot, one]))
    before.done(one, 1)
    before.done(one, 3)
    flush()

    const inbox = load()
    const again = reader(inbox, 'one', ['message'])
    expect([...again.waiting]).toEqual([2, 4])
    expect([...reader(inbox, HOT).waiting]).toEqual([])
    expect(inbox.isFromBefore(4)).toBe(true)
    let read: readonly (string | undefined)[] = []
    inbox.read([2, 3, 4]).subscribe((rows) => (read = rows.map((row) => row && new TextDecoder().decode(row))))
    expect(read).toEqual(['b', undefined, 'd'])
    expect(append(inbox, 'e', [again])).toBe(5)
    expect(inbox.isFromBefore(5)).toBe(false)
  })

  it('owes a new reader nothing of what came before it', () => {
    const { load, append, reader } = createBench()
    const inbox = load()
    const hot = reader(inbox, HOT)
    append(inbox, 'a', [hot])
    expect([...reader(inbox, 'late').waiting]).toEqual([])
    expect([...reader(load(), 'late').waiting]).toEqual([])
  })

  it('writes a reader once per commit, however often it moved', () => {
    const { load, flush, append, reader } = createBench()
    const inbox = load()
    const [one, two] = [reader(inbox, 'one'), reader(inbox, 'two')]
    for (let index = 0; index < 5; index += 1) inbox.done(one, append(inbox, 'x', [one, two]))
    expect(flush().filter(({ table }) => table === 'consumers')).toHaveLength(1)
  })

  it('refuses to owe one reader more than the limit', () => {
    const { load, append, reader } = createBench(2)
    const inbox = load()
    const one = reader(inbox, 'one')
    append(inbox, 'a', [one])
    append(inbox, 'b', [one])
    expect(() => append(inbox, 'c', [one])).toThrow(expect.objectContaining({ code: 'durable_fell_behind', consumer: 'one', limit: 2 }))
    inbox.done(one, 1)
    expect(append(inbox, 'd', [one])).toBeGreaterThan(2)
  })

  it('has room for thirty names and takes one away with what it is owed', () => {
    const { load, flush, rows, append, reader, opened } = createBench()
    const inbox = load()
    const readers = Array.from({ length: 30 }, (_, index) => reader(inbox, `name ${index}`))
    expect(() => inbox.reader('one more', [])).toThrow(expect.objectContaining({ code: 'too_many_durable_names', most: 30 }))
    append(inbox, 'a', readers.slice(0, 1))
    void opened.commit(inbox.forget('name 0'))
    flush()
    expect(rows()).toEqual([])
    expect(inbox.reader('one more', []).reader.waiting.size).toBe(0)
    expect([...load().readers()].map(({ name }) => name)).not.toContain('name 0')
  })

  it.each([
    ['a row without a header', 'inbox', '000000000009', Uint8Array.of(1)],
    ['a row under a strange key', 'inbox', 'zzz', new Uint8Array(9)],
    ['a reader that is no JSON', 'consumers', '/one', utf8('{')],
    ['a row under a number that leaves no room', 'inbox', 'ffffffffffff', new Uint8Array(9)],
    ['a reader that is further than rows can be', 'consumers', '/one', utf8('{"bit":1,"interests":[],"cursor":9007199254740991,"beyond":[]}')],
    ['a reader of a wrong shape', 'consumers', '/one', utf8('{"bit":99,"interests":[],"cursor":0,"beyond":[]}')],
  ] as const)('opens in spite of %s', (_, table, key, value) => {
    const { opened, load, append, reader } = createBench()
    void opened.commit([{ table, key, value }])
    const inbox = load()
    const one = reader(inbox, 'one')
    append(inbox, 'a', [one])
    expect(one.waiting.size).toBe(1)
    // What was written is found again.
    expect([...load().readers()].find(({ name }) => name === 'one')?.waiting.size).toBe(1)
  })
})

describe('the ledger', () => {
  const load = (opened: OpenStore): Ledger => {
    let ledger: Ledger | undefined
    loadLedger(opened).subscribe((loaded) => (ledger = loaded))
    return ledger!
  }

  it('remembers names across openings, the newest of them', () => {
    const opened = memoryStore().open() as OpenStore
    const ledger = load(opened)
    void opened.commit(Array.from({ length: LEDGER_SIZE + 3 }, (_, index) => ledger.enter(`name ${index}`)))
    for (const known of [ledger, load(opened)])
      expect([0, 2, 3, LEDGER_SIZE + 2].map((index) => known.has(`name ${index}`))).toEqual([false, false, true, true])
    const again = load(opened)
    void opened.commit([again.enter('newest')])
    expect([load(opened).has('name 3'), load(opened).has('name 4'), load(opened).has('newest')]).toEqual([false, true, true])
    expect(opened.scan('ledger', undefined, LEDGER_SIZE + 10)).toHaveLength(LEDGER_SIZE)
  })

  it('skips rows that cannot be read', () => {
    const opened = memoryStore().open() as OpenStore
    void opened.commit([{ table: 'ledger', key: 'ffff', value: new Uint8Array(20) }, { table: 'ledger', key: '0001', value: Uint8Array.of(1) }])
    expect(load(opened).has('')).toBe(false)
  })

  it.each([NaN, Infinity, -5, 5.5, 2 ** 60, 6])('is not led astray by a row that says it is number %d', (count) => {
    const opened = memoryStore().open() as OpenStore
    const value = concat(new Uint8Array(8), utf8('damaged'))
    new DataView(value.buffer).setFloat64(0, count)
    void opened.commit([{ table: 'ledger', key: '0005', value }])
    const ledger = load(opened)
    expect(ledger.has('damaged')).toBe(false)
    void opened.commit(['one', 'two'].map(ledger.enter))
    expect(['one', 'two'].map(load(opened).has)).toEqual([true, true])
  })
})
