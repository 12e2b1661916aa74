import { asyncScheduler, type ObservableInput, type SchedulerLike } from 'rxjs'

import type { Dial } from '../connection/socket.ts'
import { PINNED_ROOT, type TrustedRoot } from '../connection/noise-certificate.ts'
import { webSocketDial } from '../connection/web-socket.ts'
import type { FetchFile } from '../media/fetch-file.ts'
import { OptionInvalid } from '../errors/option-invalid.ts'
import type { PasskeyAnswer } from '../pairing/passkey-json.ts'
import { guardLogger } from './guard-logger.ts'
import type { Logger } from './logger.ts'
import { requireStore } from '../store/require-store.ts'
import type { Store } from '../store/store.ts'

/** What a client can be told; everything but the store has a default that suits the real service. */
export interface ClientOptions {
  /** Where the account is kept. */
  readonly store: Store
  /** Address of the server, `ws:` or `wss:`; default: the real one. */
  readonly url?: string
  /** Root of the server's certificates; default: the real one. It cannot be switched off. */
  readonly trustedRoot?: TrustedRoot
  /** Opens the byte stream; default: a WebSocket, see {@link webSocketDial} for one through a proxy. */
  readonly dial?: Dial
  /** Fetches files from the media hosts, as through a proxy; default: the `fetch` of the platform. */
  readonly fetch?: FetchFile
  /** Version of the web client to announce, three whole numbers. */
  readonly version?: readonly [number, number, number]
  /** What the phone lists in "linked devices". */
  readonly device?: {
    /** Name of the system, 1 to 64 characters; default "rxwa". */
    readonly system?: string
    /** Number of `DeviceProps.PlatformType`; default 1, Chrome. */
    readonly platformType?: number
  }
  /** Language and country announced at login; default "en", "US". */
  readonly locale?: { readonly language?: string; readonly country?: string }
  /** The name others see; default: what the server has. At most 25 characters. */
  readonly pushName?: string
  /** Announce presence "available" after login, without which others see no blue ticks; default true. */
  readonly markOnline?: boolean
  /** Put a web address in front of QR codes, for a phone's camera; default false. */
  readonly qrDeepLink?: boolean
  /** How passkeys are given to accounts that ask for one when this device is linked. */
  readonly passkey?: {
    /**
     * Signs the options of a request (JSON) and gives the answer; five minutes at most. Default: nobody,
     * the application answers with `client.passkey.respond`.
     */
    readonly authenticator?: (requestOptionsJson: string) => ObservableInput<PasskeyAnswer>
    /** Take the code for compared as soon as the phone shows it; default false. */
    readonly autoConfirm?: boolean
  }
  /** One-time prekeys per upload, 5 to 65535; default 812. */
  readonly prekeyCount?: number
  /** Pause between signs of life, picked at random between the two; default 15 s to 30 s. */
  readonly keepAlive?: { readonly minimumMs?: number; readonly maximumMs?: number }
  /** Waits between attempts after a loss: the longest (default 15 min), and after how long a connection counts as stable (default 30 s). */
  readonly backoff?: { readonly limitMs?: number; readonly stableMs?: number }
  /** Time for opening the socket, and for the handshake on it; default 20 s each. */
  readonly connectLimitMs?: number
  /** Time after which the backlog counts as through; default 60 s. */
  readonly offlineSyncLimitMs?: number
  /** Time for the server to acknowledge a message, three times; default 10 s. */
  readonly sendLimitMs?: number
  /**
   * What is taken in of the history our phone sends: all of it; only what it sends inline, names and data
   * (`metadata_only`); or nothing (`off`), which also leaves out tokens and mappings of addresses. Default `full`.
   */
  readonly history?: 'full' | 'metadata_only' | 'off'
  /** Tell the phone that a piece of history is taken before it was fetched: it is lost in a crash. Default false. */
  readonly earlyHistoryReceipts?: boolean
  /** Events a durable consumer may leave unacknowledged before the connection ends; default 100,000. */
  readonly durableLimit?: number
  /** Where to write what goes wrong; of pino's shape. Default: nowhere. */
  readonly logger?: Logger
  /** Freeze every event; default false, it costs time. */
  readonly freezeEvents?: boolean
  /** The clock and all timers; default: real time. */
  readonly scheduler?: SchedulerLike
  /** Numbers from 0 to below 1 for jitter; never used for keys. Default `Math.random`. */
  readonly random?: () => number
}

