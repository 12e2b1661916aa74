import { asyncScheduler, Subject } from 'rxjs'

import { fromBigEndian } from '../bytes/bytes.ts'
import { SimulatorFailed } from '../errors/simulator-failed.ts'
import { isLid, isPhoneNumber, Jid, toJid } from '../stanza/jid.ts'
import type { Device } from './account.ts'
import { renewServerIdentity } from './certificates.ts'
import { checkPhoneOptions, checkSimulatorOptions } from './check-options.ts'
import { createWorld } from './create-world.ts'
import { createFaultBook, type FaultHandle } from './faults/faults.ts'
import type { FaultRule } from './faults/fault-rule.ts'
import { SILENCES } from './faults/silences.ts'
import { memoryDial } from './memory-socket.ts'
import { tellLive } from './channels.ts'
import { push } from './push.ts'
import { createPhone } from './phone.ts'
import type { Registration } from './registration.ts'
import { serve } from './serve.ts'
import type { Simulator, SimulatorOptions, Traffic } from './simulator.ts'
import { createGroup, groupAt } from './simulated-group.ts'
import type { ServerSocket } from './server-socket.ts'
import { watchViolations } from './strict/violations.ts'
import { startListening } from './listening/start-listening.ts'
import { findDevice, phoneNumberOf } from './world.ts'

const FIRST_NUMBER = 15_550_100_001
const FIRST_LID = 90_010_001

/**
 * Starts a server with its own root key. It keeps everything in memory.
 *
 * @example
 * const simulator = createSimulator()
 * const ana = simulator.phone({ name: 'Ana' })
 * const client = createClient({ store: memoryStore(), dial: simulator.dial, trustedRoot: simulator.trustedRoot })
 * client.pairingQrCodes$.pipe(take(1)).subscribe(({ code }) => void ana.scan(code))
 */
