import { timer } from 'rxjs'

import { md5, randomBytes, verify } from '#crypto'
import { equalBytes, toBase64, utf8 } from '../bytes/bytes.ts'
import { SimulatorFailed } from '../errors/simulator-failed.ts'
import { advPrefix } from '../pairing/device-identity.ts'
import { ADVDeviceIdentity, ADVSignedDeviceIdentity, DeviceProps, type ClientPayload } from '../proto/core.generated.ts'
import { concat } from '../bytes/bytes.ts'
import { serializeKey } from '../signal/serialized-key.ts'
import { Jid, SERVER } from '../stanza/jid.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { bytesOf, childOf, stanza, type Stanza } from '../stanza/stanza.ts'
import type { Account, Device } from './account.ts'
import { createLinkCodes, type LinkCodes } from './link-codes.ts'
import { nextNotificationId } from './notification-ids.ts'
import { createOfflineQueue } from './offline-queue.ts'
import { createPasskeyGate, type PasskeyGate } from './passkey-gate.ts'
import { createPrekeyPool } from './prekey-pool.ts'
import type { ServerSocket } from './server-socket.ts'
import { nowSeconds, type World } from './world.ts'

/** A device that waits to be linked. */
export interface Registration {
  readonly refs: readonly string[]
  /** Static key of its connection. */
  readonly noise: Uint8Array
  readonly identity: Uint8Array
  readonly codes: LinkCodes
  readonly gate: PasskeyGate
  readonly send: (stanza: Stanza) => void
  /** Ends the stream, with a reason when given. */
  readonly end: (reason?: Stanza) => void
  /** Asks the device for a new secret, in one of the two forms servers use. */
  readonly renewSecret: (form: SecretRenewal) => void
  readonly receive: (stanza: Stanza) => void
  /** Links the device to an account; resolves with it once the device has proved itself. */
  readonly link: (account: Account, offer: LinkOffer) => Promise<Device>
  readonly closed: () => void
}

/** How a server asks a waiting device for a new secret (protocol document 03, section 2.4). */
export type SecretRenewal = 'companion_reg_refresh' | 'pair-device-rotate-qr'

/** What a phone hands over to link a device (protocol document 03, section 7.2). */
export interface LinkOffer {
  /** Encoded `ADVSignedDeviceIdentityHMAC`. */
  readonly container: Uint8Array
  readonly keyIndex: number
  readonly accountKey: Uint8Array
  readonly platform: string
}

/** A device nobody links is sent away after this long, or this long after its last code was given out (protocol document 03, simulator 2). */
const IDLE_LIMIT_MS = 160_000
const CODE_LIMIT_MS = 180_000

/** A passkey under way may take its five minutes and the link its one; no document says what it means for the limit. */
const PASSKEY_LIMIT_MS = 360_000

/** A device that says nothing to its link for so long does not get it. */
const REPLY_LIMIT_MS = 10_000

/** Lengths every field of a registration must have (protocol document 02, section 10). */
const isWellFormed = (payload: ClientPayload): boolean => {
  const data = payload.devicePairingData
  if (!data?.eIdent || !data.eSkeyVal || !data.eSkeySig || !data.deviceProps) return false
  const lengths: ReadonlyArray<readonly [Uint8Array | undefined, number]> = [
    [data.eRegid, 4],
    [data.eKeytype, 1],
    [data.eIdent, 32],
    [data.eSkeyId, 3],
    [data.eSkeyVal, 32],
    [data.eSkeySig, 64],
    [data.buildHash, 16],
  ]
  if (lengths.some(([bytes, length]) => bytes?.length !== length) || data.deviceProps.length === 0) return false
  const { primary, secondary, tertiary } = payload.userAgent?.appVersion ?? {}
  const buildHash = md5(utf8([primary, secondary, tertiary].join('.')))
  DeviceProps.decode(data.deviceProps)
  return verify(data.eIdent, serializeKey(data.eSkeyVal), data.eSkeySig) && equalBytes(buildHash, data.buildHash!)
}

