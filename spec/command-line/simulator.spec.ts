import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from '@jest/globals'
import { filter, firstValueFrom, map, ReplaySubject, take, timeout, type Observable } from 'rxjs'

import { fromBase64, fromHex } from '../../lib/bytes/bytes.ts'
import { createClient, textOf } from '../../lib/index.ts'
import { memoryStore } from '../../lib/store/memory/index.ts'
import type { SimulatorNews } from '../../lib/command-line/simulator-news.ts'

const project = fileURLToPath(new URL('../../', import.meta.url))
const LIMIT_MS = 20_000

interface Running {
  readonly child: ChildProcess
  readonly lines$: Observable<string>
  readonly next: <Event extends SimulatorNews['event']>(event: Event) => Promise<Extract<SimulatorNews, { event: Event }>>
  readonly type: (line: string) => void
  readonly ended: Promise<{ readonly code: number | null; readonly errors: string }>
}

const started = new Set<ChildProcess>()
afterEach(() => started.forEach((child) => child.kill('SIGKILL')))

const start = (...words: readonly string[]): Running => {
  const child = spawn(process.execPath, ['--conditions=rxwa-source', '--import', 'tsx', 'lib/command-line/main.ts', ...words], { cwd: project, env: { ...process.env, NODE_OPTIONS: '' } })
  started.add(child)
  const lines$ = new ReplaySubject<string>()
  let rest = ''
  child.stdout.on('data', (chunk) => {
    const lines = (rest + String(chunk)).split('\n')
    rest = lines.pop()!
    for (const line of lines) lines$.next(line)
  })
  let errors = ''
  child.stderr.on('data', (chunk) => (errors += String(chunk)))
  const ended = new Promise<{ readonly code: number | null; readonly errors: string }>((resolve) =>
    child.on('close', (code) => {
      started.delete(child)
      lines$.complete()
      resolve({ code, errors })
    }),
  )
  return {
    child,
    lines$,
    ended,
    type: (line) => void child.stdin.write(`${line}\n`),
    next: (event) =>
      firstValueFrom(
        lines$.pipe(
          map((line) => JSON.parse(line) as SimulatorNews),
          filter((news): news is Extract<SimulatorNews, { event: typeof event }> => news.event === event),
          timeout({ first: LIMIT_MS }),
        ),
      ),
  }
}