export const createSimulator = (options: SimulatorOptions = {}): Simulator => {
  checkSimulatorOptions(options)
  const { scheduler = asyncScheduler, certificateFlaws, routingInfo, refs = 6, lowPrekeys = 5, isLenientBacklog = true, strict = 'report' } = options
  const world = createWorld({ scheduler, certificateFlaws, options: { ...(routingInfo && { routingInfo }), refs, lowPrekeys, isLenientBacklog } })
  const registrations = new Set<Registration>()
  const traffic$ = new Subject<Traffic>()
  const presence$ = new Subject<{ readonly device: Jid; readonly isOnline: boolean }>()
  const sockets = new Set<ServerSocket>()
  const violations = watchViolations()
  const faults = createFaultBook()
  /** A fault that is on or off. */
  const toggle = (): ((rule: FaultRule | undefined) => void) => {
    let handle: FaultHandle | undefined
    return (rule) => {
      handle?.remove()
      handle = rule && faults.add(rule)
    }
  }
  const messageRefusal = toggle()
  const offlineEnd = toggle()
  let people = 0

  const accept = (line: Parameters<typeof serve>[1]): ServerSocket => {
    const socket = serve(
      {
        world,
        registrations,
        faults,
        log: (direction, stanza, device) => {
          if (traffic$.observed) traffic$.next({ direction, stanza, device: device && phoneNumberOf(device) })
        },
        admit: (stanza, device) => violations.check(stanza, device && phoneNumberOf(device)) || strict === 'report',
        presence: (device, isOnline) => presence$.next({ device: phoneNumberOf(device), isOnline }),
        over: () => sockets.delete(socket),
      },
      line,
    )
    sockets.add(socket)
    return socket
  }

  const deviceOf = (address: Jid | string): Device => {
    const device = findDevice(world, toJid(address))
    if (!device) throw new SimulatorFailed('no device has this address')
    return device
  }
  const lineOf = (address: Jid | string): NonNullable<Device['line']> => {
    const { line } = deviceOf(address)
    if (!line) throw new SimulatorFailed('this device is not connected')
    return line
  }

  return {
    trustedRoot: world.identity.root,
    dial: memoryDial(accept),
    phone: (phoneOptions = {}) => {
      checkPhoneOptions(phoneOptions)
      const { phoneNumber, name, platform = 'android', wantsPasskey = false } = phoneOptions
      const number = new Jid(phoneNumber ?? String(FIRST_NUMBER + people), 's.whatsapp.net')
      const lid = new Jid(String(FIRST_LID + people), 'lid')
      people += 1
      if (!isPhoneNumber(number) || !isLid(lid) || !/^[1-9]\d{6,14}$/.test(number.user))
        throw new SimulatorFailed('a phone number has 7 to 15 digits and does not start with 0')
      if (world.accounts.has(number.user)) throw new SimulatorFailed('this phone number is taken')
      return createPhone({ world, registrations, phoneNumber: number, lid, name, platform, wantsPasskey })
    },
    group: (groupOptions) => createGroup(world, groupOptions),
    groupAt: (group) => groupAt(world, group),
    media: world.media,
    fetch: world.media.fetch,
    listen: async (listenOptions = {}) => {
      const listening = await startListening(accept, world.media, listenOptions)
      world.mediaHosts = [listening.mediaHost]
      return listening
    },
    traffic$: traffic$.asObservable(),
    violations$: violations.violations$,
    violations: violations.all,
    presence$: presence$.asObservable(),
    inject: (device, stanza) => lineOf(device).send(stanza),
    push: (account, ...stanzas) => push(world, account, ...stanzas),
    tellLive: (channel, messages) => tellLive(world, toJid(channel), messages),
    injectIntoPairings: (stanza) => registrations.forEach(({ send }) => send(stanza)),
    disconnectPairings: (reason) => [...registrations].forEach(({ end }) => end(reason)),
    greetNextLogin: (greeting) => (world.faults.greeting = greeting),
    injectBytes: (device, plaintext) => lineOf(device).sendBytes(plaintext),
    faults: { add: faults.add, clear: faults.clear },
    refuseMessages: (code) =>
      messageRefusal(code === undefined ? undefined : { on: { direction: 'in', tag: 'message' }, do: code === 'silent' ? { kind: 'drop' } : { kind: 'refuse', code } }),
    refusePairingCodes: (status, backoffSeconds) =>
      (world.faults.codeRefusal = status === undefined ? undefined : { status, ...(backoffSeconds !== undefined && { backoffSeconds }) }),
    refreshPairingCodes: (force = false) => registrations.forEach(({ codes }) => codes.refresh(force)),
    renewPairingSecrets: (form) => registrations.forEach(({ renewSecret }) => renewSecret(form)),
    bendPairing: (switches = {}) => (world.faults.pairing = switches),
    bendCodeEntry: (switches = {}) => (world.faults.codeEntry = switches),
    breakPasskeys: (switches = {}) => (world.faults.passkey = switches),
    demandPasskeys: () => registrations.forEach(({ gate }) => gate.demand()),
    corruptNextMessage: () => (world.faults.isNextMessageCorrupt = true),
    withholdMessages: (device, why) => (deviceOf(device).withheld = why),
    connections: () => sockets.size,
    disconnect: (device, reason) => lineOf(device).end(reason),
    rotateServerKey: () => (world.identity = renewServerIdentity(world.identity, scheduler.now())),
    corruptNextResume: () =>
      void faults.add({ on: { stage: 'handshake', direction: 'out', times: 1, where: ({ pattern }) => pattern === 'IK' }, do: { kind: 'corrupt' } }),
    handshakes: () => world.handshakes,
    stall: (device) => lineOf(device).stall(),
    forgeDeviceLists: (areForged) => (world.faults.areDeviceListsForged = areForged),
    forgePrekeys: (areForged) => (world.faults.arePrekeysForged = areForged),
    requireTokens: (areRequired) => (world.faults.areTokensRequired = areRequired),
    tokensGiven: () => world.given,
    hideLids: (areHidden) => (world.faults.areLidsHidden = areHidden),
    muteOfflineEnd: (isMuted) => offlineEnd(isMuted ? SILENCES.offline_end_missing[0] : undefined),
    waitingFor: (device) => deviceOf(device).queue.size(),
    routingInfoOf: (device) => lineOf(device).routingInfo(),
    setProperties: (properties) => (world.faults.properties = properties),
    refuseSignedPrekeys: (code) => (world.faults.rotationRefusal = code),
    signedPrekeyOf: (device) => fromBigEndian(deviceOf(device).keys.signed.id),
    prekeysOf: (device) => deviceOf(device).keys.oneTime.length,
    reusedMessageKeys: world.messageKeys.reused,
    close: () => {
      for (const socket of [...sockets]) socket.end()
    },
  }
}
