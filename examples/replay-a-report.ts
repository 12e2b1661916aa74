/** A user reports trouble with a recording that names nobody; the pipeline under suspicion is tested with it. */
import assert from 'node:assert/strict'
import { groupBy, lastValueFrom, map, mergeMap, scan, take, toArray, type Observable } from 'rxjs'

import { createClient, messages$, type WaEvent } from 'rxwa'
import { memoryStore } from 'rxwa/store/memory'
import { createSimulator, linkClient, recordStanzas, replayStanzas } from 'rxwa/testing'

/** The pipeline under suspicion: how much each person has written. */
const counts = (events$: Observable<WaEvent>): Observable<string> =>
  messages$(events$).pipe(
    groupBy(({ info }) => info.source.sender.toString()),
    mergeMap((person$) => person$.pipe(scan((count) => count + 1, 0), map((count) => `${person$.key} ${count}`))),
  )

// What the user does: lines for a file that can be sent to anybody.
const simulator = createSimulator()
const [owner, ben, cleo] = [simulator.phone({ name: 'Owner' }), simulator.phone({ name: 'Ben' }), simulator.phone({ name: 'Cleo' })]
const client = createClient({ store: memoryStore(), dial: simulator.dial, trustedRoot: simulator.trustedRoot })
const connection = await linkClient(client, owner)
const lines: string[] = []
recordStanzas(client).subscribe((line) => lines.push(line))
const heard = lastValueFrom(client.messages$.pipe(take(3)))
for (const [person, text] of [[ben, 'meet me at the harbour'], [cleo, 'where?'], [ben, 'pier four']] as const) person.send(owner.lid, text)
await heard
connection.unsubscribe()

// What is left for the developer.
const report = lines.join('\n')
assert.doesNotMatch(report, /harbour|pier|Ben|Cleo/)
console.log((await lastValueFrom(replayStanzas(report).pipe(counts, toArray()))).join('\n'))
