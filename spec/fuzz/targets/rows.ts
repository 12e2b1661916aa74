import type { Observable } from 'rxjs'

import { bigEndian, concat, utf8 } from '../../../lib/bytes/bytes.ts'
import { decodeAccount, encodeAccount } from '../../../lib/account/account-codec.ts'
import { BackupInvalid, CredentialsCorrupt } from '../../../lib/errors/store-errors.ts'
import { createDeviceDirectory } from '../../../lib/pipeline/device-directory.ts'
import { loadLidDirectory } from '../../../lib/pipeline/lid-directory.ts'
import { loadOutbox } from '../../../lib/pipeline/outbox.ts'
import { findPrekeys } from '../../../lib/pipeline/prekey-shelf.ts'
import { encodeEnd, encodeRow, firstChecksum, chained, HEADER } from '../../../lib/store/backup/backup-format.ts'
import { restoreStore } from '../../../lib/store/backup/restore-store.ts'
import { loadInbox } from '../../../lib/store/inbox.ts'
import { LEDGER_SIZE, loadLedger } from '../../../lib/store/ledger.ts'
import { memoryStore } from '../../../lib/store/memory/index.ts'
import { createQuarantine } from '../../../lib/store/quarantine.ts'
import { sequenceKey, sequenceOf } from '../../../lib/store/sequence.ts'
import type { OpenStore, Table, Write } from '../../../lib/store/store.ts'
import { encodeStanza } from '../../../lib/stanza/encode.ts'
import { Jid } from '../../../lib/stanza/jid.ts'
import { stanza } from '../../../lib/stanza/stanza.ts'
import { fixedAccount } from '../fixed-account.ts'
import { accepted, requireEqual, requireThat, type Target } from '../target.ts'

/** A store with these rows in it. */
const storeOf = (...rows: readonly (readonly [table: Table, key: string, value: Uint8Array])[]): OpenStore => {
  const open = memoryStore().open() as OpenStore
  void open.commit(rows.map(([table, key, value]) => ({ table, key, value })))
  return open
}

/** What an Observable emits at once, as everything does on a store in memory. */
const now = <T>(source$: Observable<T>): T => {
  let value: { readonly is: T } | undefined
  let error: { readonly is: unknown } | undefined
  source$.subscribe({ next: (is) => (value = { is }), error: (is: unknown) => (error = { is }) })
  if (error) throw error.is
  requireThat(value !== undefined, 'nothing was emitted')
  return value!.is
}

const account: Target = {
  name: 'account-row',
  seeds: () => [encodeAccount(fixedAccount)],
  dictionary: ['null', '1e999', '-0', '"x"', '{}', '[]', '""', '9007199254740993', '__proto__', '\\u0000'].map(utf8),
  feed: (input) => {
    const read = accepted([CredentialsCorrupt], () => decodeAccount(input))
    if (!read) return
    // The rest of the pipeline asks no further.
    for (const key of [read.noise.publicKey, read.identity.privateKey, read.signedPrekey.pair.publicKey, read.advSecret]) requireThat(key.length === 32, 'a key of a wrong length')
    requireEqual(decodeAccount(encodeAccount(read)), read, 'account')
  },
}

const person = new Jid('90010001', 'lid')
const departure = encodeStanza(stanza('departure', { id: 'OUT1', to: person }, [stanza('stanza', {}, encodeStanza(stanza('message', { id: 'OUT1' }))), stanza('content', {}, Uint8Array.of(10, 1, 120))]))
const departed = encodeStanza(stanza('departed', { to: person, t: 1_700_000_000 }, Uint8Array.of(10, 1, 120)))

/** The first byte chooses which of the two rows the rest is. */
const outbox: Target = {
  name: 'outbox-rows',
  seeds: () => [concat(Uint8Array.of(0), departure), concat(Uint8Array.of(1), departed)],
  feed: (input) => {
    const rest = input.subarray(1)
    const isWaiting = (input[0] ?? 0) % 2 === 0
    const store = isWaiting ? storeOf(['outbox', sequenceKey(1), rest]) : storeOf(['sent_messages', 'OUT1', rest])
    const ridden: Write[] = []
    const ride = (writes: () => readonly Write[]): void => void ridden.push(...writes())
    const read = now(loadOutbox({ store, ride, quarantine: createQuarantine(ride, () => undefined), nowMs: () => 1_700_000_000_000 }))
    requireThat(!isWaiting || read.waiting().length === 1 || ridden.some(({ table }) => table === 'quarantine'), 'a row is neither read nor put aside')
    const before = now(read.departed('OUT1'))
    if (before) requireThat(Number.isSafeInteger(before.atSeconds), 'a time that is no number')
    for (const { id } of [...read.waiting()]) read.accepted(id, 1_700_000_000)
  },
}