/** Options with their defaults filled in. */
export interface Settings {
  readonly store: Store
  readonly url: string
  readonly trustedRoot: TrustedRoot
  readonly dial: Dial
  readonly fetch: FetchFile
  readonly version: readonly [number, number, number]
  readonly device: { readonly system: string; readonly platformType: number }
  readonly locale: { readonly language: string; readonly country: string }
  readonly pushName: string | undefined
  readonly markOnline: boolean
  readonly qrDeepLink: boolean
  readonly passkey: { readonly authenticator: ((requestOptionsJson: string) => ObservableInput<PasskeyAnswer>) | undefined; readonly autoConfirm: boolean }
  readonly prekeyCount: number
  readonly keepAlive: { readonly minimumMs: number; readonly maximumMs: number }
  readonly backoff: { readonly limitMs: number; readonly stableMs: number }
  readonly connectLimitMs: number
  readonly offlineSyncLimitMs: number
  readonly sendLimitMs: number
  readonly history: 'full' | 'metadata_only' | 'off'
  readonly earlyHistoryReceipts: boolean
  readonly durableLimit: number
  readonly logger: Logger | undefined
  readonly freezeEvents: boolean
  readonly scheduler: SchedulerLike
  readonly random: () => number
}

const REAL_URL = 'wss://web.whatsapp.com/ws/chat'

/** The web client whose published shapes this package follows. */
const WEB_VERSION = [2, 3000, 1045798079] as const

const HISTORY_MODES: readonly string[] = ['full', 'metadata_only', 'off']

const HOUR_MS = 3_600_000

/**
 * Checks options and fills in defaults.
 *
 * @throws OptionInvalid naming the first option that cannot work, and what it may be
 */
