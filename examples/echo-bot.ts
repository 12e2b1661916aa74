/**
 * An echo bot: answers every text with the same text.
 *
 *   npm start            on the embedded simulator, with two simulated people who write to it
 *   npm start -- --real  on the real service: scan the QR code with a phone (linked devices)
 */
import { concatMap, filter, finalize, interval, map, merge, scan, startWith, take, takeUntil, tap, timer, type Observable } from 'rxjs'
import { renderUnicodeCompact } from 'uqr'

import { createClient, fromOthers, withText, type Client, type WaEvent } from 'rxwa'
import { memoryStore } from 'rxwa/store/memory'
import { createSimulator, type Phone } from 'rxwa/testing'

/** Time of day and what happened, one line each. */
const say = (what: string, more = ''): void => console.log(`${new Date().toISOString().slice(11, 23)}  ${what.padEnd(24)} ${more}`)

/** The bot itself: what a user of the package writes. */
const echo = (client: Client): Observable<unknown> =>
  client.messages$.pipe(
    fromOthers(),
    withText(),
    // One answer after the other keeps the order of the conversation.
    concatMap(({ event, text }) => client.reply(event, { text: `echo: ${text}` })),
  )

const describe = (event: WaEvent): string => {
  switch (event.type) {
    case 'connection_state':
      return event.state.kind === 'waiting' ? `waiting ${(event.state.retryInMs / 1000).toFixed(1)} s: ${event.state.detail ?? event.state.because}` : event.state.kind
    case 'message':
      return `${event.info.pushName ?? 'somebody'}: ${event.message.conversation ?? event.message.extendedTextMessage?.text ?? ''}`
    case 'receipt':
      return `${event.receiptType} ${event.messageIds.length}`
    case 'pair_success':
      return `linked as ${event.id} on ${event.platform}`
    case 'connected':
      return `as ${event.displayName ?? ''}`
    case 'offline_sync_completed':
      return `${event.count} waited`
    default:
      return ''
  }
}

/** Events that are shown by other means, or too many to show. */
const QUIET: readonly WaEvent['type'][] = ['pairing_qr_code', 'server_ack', 'message_sent']

const show = (client: Client): void => {
  client.events$.pipe(filter(({ type }) => !QUIET.includes(type))).subscribe((event) => say(event.type, describe(event)))
  client.pairingQrCodes$.subscribe(({ code, timeoutMs }) => {
    console.log(`\n${renderUnicodeCompact(code)}\n`)
    say('pairing_qr_code', `scan it within ${timeoutMs / 1000} s`)
  })
}

const runReal = (): void => {
  console.log('Dialling the real service. On your phone: Settings, Linked devices, Link a device.\n')
  const client = createClient({ store: memoryStore() })
  show(client)
  echo(client).subscribe()
  const connection = client.connection$.subscribe({ error: (error: Error) => say('ended', error.message) })
  process.once('SIGINT', () => connection.unsubscribe())
}

/** One person writes a message now and then, the other in bursts. */
const chatter = (phone: Phone, to: Phone, name: string, everyMs: number, burst: number, rounds: number): Observable<string> =>
  interval(everyMs).pipe(
    take(rounds),
    concatMap((round) => Array.from({ length: burst }, (_, index) => `${name} ${round * burst + index + 1}`)),
    tap((text) => phone.send(to.lid, text)),
  )

const SINGLE = { everyMs: 400, burst: 1, rounds: 8 }
const BURSTS = { everyMs: 1_000, burst: 10, rounds: 3 }
const EXPECTED = SINGLE.burst * SINGLE.rounds + BURSTS.burst * BURSTS.rounds

const runSimulated = async (): Promise<void> => {
  console.log('An echo bot on the embedded simulator: a real server of the protocol within this process.\n')
  const simulator = createSimulator()
  const server = await simulator.listen()
  const owner = simulator.phone({ name: 'Echo bot' })
  const ben = simulator.phone({ name: 'Ben' })
  const cleo = simulator.phone({ name: 'Cleo' })

  const client = createClient({ store: memoryStore(), url: server.url, trustedRoot: simulator.trustedRoot })
  show(client)
  echo(client).subscribe()
  const counts = new Map<string, number>()
  client.events$.subscribe(({ type }) => counts.set(type, (counts.get(type) ?? 0) + 1))
  client.pairingQrCodes$.pipe(take(1), concatMap((event) => timer(800).pipe(map(() => event)))).subscribe(({ code }) => {
    say('(simulated phone)', 'scans the code')
    void owner.scan(code)
  })

  const connection = client.connection$.subscribe({ error: (error: Error) => say('ended', error.message) })
  const answered$ = merge(ben.messages$, cleo.messages$).pipe(
    tap(({ text }) => say('(answer arrived)', text ?? '')),
    scan((count) => count + 1, 0),
    startWith(0),
  )
  let startedAt = 0
  client.offlineSyncCompleted$
    .pipe(
      take(1),
      tap(() => (startedAt = performance.now())),
      concatMap(() =>
        merge(
          chatter(ben, owner, 'Ben', SINGLE.everyMs, SINGLE.burst, SINGLE.rounds),
          chatter(cleo, owner, 'Cleo', BURSTS.everyMs, BURSTS.burst, BURSTS.rounds),
        ),
      ),
      takeUntil(timer(30_000)),
    )
    .subscribe()
  answered$
    .pipe(
      filter((count) => count === EXPECTED),
      take(1),
      takeUntil(timer(30_000)),
      finalize(() => {
        connection.unsubscribe()
        void server.close()
        summarise(counts, (performance.now() - startedAt) / 1000)
      }),
    )
    .subscribe()
}

const summarise = (counts: ReadonlyMap<string, number>, seconds: number): void => {
  const messages = counts.get('message') ?? 0
  const answers = counts.get('message_sent') ?? 0
  console.log(`\nSummary after ${seconds.toFixed(1)} s`)
  console.log(`  messages received  ${messages} (${(messages / seconds).toFixed(1)}/s)`)
  console.log(`  answers sent       ${answers} (${(answers / seconds).toFixed(1)}/s)`)
  for (const type of ['receipt', 'server_ack', 'undecryptable_message', 'decode_error']) console.log(`  ${type.padEnd(18)} ${counts.get(type) ?? 0}`)
  if (messages !== EXPECTED || answers !== EXPECTED) {
    console.log(`  expected ${EXPECTED} messages and answers`)
    process.exitCode = 1
  }
}

if (process.argv.includes('--real')) runReal()
else await runSimulated()