/** The first byte chooses a table of the rows that are numbers and names. */
const small: Target = {
  name: 'small-rows',
  seeds: () => [
    concat(Uint8Array.of(0), utf8('90010001')),
    concat(Uint8Array.of(1), new Uint8Array([66, 120, 186, 136, 136, 0, 0, 0]), Uint8Array.of(0, 1, 2)),
    concat(Uint8Array.of(1), new Uint8Array([127, 248, 0, 0, 0, 0, 0, 0]), Uint8Array.of(0)),
    concat(Uint8Array.of(2), new Uint8Array([64, 20, 0, 0, 0, 0, 0, 0]), utf8('message|x')),
    concat(Uint8Array.of(3), bigEndian(3, 4), departed),
    concat(Uint8Array.of(4), utf8('{"bit":1,"interests":["message"],"cursor":3,"beyond":[5]}')),
    concat(Uint8Array.of(5), new Uint8Array(64).fill(3)),
  ],
  longestBytes: 400,
  feed: (input) => {
    const rest = input.subarray(1)
    switch ((input[0] ?? 0) % 6) {
      case 0: {
        const directory = now(loadLidDirectory(storeOf(['lid_mappings', '15550100001', rest])))
        directory.canonical(new Jid('15550100001', 's.whatsapp.net', 3)).toString()
        return
      }
      case 1: {
        const directory = createDeviceDirectory(storeOf(['device_lists', '90010001@lid', rest]), () => 1_700_000_000_000)
        const [devices] = now(directory.known([person]))
        if (!devices) return
        const learntAtMs = new DataView(rest.buffer, rest.byteOffset).getFloat64(0)
        requireThat(Math.abs(1_700_000_000_000 - learntAtMs) <= 86_400_000, 'a list of another time is trusted')
        return
      }
      case 2: {
        const ledger = now(loadLedger(storeOf(['ledger', '0005', rest])))
        const { key } = ledger.enter('another')
        requireThat(/^[0-9a-f]{4}$/.test(key) && parseInt(key, 16) < LEDGER_SIZE, `a name goes to the slot ${key}`)
        requireThat(ledger.enter('a third').key !== key, 'two names go to one slot')
        return
      }
      case 3:
      case 4: {
        const table = (input[0] ?? 0) % 6 === 3 ? 'inbox' : 'consumers'
        const ridden: Write[] = []
        const inbox = now(loadInbox(storeOf([table, table === 'inbox' ? sequenceKey(1) : '/app', rest]), 1_000, (writes) => void ridden.push(...writes())))
        const { reader } = inbox.reader('app', ['message'])
        const { sequence, write } = inbox.append(Uint8Array.of(1), [reader])
        requireThat(sequenceOf(write.key) === sequence, `a row goes to ${write.key}`)
        requireThat(reader.waiting.has(sequence), 'a row is owed to nobody')
        for (const waiting of [...reader.waiting]) inbox.done(reader, waiting)
        now(inbox.read([1, sequence]))
        return
      }
      default:
        now(findPrekeys(storeOf(['prekeys', '000007', rest]), fixedAccount, 7)).oneTime(7)
    }
  },
}

const rows = [encodeRow('sessions', '90010001:0@lid', Uint8Array.of(1, 2)), encodeRow('outbox', sequenceKey(1), departure)]
const backupOf = (parts: readonly Uint8Array[], count: number): Uint8Array => concat(HEADER, ...parts, encodeEnd(count, parts.reduce(chained, firstChecksum())))

/** The first byte chooses: the rest as it is, or as what lies between the header and a right checksum. */
const backup: Target = {
  name: 'backup',
  seeds: () => [concat(Uint8Array.of(0), backupOf(rows, 2)), concat(Uint8Array.of(1), ...rows), concat(Uint8Array.of(0), HEADER)],
  longestBytes: 1_000,
  feed: async (input) => {
    const rest = input.subarray(1)
    const bytes = (input[0] ?? 0) % 2 === 0 ? rest : backupOf([rest], 1 + (input[0] ?? 0) % 3)
    const size = 1 + ((input[0] ?? 0) >> 2)
    const store = memoryStore()
    try {
      await restoreStore(store, Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => bytes.subarray(index * size, (index + 1) * size)), { limitBytes: 4_096 })
    } catch (error) {
      if (!(error instanceof BackupInvalid)) throw error
      const open = await store.open()
      requireThat((await open.scan('sessions', undefined, 1)).length === 0, 'a part of a broken backup was kept')
    }
  },
}

export const rowTargets: readonly Target[] = [account, outbox, small, backup]
