import type { SchedulerLike } from 'rxjs'

import { RecentMap } from '../collections/recent-map.ts'
import { createServerIdentity, type CertificateFlaws } from './certificates.ts'
import { createMediaHost, MEMORY_HOST } from './media-host.ts'
import { createMessageKeys } from './message-keys.ts'
import type { World } from './world.ts'

/** What a world can be told. */
export interface WorldParts {
  readonly scheduler: SchedulerLike
  readonly certificateFlaws?: CertificateFlaws | undefined
  readonly options: World['options']
}

/** Messages the server knows at least when they come again under the same id. */
const REMEMBERED_MESSAGES = 50_000

/** A world without people, where nothing is bent. */
export const createWorld = ({ scheduler, certificateFlaws, options }: WorldParts): World => ({
  scheduler,
  identity: createServerIdentity(scheduler.now(), certificateFlaws),
  accounts: new Map(),
  accountsByLid: new Map(),
  groups: new Map(),
  messageKeys: createMessageKeys(),
  sentForms: new RecentMap(REMEMBERED_MESSAGES),
  lists: new Map(),
  passkeys: new Map(),
  given: [],
  media: createMediaHost(),
  mediaHosts: [MEMORY_HOST],
  faults: {
    isNextMessageCorrupt: false,
    areDeviceListsForged: false,
    arePrekeysForged: false,
    areLidsHidden: false,
    areTokensRequired: false,
    codeRefusal: undefined,
    greeting: undefined,
    rotationRefusal: undefined,
    properties: {},
    pairing: {},
    codeEntry: {},
    passkey: {},
  },
  handshakes: [],
  options,
})
