import { bufferCount, catchError, concatMap, from, map, of, throwError, toArray, type Observable } from 'rxjs'

import { expectSigners } from '#crypto'
import { ReplyMalformed, ServerRefused } from '../errors/request-errors.ts'
import { readKeyIndexList } from '../pairing/device-identity.ts'
import { addressOf } from '../pipeline/session-pool.ts'
import { followedBy, mapped } from '../reactive/at-once.ts'
import { askTogether } from '../reactive/ask-together.ts'
import { fetchDevices } from '../requests/device-requests.ts'
import { BUNDLES_PER_REQUEST, fetchBundles, type FetchedBundle } from '../requests/prekey-requests.ts'
import type { Request } from '../requests/request.ts'
import { withDevice, type Jid } from '../stanza/jid.ts'
import type { Session } from './session.ts'

/** What asking needs of a connection. */
export interface AskingParts {
  readonly session: Pick<Session, 'devices' | 'directory' | 'pool' | 'commit'>
  readonly request: Request
  readonly nextQueryId: () => string
}

/** Devices by the text of their user. */
export type DevicesByUser = ReadonlyMap<string, readonly Jid[]>

/** What the server has for devices, by their address. */
export type Bundles = ReadonlyMap<string, FetchedBundle>

export const NO_BUNDLES: Bundles = new Map()

/** Questions about others that messages to several chats ask at the same moment. */
export interface DeviceQuestions {
  /** The devices of users as the server knows them; emits once that is durable. Users it does not name are missing. */
  readonly askDevices: (users: readonly Jid[]) => Observable<DevicesByUser>
  /** What begins sessions with these devices, asked for under their LIDs; takes a one-time prekey of each. Of a request that is refused nobody is keyed. */
  readonly askBundles: (devices: readonly Jid[]) => Observable<Bundles>
}

/** Most users asked for in one request, so that reading the answer does not hold everything up. */
const USERS_PER_REQUEST = 256

/** Most devices of different messages asked for together: all of these begin their sessions when the answer comes. */
const BUNDLES_TOGETHER = 16

/** A refusal of many may be about one of them; if nobody hears us, asking again changes nothing. */
const mayBeOfOthers = (error: unknown): boolean => error instanceof ServerRefused || error instanceof ReplyMalformed

/** The questions of one connection. */
export const createDeviceQuestions = (parts: AskingParts): DeviceQuestions => {
  const { directory } = parts.session
  const devices = askTogether({ ask: (users: readonly Jid[]) => fetchDevicesOf(parts, users), keyOf: String, limit: USERS_PER_REQUEST, mayBeOfOthers })
  const bundles = askTogether({ ask: (some: readonly Jid[]) => fetchBundlesOf(parts, some), keyOf: addressOf, limit: BUNDLES_TOGETHER, mayBeOfOthers })
  return {
    askDevices: (users) => inParts(users, USERS_PER_REQUEST, devices),
    askBundles: (some) =>
      inParts(some.map(directory.canonical), BUNDLES_PER_REQUEST, (part) =>
        // One part costs the others nothing; each device is reported on its own.
        bundles(part).pipe(catchError((error: unknown) => (error instanceof ServerRefused ? of(NO_BUNDLES) : throwError(() => error)))),
      ),
  }
}

/** Asks for so many at a time, one part after the other. */
const inParts = <Value>(questions: readonly Jid[], size: number, ask: (some: readonly Jid[]) => Observable<ReadonlyMap<string, Value>>): Observable<ReadonlyMap<string, Value>> =>
  questions.length <= size
    ? ask(questions)
    : from(questions).pipe(
        bufferCount(size),
        concatMap(ask),
        toArray(),
        map((answers) => new Map(answers.flatMap((answer) => [...answer]))),
      )

/** What the server says, checked against the identities of the phones as far as we know them. */
const fetchDevicesOf = ({ session, request, nextQueryId }: AskingParts, users: readonly Jid[]): Observable<DevicesByUser> => {
  const { devices, directory, pool, commit } = session
  const phoneOf = (user: Jid): string => addressOf(withDevice(directory.canonical(user), 0))
  return followedBy(pool.identities(users.map(phoneOf)), (identities) => {
    const known = new Map(users.map((user, index) => [phoneOf(user), identities[index]]))
    return request(fetchDevices(users, nextQueryId(), (user, signedList) => readKeyIndexList(signedList, known.get(phoneOf(user))))).pipe(
      concatMap((answers) => {
        const writes = [...devices.learn(answers.filter(({ isForged }) => !isForged)), ...answers.flatMap(({ user, lid, phoneNumber }) => directory.learn(user, lid ?? phoneNumber))]
        return mapped(commit(writes), () => new Map(answers.map((answer) => [answer.user.toString(), answer.devices])))
      }),
    )
  })
}

const fetchBundlesOf = ({ session: { directory }, request }: AskingParts, devices: readonly Jid[]): Observable<Bundles> =>
  request(fetchBundles(devices)).pipe(
    map((fetched) => {
      expectSigners(fetched.flatMap((answer) => (answer.kind === 'bundle' ? [answer.bundle.identity] : [])))
      return new Map(fetched.map((bundle) => [addressOf(directory.canonical(bundle.device)), bundle]))
    }),
  )
