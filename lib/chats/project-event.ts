import { concatMap, EMPTY, map, type Observable } from 'rxjs'

import type { WaEvent } from '../events/wa-event.ts'
import { isShownAppState, projectAppState } from './project-app-state.ts'
import { projectMessage, projectSent, projectUnreadable, type OpenAddon } from './project-message.ts'
import { projectGroup, projectLidChange, projectNumberChange } from './project-news.ts'
import { projectAccepted, projectReceipt } from './project-receipt.ts'
import { decodeRecord, encodeRecord } from './records.ts'
import type { ViewState } from './view-state.ts'

/** What projecting needs beside the view itself. */
export interface ProjectParts {
  readonly openAddon: OpenAddon
  readonly nowMs: () => number
}

/** Makes of one event what it changes in the view. Doing it twice changes nothing. */
export const projectEvent = (state: ViewState, event: WaEvent, { openAddon, nowMs }: ProjectParts): Observable<never> => {
  switch (event.type) {
    case 'message':
      return projectMessage(state, event, openAddon)
    case 'undecryptable_message':
      return projectUnreadable(state, event)
    case 'message_sent':
      return projectSent(state, event, nowMs(), openAddon)
    case 'receipt':
      return projectReceipt(state, event)
    case 'server_ack':
      return event.class === 'message' ? projectAccepted(state, event) : EMPTY
    case 'group_update':
      return projectGroup(state, event)
    case 'contact_number_changed':
      return projectNumberChange(state, event)
    case 'lid_change':
      return projectLidChange(state, event)
    case 'app_state_sync_complete':
      return keepVersion(state, event.name, event.version)
    default:
      return isShownAppState(event) ? projectAppState(state, event) : EMPTY
  }
}

/** How far each collection of the app state was followed, by name. */
export const versionsOf = ({ shelf }: ViewState): Observable<Readonly<Record<string, number>>> =>
  shelf.read('chat_state', VERSIONS).pipe(map((row) => decodeRecord<Readonly<Record<string, number>>>(row) ?? {}))

const VERSIONS = 'versions'

const keepVersion = (state: ViewState, name: string, version: number): Observable<never> =>
  versionsOf(state).pipe(
    concatMap((versions) => {
      state.shelf.put({ table: 'chat_state', key: VERSIONS, value: encodeRecord({ ...versions, [name]: version }) })
      return EMPTY
    }),
  )