/** Serves a connection without an account: hands out codes, links it to a phone. Undefined when the payload is malformed. */
export const startRegistration = (world: World, socket: ServerSocket, payload: ClientPayload, noise: Uint8Array): Registration | undefined => {
  if (!isWellFormed(payload)) return undefined
  const data = payload.devicePairingData!
  const identity = data.eIdent!.slice()
  const pool = createPrekeyPool(data.eRegid!.slice(), identity, {
    id: data.eSkeyId!.slice(),
    value: data.eSkeyVal!.slice(),
    signature: data.eSkeySig!.slice(),
  })
  const refs = Array.from({ length: world.options.refs }, () => `2@${toBase64(randomBytes(16))}`)
  const codes = createLinkCodes(world, socket.send)
  const gate = createPasskeyGate(world, noise, socket.send)
  let idle = timer(IDLE_LIMIT_MS, world.scheduler).subscribe(() => socket.end())
  let idleAtMs = world.scheduler.now() + IDLE_LIMIT_MS
  const keepOpen = (durationMs: number): void => {
    const untilMs = world.scheduler.now() + durationMs
    if (untilMs <= idleAtMs) return
    idleAtMs = untilMs
    idle.unsubscribe()
    idle = timer(durationMs, world.scheduler).subscribe(() => socket.end())
  }
  let requests = 0
  const nextId = (): string => `reg${(requests += 1)}`
  let waiting: ((answer: Stanza | undefined) => void) | undefined
  let waitingId = ''

  const settle = (answer: Stanza | undefined): void => {
    const settled = waiting
    waiting = undefined
    settled?.(answer)
  }

  socket.send(
    stanza('iq', { from: SERVER, type: 'set', id: nextId(), xmlns: 'md' }, [
      stanza('pair-device', {}, refs.map((ref) => stanza('ref', {}, ref))),
    ]),
  )

  const link = async (account: Account, offer: LinkOffer): Promise<Device> => {
    if (waiting) throw new SimulatorFailed('another phone is linking this device')
    keepOpen(REPLY_LIMIT_MS + 1)
    const id = lowestFreeId(account)
    account.promisedIds.add(id)
    const pn = new Jid(account.phoneNumber.user, 's.whatsapp.net', id)
    const lid = new Jid(account.lid.user, 'lid', id)
    waitingId = nextId()
    const { isTwice, isWithoutPlatform, businessName, clientProps, ending = 'restart' } = world.faults.pairing
    const answered = new Promise<Stanza | undefined>((resolve) => (waiting = resolve))
    const limit = timer(REPLY_LIMIT_MS, world.scheduler).subscribe(() => settle(undefined))
    const success = stanza('iq', { from: SERVER, type: 'set', id: waitingId, xmlns: 'md', t: nowSeconds(world) }, [
      stanza('pair-success', {}, [
        stanza('device-identity', {}, offer.container),
        stanza('device', { jid: pn, lid }),
        isWithoutPlatform ? undefined : stanza('platform', { name: offer.platform }),
        businessName === undefined ? undefined : stanza('biz', { name: businessName }),
        clientProps && stanza('client-props', {}, clientProps),
      ]),
    ])
    socket.send(success)
    if (isTwice) socket.send(success)
    if (ending === 'restart_before_reply') socket.send(stanza('stream:error', { code: '515' }))
    const answer = await answered
    limit.unsubscribe()
    account.promisedIds.delete(id)
    const signedIdentity = answer && checkAnswer(answer, offer, identity)
    if (!signedIdentity) throw new SimulatorFailed('the device did not accept the pairing')
    const device: Device = {
      account,
      id,
      noise,
      keyIndex: offer.keyIndex,
      keys: pool,
      signedIdentity,
      queue: createOfflineQueue(world.scheduler, world.options.isLenientBacklog),
      liveUpdates: new Map(),
      line: undefined,
    }
    account.devices.set(id, device)
    codes.forget()
    socket.end(ending === 'restart' ? stanza('stream:error', { code: '515' }) : undefined)
    return device
  }

  return {
    refs,
    noise,
    identity,
    codes,
    gate: {
      answer: gate.answer,
      demand: () => {
        keepOpen(PASSKEY_LIMIT_MS)
        gate.demand()
      },
    },
    send: socket.send,
    end: socket.end,
    renewSecret: (form) =>
      socket.send(stanza('notification', { from: SERVER, type: 'companion_reg_refresh', id: nextNotificationId(world) }, [stanza(form)])),
    link,
    receive: (received) => {
      const read = attributesOf(received)
      if (received.tag !== 'iq') return
      const type = read.optionalText('type')
      const codeStep = childOf(received, 'link_code_companion_reg')
      if (type === 'result' || type === 'error') {
        if (read.optionalText('id') !== waitingId) return
        settle(type === 'result' ? received : undefined)
        return
      }
      const passkeyAnswers = gate.answer(received)
      if (passkeyAnswers) {
        keepOpen(PASSKEY_LIMIT_MS)
        passkeyAnswers.forEach(socket.send)
      }
      else if (codeStep) {
        const answer = codes.answer(received, codeStep)
        if (answer?.attrs['type'] === 'result' && attributesOf(codeStep).optionalText('stage') === 'companion_hello') keepOpen(CODE_LIMIT_MS)
        if (answer) socket.send(answer)
      } else if (read.optionalText('xmlns') === 'w:p') {
        socket.send(stanza('iq', { from: SERVER, type: 'result', id: read.text('id') }))
      } else {
        socket.send(
          stanza('iq', { from: SERVER, type: 'error', id: read.text('id') }, [stanza('error', { code: '401', text: 'not-authorized' })]),
        )
      }
    },
    closed: () => {
      idle.unsubscribe()
      codes.forget()
      settle(undefined)
    },
  }
}

/** The device's signature must cover what the phone signed; the account key is left out on the way back. */
const checkAnswer = (answer: Stanza, { keyIndex, accountKey }: LinkOffer, identity: Uint8Array): Uint8Array | undefined => {
  const sign = childOf(answer, 'pair-device-sign')
  const element = sign && childOf(sign, 'device-identity')
  const bytes = bytesOf(element)
  if (!element || !bytes || attributesOf(element).optionalInteger('key-index') !== keyIndex) return undefined
  const { details, accountSignature, deviceSignature } = ADVSignedDeviceIdentity.decode(bytes)
  if (!details || !accountSignature || !deviceSignature || ADVDeviceIdentity.decode(details).keyIndex !== keyIndex) return undefined
  if (!verify(identity, concat(advPrefix.device, details, identity, accountKey), deviceSignature)) return undefined
  return ADVSignedDeviceIdentity.encode({ details, accountSignatureKey: accountKey, accountSignature, deviceSignature })
}

const HOSTED_DEVICE = 99

const lowestFreeId = ({ devices, promisedIds }: Account): number => {
  let id = 1
  while (devices.has(id) || promisedIds.has(id) || id === HOSTED_DEVICE) id += 1
  return id
}
