import { BehaviorSubject, concat, concatMap, forkJoin, map, NEVER, of, Subject, tap, type Observable, type SchedulerLike } from 'rxjs'

import { newAccount, type Account, type AccountLink } from '../account/account.ts'
import { decodeAccount, encodeAccount } from '../account/account-codec.ts'
import { Defect } from '../errors/defect.ts'
import type { HistoryCodecs } from '../history/lazy-history.ts'
import type { MediaRetryNotification, Message, ServerErrorReceipt } from '../proto/types.generated.ts'
import type { ProtoCodec } from '../proto/codec.ts'
import { content$ } from '../proto/load-content.ts'
import type { CommitQueue } from '../store/commit-queue.ts'
import { loadInbox } from '../store/inbox.ts'
import { loadLedger, type Ledger } from '../store/ledger.ts'
import { createQuarantine, type Quarantine } from '../store/quarantine.ts'
import { sequenceKey } from '../store/sequence.ts'
import type { OpenStore, Write } from '../store/store.ts'
import { createStoreLease, storeCall } from '../store/store-lease.ts'
import { decodeStanza } from '../stanza/decode.ts'
import { isBroadcast, isGroup, type Jid } from '../stanza/jid.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { childrenOf } from '../stanza/stanza.ts'
import { loadAppStateKeys, type AppStateKeys } from '../pipeline/app-state-keys.ts'
import { createAppStateRecoveries, type AppStateRecoveries } from '../pipeline/app-state-recoveries.ts'
import { createAppStateShelf, type AppStateShelf } from '../pipeline/app-state-shelf.ts'
import { createRingingCalls, type RingingCalls } from '../pipeline/calls/ringing-calls.ts'
import { loadLidDirectory, type LidDirectory } from '../pipeline/lid-directory.ts'
import { createHistoryShelf, type HistoryShelf } from '../pipeline/history-shelf.ts'
import { createDeviceDirectory, type DeviceDirectory } from '../pipeline/device-directory.ts'
import { loadMessageSecrets, type MessageSecrets } from '../pipeline/message-secrets.ts'
import type { AddonCodecs } from '../pipeline/open-addon.ts'
import { loadOutbox, type Outbox } from '../pipeline/outbox.ts'
import { prekeyWrite } from '../pipeline/prekey-shelf.ts'
import { createPlaceholderBook, type PlaceholderBook } from '../pipeline/placeholder-book.ts'
import type { PhoneAnswers } from '../pipeline/recover-placeholders.ts'
import { createRetryReceipts, type RetryReceipts } from '../pipeline/retry-receipts.ts'
import { generatePrekeys, idAfter, type Prekey } from '../signal/prekeys.ts'
import { restoreStanza } from '../pipeline/restore-stanza.ts'
import { createGroupDirectory, type GroupDirectory } from '../pipeline/group-directory.ts'
import { loadTokenShelf, type TokenShelf } from '../pipeline/token-shelf.ts'
import { createContactHashes } from '../pipeline/contact-hashes.ts'
import { createPeopleFollower, type PeopleFollower } from '../pipeline/follow-people.ts'
import type { FanOut } from '../pipeline/fan-out.ts'
import { createKeyedLocks, type KeyedLocks } from '../pipeline/keyed-locks.ts'
import { createOwnSenderKeys, type OwnSenderKeys } from '../pipeline/own-sender-keys.ts'
import { createSenderKeyPool, type SenderKeyPool } from '../pipeline/sender-key-pool.ts'
import { createSessionPool, type SessionPool } from '../pipeline/session-pool.ts'
import { createDeliveries, type Deliveries } from './deliveries.ts'
import type { EventHub } from './event-hub.ts'
import type { Settings } from './options.ts'

/** A fan-out and what it was made of. */
export interface KeptFanOut {
  readonly fanOut: FanOut
  readonly devicesVersion: number
  readonly madeAtMs: number
}