describe('rxwa simulator', () => {
  it('serves a client that pairs, chats and leaves, and quits', async () => {
    const simulator = start('simulator', '--json', '--strict', '--name', 'Ana', '--name', 'Ben Nevis', '--verbose')
    const { url, rootKey, phones } = await simulator.next('ready')
    expect(phones).toMatchObject([{ name: 'Ana', number: '15550100001' }, { name: 'Ben Nevis', number: '15550100002' }])
    expect(fromBase64(rootKey.base64)).toEqual(fromHex(rootKey.hex))

    const client = createClient({ store: memoryStore(), url, trustedRoot: { publicKey: fromHex(rootKey.hex), serial: 0 }, prekeyCount: 10 })
    client.pairingQrCodes$.pipe(take(1)).subscribe(({ code }) => simulator.type(`scan ${code}`))
    const connected = firstValueFrom(client.connected$)
    const connection = client.connection$.subscribe()
    await connected
    expect(await simulator.next('linked')).toEqual({ event: 'linked', phone: '15550100001', device: '90010001:1@lid' })
    expect(await simulator.next('online')).toEqual({ event: 'online', device: '15550100001:1@s.whatsapp.net' })

    const received = firstValueFrom(client.messages$)
    simulator.type('{"command":"send","from":"Ben Nevis","to":"15550100001","text":"two  spaces"}')
    expect(textOf((await received).message)).toBe('two  spaces')
    await client.reply(await received, { text: 'I see' })
    const answer = await firstValueFrom(simulator.lines$.pipe(filter((line) => line.includes('"I see"')), map((line) => JSON.parse(line) as unknown)))
    expect(answer).toMatchObject({ event: 'message', phone: expect.stringMatching(/^1555010000[12]$/), text: 'I see' })

    const { stanza } = await simulator.next('stanza')
    expect(stanza).toMatch(/^<iq /)
    const said: string[] = []
    simulator.lines$.pipe(filter((line) => line.startsWith('{"event":"stanza"'))).subscribe((line) => said.push(line))
    expect(said.length).toBeGreaterThan(10)
    expect(said.filter((line) => /15550100|90010001/.test(line))).toEqual([])

    connection.unsubscribe()
    expect(await simulator.next('offline')).toMatchObject({ device: '15550100001:1@s.whatsapp.net' })
    simulator.type('quit')
    expect(await simulator.ended).toEqual({ code: 0, errors: '' })
    expect(await firstValueFrom(simulator.lines$.pipe(filter((line) => line.includes('"violation"'))), { defaultValue: undefined })).toBeUndefined()
  }, 60_000)

  it('plays groups, faults and losses for a client, and reports what became of it', async () => {
    const simulator = start('simulator', '--json', '--strict', '--phones', '3')
    const { url, rootKey } = await simulator.next('ready')
    const client = createClient({ store: memoryStore(), url, trustedRoot: { publicKey: fromHex(rootKey.hex), serial: 0 }, prekeyCount: 10 })
    client.pairingQrCodes$.pipe(take(1)).subscribe(({ code }) => simulator.type(JSON.stringify({ command: 'scan', qr: code })))
    const texts$ = new ReplaySubject<string>()
    client.messages$.subscribe(({ message }) => texts$.next(textOf(message)!))
    const told = (text: string): Promise<string> => firstValueFrom(texts$.pipe(filter((got) => got === text), timeout({ first: LIMIT_MS })))
    let ended: unknown
    client.connection$.subscribe({ error: (error: unknown) => (ended = error) })
    await firstValueFrom(client.connected$)
    const device = '15550100001:1@s.whatsapp.net'

    simulator.type('{"command":"group","phones":["1",2],"subject":"Friends","bystanders":3,"addressingMode":"pn"}')
    const { group, members } = await simulator.next('group')
    expect([group, members]).toEqual([expect.stringMatching(/@g\.us$/), 5])
    simulator.type(`enter 3 ${group}`)
    simulator.type(`send 3 ${group} hello  all`)
    await told('hello  all')
    await client.send(group, { text: 'hello three' })
    const { id } = await firstValueFrom(
      simulator.lines$.pipe(map((line) => JSON.parse(line) as SimulatorNews), filter((news) => news.event === 'message' && news.phone === '15550100003' && news.text === 'hello three'), timeout({ first: LIMIT_MS })),
    ) as { readonly id: string }
    const read = firstValueFrom(client.receipts$.pipe(filter(({ receiptType }) => receiptType === 'read'), timeout({ first: LIMIT_MS })))
    simulator.type(`read 3 ${id}`)
    expect((await read).messageIds).toEqual([id])
    simulator.type(`leave 3 ${group}`)

    simulator.type('{"command":"fault","rule":{"on":{"direction":"out","tag":"message"},"do":{"kind":"drop"}}}')
    simulator.type('send 2 1 lost at first')
    simulator.type('mend')
    simulator.type(`hangup ${device}`)
    await told('lost at first')
    simulator.type(`forget 2 ${device}`)
    simulator.type('send 2 1 begun anew')
    await told('begun anew')
    simulator.type('offline 2')
    await client.send('15550100002@s.whatsapp.net', { text: 'wait for it' })
    simulator.type('online 2')
    await firstValueFrom(simulator.lines$.pipe(filter((line) => line.includes('"wait for it"')), timeout({ first: LIMIT_MS })))

    simulator.type('report')
    const report = await simulator.next('report')
    expect(report).toMatchObject({ connections: 1, violations: 0, reusedMessageKeys: 0, devices: [{ device: '90010001:1@lid' }] })
    expect(report.devices[0]!.prekeys).toBeGreaterThan(0)
    const loggedOut = firstValueFrom(client.loggedOut$)
    simulator.type('reinstall 1')
    await loggedOut
    expect(ended).toMatchObject({ code: 'logged_out' })
    simulator.type('quit')
    expect(await simulator.ended).toEqual({ code: 0, errors: '' })
    const wrong = await firstValueFrom(simulator.lines$.pipe(filter((line) => line.includes('"event":"error"'))), { defaultValue: undefined })
    expect(wrong).toBeUndefined()
  }, 60_000)

  it('says what is wrong with a command and goes on', async () => {
    const simulator = start('simulator', '--json')
    await simulator.next('ready')
    const wrong: ReadonlyArray<readonly [string, RegExp]> = [
      ['dance', /no command “dance”/],
      ['send 1 2', /send needs text/],
      ['send 1 9 hello', /no phone “9”/],
      ['scan nonsense', /no QR code/],
      ['code 1 ABCD', /simulator/],
      ['unlink 1 0', /from 1 to 255/],
      ['group 1,,2 Friends', /a list of texts/],
      ['{"command":"group","phones":[]}', /a list of texts/],
      ['{"command":"group","phones":["1"],"colour":"red"}', /group has no colour/],
      ['{"command":"group","phones":["1"],"addressingMode":"both"}', /“lid” or “pn”/],
      ['enter 1 2@lid', /ends with @g\.us/],
      ['leave 1 120363000000000000@g.us', /simulator/],
      ['read 1 NOTHING', /no message “NOTHING”/],
      ['hangup 15550100001:9', /not an address|no device|address/],
      ['fault nonsense', /needs rule as JSON/],
      ['fault {"do":{"kind":"explode"}}', /"do.kind" must be one of drop/],
      ['quit now', /takes less/],
      ['{"command"', /begins like JSON/],
      ['{"command":"code","phone":1}', /code needs code/],
    ]
    const errors: string[] = []
    simulator.lines$.pipe(filter((line) => line.startsWith('{"event":"error"'))).subscribe((line) => errors.push((JSON.parse(line) as { message: string }).message))
    for (const [line] of wrong) simulator.type(line)
    simulator.type('')
    simulator.type('add Cleo')
    expect(await simulator.next('phones')).toMatchObject({ phones: [{ name: 'Cleo', number: '15550100003' }] })
    simulator.type('send Cleo 1 hello you')
    expect(await simulator.next('message')).toMatchObject({ phone: '15550100001', text: 'hello you' })
    for (const [, expected] of wrong) expect(errors).toContainEqual(expect.stringMatching(expected))
    expect(errors).toHaveLength(wrong.length)
    simulator.child.stdin?.end()
    simulator.child.kill('SIGTERM')
    expect(await simulator.ended).toEqual({ code: 0, errors: '' })
  }, 60_000)

  it('prints text for people, and ends on SIGINT', async () => {
    const simulator = start('simulator', '--phones', '1')
    const lines: string[] = []
    simulator.lines$.subscribe((line) => lines.push(line))
    await firstValueFrom(simulator.lines$.pipe(filter((line) => line.startsWith('Type help'))))
    expect(lines[0]).toMatch(/^listening {2}ws:\/\/127\.0\.0\.1:\d+\//)
    expect(lines[1]).toMatch(/^root key {3}[A-Za-z0-9+/]{43}= \(base64\)$/)
    expect(lines[3]).toBe('phone      15550100001  90010001@lid  Phone 1')
    simulator.child.kill('SIGINT')
    expect(await simulator.ended).toEqual({ code: 0, errors: '' })
    expect(lines.at(-1)).toBe('ended')
  }, 60_000)

  it.each<readonly [readonly string[], number, RegExp]>([
    [['simulator', '--port', '99999'], 2, /"--port" must be a whole number from 0 to 65535; got “99999”/],
    [['simulator', '--phones', '0'], 2, /"--phones" must be a whole number from 1 to 1000/],
    [['simulator', '--name', 'a', '--name', 'b', '--name', 'c'], 2, /"--name" must be given at most once for each of 2 phones/],
    [['simulator', '--faults-seed', 'x'], 2, /"--faults-seed" must be/],
    [['simulator', '--tls-cert', 'x.pem'], 2, /"--tls-key" must be given together/],
    [['simulator', '--tls-cert', 'no-such.pem', '--tls-key', 'no-such.pem'], 2, /"--tls-cert" must be a file in PEM/],
    [['simulator', '--host', '192.0.2.1'], 1, /cannot be listened on/],
    [['simulator', '--colour'], 2, /--colour/],
    [['dance'], 2, /no command “dance”/],
  ])('%j ends with %i', async (words, code, said) => {
    const { ended } = start(...words)
    const { errors, ...end } = await ended
    expect(end.code).toBe(code)
    expect(errors).toMatch(said)
    expect(errors).not.toMatch(/\n\s+at /)
  }, 30_000)

  it.each<readonly [string, RegExp]>([
    ['--help', /--faults-seed N/],
    ['--version', /^\d+\.\d+\.\d+$/],
  ])('%s', async (word, said) => {
    const running = start(word)
    const lines: string[] = []
    running.lines$.subscribe((line) => lines.push(line))
    expect(await running.ended).toEqual({ code: 0, errors: '' })
    expect(lines.join('\n')).toMatch(said)
  }, 30_000)
})
