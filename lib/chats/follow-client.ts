import { catchError, concat, concatMap, defer, EMPTY, filter, ignoreElements, map, merge, mergeMap, retry, skip, take, tap, throwError, type Observable } from 'rxjs'

import { collectionNames } from '../app-state/collection.ts'
import type { Client } from '../client/client.ts'
import { NotConnected } from '../errors/request-errors.ts'
import type { DurableEvent, DurableType } from '../events/durable-event.ts'
import { substreamNames } from '../events/substreams.ts'
import type { WaEvent, WaEventType } from '../events/wa-event.ts'
import type { OpenView } from './open-view.ts'
import { forgetAppState, SHOWN_APP_STATE } from './project-app-state.ts'
import { projectEvent, versionsOf, type ProjectParts } from './project-event.ts'
import { WebMessageInfo_Status as Status } from '../proto/enums.generated.ts'
import { projectHistory } from './project-history.ts'
import { projectSent } from './project-message.ts'
import { projectRead } from './project-receipt.ts'

/** The name a view has among the durable consumers of its client. */
export const CONSUMER = 'rxwa/chats'

/** What the server keeps until it is acknowledged comes at least once, also across crashes. */
const DURABLE = ['message', 'undecryptable_message', 'receipt', 'group_update', 'contact_number_changed', 'lid_change'] as const satisfies readonly DurableType[]

/** What is told once; changes of the app state that were missed are read anew. */
const HOT = ['message_sent', 'server_ack', 'app_state_sync_complete', ...SHOWN_APP_STATE] as const satisfies readonly WaEventType[]

/** Events at work at the same time: they share transactions. */
const AT_WORK = 256

/** Keeps a view up to date with what happens to its client. */
export const followClient = (client: Client, view: OpenView, parts: ProjectParts): Observable<never> => {
  const { state, alone } = view
  const project = (event: WaEvent): Observable<never> => alone(() => projectEvent(state, event, parts))
  const durable$: Observable<DurableEvent<(typeof DURABLE)[number]>> = client.durable(CONSUMER, DURABLE)
  const given$ = durable$.pipe(map(({ event, ack }) => ({ event: event as WaEvent, ack })))
  const told$ = merge(...HOT.map((type) => client[substreamNames[type]] as Observable<WaEvent>)).pipe(map((event) => ({ event, ack: (): void => undefined })))
  return merge(
    merge(told$, given$).pipe(
      mergeMap(
        ({ event, ack }) =>
          project(event).pipe(
            tap({ complete: ack }),
            // The connection went while something of it was opened: it is not done, and comes again with the next one.
            catchError((error: unknown) => (error instanceof NotConnected ? EMPTY : throwError(() => error))),
          ),
        AT_WORK,
      ),
    ),
    client.history.take((history) => projectHistory(state, history, alone)),
    client.messagesRead$.pipe(mergeMap((events) => alone(() => projectRead(state, events)))),
    checkAtOnce(client, view),
    recallSent(client, view, parts),
    readMissed(client, view),
  ).pipe(ignoreElements())
}

/** Whose chats these are shows as soon as the client knows who it is, and not with the first event. */
const checkAtOnce = ({ connectionState$, me }: Client, { alone }: OpenView): Observable<never> =>
  connectionState$.pipe(
    filter(() => me() !== undefined),
    take(1),
    concatMap(() => alone(() => EMPTY)),
  )

/** Clocks of different devices differ by less. */
const CLOCK_TOLERANCE_MS = 3_600_000

/** What was sent from here while nobody followed is in the store of the client for some days. */
const recallSent = (client: Client, { state, alone }: OpenView, { openAddon, nowMs }: ProjectParts): Observable<never> => {
  const knownMs = [...state.book.chats()].reduce((latest, { lastAtMs = 0 }) => Math.max(latest, lastAtMs), 0)
  return client.connectionState$.pipe(
    filter(({ kind }) => kind === 'open'),
    take(1),
    concatMap(() => client.recentlySent(new Date(Math.max(0, knownMs - CLOCK_TOLERANCE_MS)))),
    concatMap((sent) => sent),
    concatMap(({ id, chat, message, acceptedAt }) =>
      alone(() => projectSent(state, { id, to: chat, message }, acceptedAt?.getTime() ?? nowMs(), openAddon, acceptedAt ? Status.SERVER_ACK : Status.PENDING)),
    ),
    catchError((error: unknown) => (error instanceof NotConnected ? EMPTY : throwError(() => error))),
  )
}

/** Collections that changed while nobody followed are read from scratch, as soon as there is a connection. */
const readMissed = (client: Client, view: OpenView): Observable<never> => {
  const { state, alone } = view
  const withSession$ = client.connectionState$.pipe(
    filter(({ kind }) => kind === 'dialing' || kind === 'opening' || kind === 'resuming' || kind === 'open'),
    take(1),
  )
  const missed$ = withSession$.pipe(
    concatMap(() => client.appState.versions()),
    concatMap((versions) =>
      versionsOf(state).pipe(
        map((known) => collectionNames.filter((name) => (versions.get(name) ?? 0) !== (known[name] ?? 0))),
      ),
    ),
    filter((names) => names.length > 0),
  )
  const open$ = client.connectionState$.pipe(filter(({ kind }) => kind === 'open'))
  return missed$.pipe(
    concatMap((names) =>
      open$.pipe(
        take(1),
        concatMap(() =>
          concat(
            alone(() => {
              for (const name of names) forgetAppState(state, name)
              return EMPTY
            }),
            defer(() => client.appState.sync(names, { fromScratch: true })),
          ),
        ),
        // Whatever was in the way, the next connection is another chance.
        retry({ delay: () => client.connectionState$.pipe(skip(1), filter(({ kind }) => kind === 'open'), take(1)) }),
      ),
    ),
    ignoreElements(),
  )
}