/** What lives as long as somebody is subscribed to `connection$`: the open store and what was read from it. */
export interface Session {
  readonly store: OpenStore
  readonly account: () => Account
  /** The account as it is stored: now, and after each change. */
  readonly account$: Observable<Account>
  /** The link of a paired account; asking an unpaired one is a defect. */
  readonly link: () => AccountLink
  /** Changes the account and makes it durable together with other rows; emits when it is. */
  readonly saveAccount: (change: (account: Account) => Account, writes?: readonly Write[]) => Observable<Account>
  readonly commit: CommitQueue['commit']
  readonly ride: CommitQueue['ride']
  /** Errors when the store fails, whoever waited for it. */
  readonly failure$: Observable<never>
  readonly directory: LidDirectory
  readonly pool: SessionPool
  readonly senderKeys: SenderKeyPool
  readonly devices: DeviceDirectory
  readonly groups: GroupDirectory
  readonly ownKeys: OwnSenderKeys
  /** Tokens of trust, between us and each person. */
  readonly tokens: TokenShelf
  /** Who is to be given a token when the server took a message, by the message's id. */
  readonly owed: Map<string, Jid>
  /** Whether the server switched something on for this account. */
  readonly hasProperty: (code: number) => boolean
  /** Keeps devices and sessions right by what the server says about people. */
  readonly people: PeopleFollower
  /** People whose phone began a new list of devices. */
  readonly otherPhones$: Observable<Jid>
  /** Addresses of devices that turned out to have another identity than before. */
  readonly replacedIdentities$: Observable<string>
  /** Who reads which group, by its address; good as long as nothing it was made of changed. */
  readonly fanOuts: Map<string, KeptFanOut>
  /** One message of a chat is encrypted after the other, by its address: one that has to wait must not be overtaken. */
  readonly chatLanes: KeyedLocks
  /** The members of a group are no longer right, nor are their devices. */
  readonly forgetGroup: (group: Jid) => Observable<void>
  /** A message will not be sent (again); who should have got our key with it, did not. */
  readonly dropMessage: (id: string) => void
  readonly appStateKeys: AppStateKeys
  readonly appStateShelf: AppStateShelf
  /** One works on a collection of the app state after the other. */
  readonly appStateLanes: KeyedLocks
  readonly recoveries: AppStateRecoveries
  readonly ledger: Ledger
  readonly outbox: Outbox
  readonly deliveries: Deliveries
  /** Calls that ring; a lost connection does not silence them. */
  readonly ringing: RingingCalls
  readonly retryReceipt: RetryReceipts
  /** What our own phone was and will be asked for. */
  readonly placeholders: PlaceholderBook
  readonly secrets: MessageSecrets
  /** Pieces of history that are not taken in yet. */
  readonly history: HistoryShelf
  readonly historyCodecs: HistoryCodecs
  /** Reads and writes what is said of files that are asked for again. */
  readonly retryCodecs: { readonly request: ProtoCodec<ServerErrorReceipt>; readonly answer: ProtoCodec<MediaRetryNotification> }
  readonly addonCodecs: AddonCodecs
  readonly phoneAnswers: PhoneAnswers
  readonly quarantine: Quarantine
  /** The device lists of people are no longer right, under either address. */
  readonly forgetDevices: (...users: readonly Jid[]) => Observable<void>
  readonly messageCodec: ProtoCodec<Message>
  readonly scheduler: SchedulerLike
  readonly nowMs: () => number
}

/** What a session needs of its client. */
export interface SessionParts {
  readonly settings: Pick<Settings, 'store' | 'scheduler' | 'durableLimit' | 'logger'>
  readonly hub: Pick<EventHub, 'emit' | 'isObserved'>
  /** A/B properties by number. */
  readonly properties: { readonly valueOf: (code: number) => string | undefined }
}

/** Key of the one row of table `account`. */
export const ACCOUNT_KEY = 'credentials'

/**
 * Opens the store and reads the account, making a new one when there is none. Emits one session, which
 * ends, and gives the store back, when it is unsubscribed from. One at a time: the next one waits until
 * the store of the last one is closed.
 */
export const createSessions = ({ settings, hub, properties }: SessionParts): Observable<Session> => {
  const lease = createStoreLease(settings.store, settings.scheduler)
  return lease((store, commits) =>
    // A session does not complete on its own: it is held until nobody needs it.
    readSession(store, commits, settings, hub, properties).pipe(concatMap((session) => concat(of(session), NEVER))),
  )
}