export const settingsOf = (options: ClientOptions): Settings => {
  const check = (option: string, value: unknown, expected: string, isFine: boolean): void => {
    if (!isFine) throw new OptionInvalid(option, expected, kindOf(value))
  }
  const whole = (option: string, value: number | undefined, standard: number, least: number, most: number): number => {
    if (value === undefined) return standard
    check(option, value, `a whole number from ${least} to ${most}`, Number.isInteger(value) && value >= least && value <= most)
    return value
  }
  const text = (option: string, value: string | undefined, standard: string, pattern: RegExp, expected: string): string => {
    if (value === undefined) return standard
    check(option, value, expected, typeof value === 'string' && pattern.test(value))
    return value
  }
  const callable = <Value>(option: string, value: Value | undefined, standard: Value): Value => {
    if (value === undefined) return standard
    check(option, value, 'a function', typeof value === 'function')
    return value
  }
  const flag = (option: string, value: boolean | undefined, standard: boolean): boolean => {
    check(option, value, 'true or false', value === undefined || typeof value === 'boolean')
    return value ?? standard
  }

  check('options', options, 'an object with a store', typeof options === 'object' && options !== null)
  const { store, trustedRoot = PINNED_ROOT, version = WEB_VERSION, history: historyMode = 'full', scheduler = asyncScheduler } = options
  requireStore(store)
  check(
    'trustedRoot',
    trustedRoot,
    'an object with a publicKey of 32 bytes and a serial',
    trustedRoot?.publicKey instanceof Uint8Array && trustedRoot.publicKey.length === 32 && Number.isInteger(trustedRoot.serial),
  )
  check(
    'version',
    version,
    'three whole numbers from 0 to 4294967295',
    Array.isArray(version) && version.length === 3 && version.every((part) => Number.isInteger(part) && part >= 0 && part <= 0xffffffff),
  )
  check('history', historyMode, 'full, metadata_only or off', HISTORY_MODES.includes(historyMode))
  check('logger', options.logger, 'an object with trace, debug, info, warn and error', options.logger === undefined || isLogger(options.logger))
  check('scheduler', scheduler, 'an RxJS scheduler', typeof scheduler?.schedule === 'function' && typeof scheduler.now === 'function')

  const minimumMs = whole('keepAlive.minimumMs', options.keepAlive?.minimumMs, 15_000, 1_000, HOUR_MS)
  const url = options.url ?? REAL_URL
  check('url', url, 'an address starting with ws: or wss:', isSocketAddress(url))
  return {
    store,
    url,
    trustedRoot,
    dial: callable('dial', options.dial, webSocketDial()),
    fetch: callable('fetch', options.fetch, (url, init) => globalThis.fetch(url, init)),
    version,
    device: {
      system: text('device.system', options.device?.system, 'rxwa', /^.{1,64}$/u, 'a text of 1 to 64 characters'),
      platformType: whole('device.platformType', options.device?.platformType, 1, 1, 25),
    },
    locale: {
      language: text('locale.language', options.locale?.language, 'en', /^[a-z]{2}$/, 'two lower-case letters'),
      country: text('locale.country', options.locale?.country, 'US', /^[A-Z]{2}$/, 'two upper-case letters'),
    },
    pushName:
      options.pushName === undefined
        ? undefined
        : text('pushName', options.pushName, '', /^.{1,25}$/u, 'a text of 1 to 25 characters'),
    markOnline: flag('markOnline', options.markOnline, true),
    qrDeepLink: flag('qrDeepLink', options.qrDeepLink, false),
    passkey: {
      authenticator: callable('passkey.authenticator', options.passkey?.authenticator, undefined),
      autoConfirm: flag('passkey.autoConfirm', options.passkey?.autoConfirm, false),
    },
    prekeyCount: whole('prekeyCount', options.prekeyCount, 812, 5, 65_535),
    keepAlive: {
      minimumMs,
      maximumMs: whole('keepAlive.maximumMs', options.keepAlive?.maximumMs, Math.max(30_000, minimumMs), minimumMs, HOUR_MS),
    },
    backoff: {
      limitMs: whole('backoff.limitMs', options.backoff?.limitMs, 900_000, 0, 24 * HOUR_MS),
      stableMs: whole('backoff.stableMs', options.backoff?.stableMs, 30_000, 0, HOUR_MS),
    },
    connectLimitMs: whole('connectLimitMs', options.connectLimitMs, 20_000, 1, HOUR_MS),
    offlineSyncLimitMs: whole('offlineSyncLimitMs', options.offlineSyncLimitMs, 60_000, 1, HOUR_MS),
    sendLimitMs: whole('sendLimitMs', options.sendLimitMs, 10_000, 1, HOUR_MS),
    history: historyMode,
    earlyHistoryReceipts: flag('earlyHistoryReceipts', options.earlyHistoryReceipts, false),
    durableLimit: whole('durableLimit', options.durableLimit, 100_000, 1, 10_000_000),
    logger: options.logger && guardLogger(options.logger),
    freezeEvents: flag('freezeEvents', options.freezeEvents, false),
    scheduler,
    random: callable('random', options.random, Math.random),
  }
}

const isLogger = (logger: unknown): boolean =>
  typeof logger === 'object' &&
  logger !== null &&
  ['trace', 'debug', 'info', 'warn', 'error'].every((level) => typeof (logger as Readonly<Record<string, unknown>>)[level] === 'function')

const isSocketAddress = (url: unknown): boolean => {
  if (typeof url !== 'string' || !URL.canParse(url)) return false
  return ['ws:', 'wss:'].includes(new URL(url).protocol)
}

/** Says what came without showing it: numbers are harmless, anything else may be secret. */
const kindOf = (value: unknown): string => {
  if (value === null || value === undefined) return String(value)
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return `a text of ${value.length} characters`
  return Array.isArray(value) ? `a list of ${value.length}` : `a ${typeof value}`
}