const readSession = (store: OpenStore, commits: CommitQueue, settings: SessionParts['settings'], hub: SessionParts['hub'], { valueOf }: SessionParts['properties']): Observable<Session> => {
  const { commit, ride } = commits
  const nowMs = (): number => settings.scheduler.now()
  const quarantine = createQuarantine(ride, (table) => settings.logger?.warn({ table }, 'a stored row could not be read and was put aside'))
  return forkJoin({
    account: readAccount(store),
    people: loadLidDirectory(store).pipe(concatMap((directory) => loadTokenShelf(store, { directory, nowMs, valueOf }).pipe(map((tokens) => ({ directory, tokens }))))),
    ledger: loadLedger(store),
    inbox: loadInbox(store, settings.durableLimit, ride),
    outbox: loadOutbox({ store, ride, quarantine, nowMs }),
    createSecrets: loadMessageSecrets(store),
    keysAndContent: content$.pipe(
      concatMap((content) => loadAppStateKeys({ store, quarantine, codec: content.Message_AppStateSyncKeyData }).pipe(map((appStateKeys) => ({ appStateKeys, content })))),
    ),
  }).pipe(
    map(({ account: initial, people: { directory, tokens }, ledger, inbox, outbox, createSecrets, keysAndContent: { appStateKeys, content } }): Session => {
      const messageCodec = content.Message
      let account = initial
      const stored$ = new BehaviorSubject(initial)
      const otherPhones$ = new Subject<Jid>()
      const devices = createDeviceDirectory(store, nowMs, (user) => otherPhones$.next(user))
      if (account.link) directory.learn(account.link.lid, account.link.id)
      const replaced$ = new Subject<string>()
      const pool = createSessionPool(store, quarantine, (address) => replaced$.next(address))
      const groups = createGroupDirectory({ store, quarantine, directory })
      const ownKeys = createOwnSenderKeys({ store, quarantine, self: () => link().lid })
      const link = (): AccountLink => {
        if (!account.link) throw new Defect('a paired account was expected')
        return account.link
      }
      const saveAccount: Session['saveAccount'] = (change, writes = []) => {
        const changed = change(account)
        account = changed
        return commit([...writes, accountWrite(changed)]).pipe(
          map(() => changed),
          tap((durable) => stored$.next(durable)),
        )
      }
      const takePrekey = (): Prekey => {
        const { nextPrekeyId: id } = account
        const [prekey] = generatePrekeys(id, 1)
        const after = idAfter(id)
        // Handed to the queue now: whatever is committed after it rests on it.
        saveAccount(
          (current) => ({ ...current, nextPrekeyId: after, ...(current.firstUnuploadedPrekeyId === id && { firstUnuploadedPrekeyId: after }) }),
          [prekeyWrite(prekey!)],
        )
        return prekey!
      }
      const placeholders = createPlaceholderBook({ directory, link: () => link(), nowMs })
      return {
        store,
        account: () => account,
        account$: stored$.asObservable(),
        link,
        commit,
        ride,
        failure$: commits.failure$,
        saveAccount,
        directory,
        pool,
        senderKeys: createSenderKeyPool(store, quarantine),
        devices,
        groups,
        ownKeys,
        tokens,
        owed: new Map(),
        hasProperty: (code) => ON.includes(valueOf(code)),
        people: createPeopleFollower({ link, directory, devices, pool, ownKeys, tokens, findByHash: createContactHashes(directory), nowMs }),
        otherPhones$: otherPhones$.asObservable(),
        replacedIdentities$: replaced$.asObservable(),
        fanOuts: new Map(),
        chatLanes: createKeyedLocks(),
        appStateKeys,
        appStateShelf: createAppStateShelf({ store, quarantine }),
        appStateLanes: createKeyedLocks(),
        recoveries: createAppStateRecoveries(),
        ledger,
        outbox,
        placeholders,
        secrets: createSecrets({ directory, link: () => link(), nowMs }),
        historyCodecs: { history: content.HistorySync, conversation: content.Conversation, entry: content.HistorySyncMsg },
        retryCodecs: { request: content.ServerErrorReceipt, answer: content.MediaRetryNotification },
        history: createHistoryShelf({ store, codec: content.Message_HistorySyncNotification, nowMs }),
        addonCodecs: {
          message: messageCodec,
          reaction: content.Message_ReactionMessage,
          pollVote: content.Message_PollVoteMessage,
          eventResponse: content.Message_EventResponseMessage,
          comment: content.Message_CommentMessage,
        },
        phoneAnswers: { book: placeholders, webMessageCodec: content.WebMessageInfo, messageCodec },
        ringing: createRingingCalls(),
        retryReceipt: createRetryReceipts({ account: () => account, takePrekey }),
        deliveries: createDeliveries({
          inbox,
          ledger,
          commit,
          ...hub,
          restore: (row) => restoreStanza(row, link(), messageCodec),
          quarantine: (sequence, row) => quarantine.put('inbox', sequenceKey(sequence), row),
        }),
        quarantine,
        forgetDevices: (...users) =>
          commit(devices.forget(users.flatMap((user) => {
            const alternate = directory.alternate(user)
            return alternate ? [user, alternate] : [user]
          }))),
        forgetGroup: (group) => {
          const members = groups.present(group)?.members ?? []
          return commit([...groups.forget([group]), ...devices.forget(members)])
        },
        dropMessage: (id) => {
          const departure = outbox.find(id)
          if (departure && (isGroup(departure.chat) || isBroadcast(departure.chat))) ownKeys.unmark(departure.chat, keyReceiversOf(departure.outgoing))
          outbox.drop(id)
        },
        messageCodec,
        scheduler: settings.scheduler,
        nowMs,
      }
    }),
  )
}

/** How a switch that is on is written. */
const ON: ReadonlyArray<string | undefined> = ['1', 'true']

/** The devices a finished stanza gives our key to. Readers of a status post are also named without being given anything. */
const keyReceiversOf = (outgoing: Uint8Array): readonly Jid[] =>
  childrenOf(decodeStanza(outgoing), 'participants')
    .flatMap((participants) => childrenOf(participants, 'to'))
    .filter((to) => childrenOf(to, 'enc').length > 0)
    .flatMap((to) => attributesOf(to).optionalJid('jid') ?? [])

const readAccount = (store: OpenStore): Observable<Account> =>
  storeCall('read', () => store.read('account', ACCOUNT_KEY)).pipe(
    concatMap((row) => {
      if (row) return of(decodeAccount(row))
      const account = newAccount()
      // Durable before it is used: a key that was shown in a QR code must never be lost.
      return storeCall('commit', () => store.commit([accountWrite(account)])).pipe(map(() => account))
    }),
  )

/** The account as a row. */
export const accountWrite = (account: Account): Write => ({ table: 'account', key: ACCOUNT_KEY, value: encodeAccount(account) })
