import { ClientPayload } from '../proto/core.generated.ts'
import { equalBytes } from '../bytes/bytes.ts'
import { RxwaError } from '../errors/rxwa-error.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { SERVER } from '../stanza/jid.ts'
import { childOf, stanza, type Stanza } from '../stanza/stanza.ts'
import type { Device } from './account.ts'
import { announceDevice } from './announce-devices.ts'
import { answerRequest } from './answer-requests.ts'
import type { FaultBook } from './faults/faults.ts'
import type { DeviceLine } from './device-line.ts'
import { endPresence, takePresence } from './presences.ts'
import { startRegistration, type Registration } from './registration.ts'
import { routeAck, routeChatState, routeMessage, routeReceipt } from './route-messages.ts'
import { createServerSocket, type ByteLine, type ServerSocket, type SocketListener } from './server-socket.ts'
import { lidOf, nowSeconds, phoneNumberOf, type World } from './world.ts'

/** What the server tells about a connection. */
export interface ServeParts {
  readonly world: World
  /** Registrations that wait for a phone. */
  readonly registrations: Set<Registration>
  readonly faults: FaultBook
  /** Every stanza in either direction, with the device once it is known. */
  readonly log: (direction: 'in' | 'out', stanza: Stanza, device: Device | undefined) => void
  /** Whether a stanza of a client is served; otherwise a request is refused and anything else dropped. */
  readonly admit: (stanza: Stanza, device: Device | undefined) => boolean
  /** A device logged in, or is gone. */
  readonly presence: (device: Device, isOnline: boolean) => void
  /** The connection is gone. */
  readonly over: () => void
}

/** Serves one client from its first byte to its last (protocol document 02, section 10). */
export const serve = ({ world, registrations, faults, log, admit, presence, over }: ServeParts, line: ByteLine): ServerSocket => {
  let registration: Registration | undefined
  let device: Device | undefined
  let deviceLine: DeviceLine | undefined
  let isActive = false

  const goActive = (): void => {
    if (isActive || !device || !deviceLine) return
    isActive = true
    device.queue.resume(deviceLine)
  }

  const logIn = (opened: ServerSocket, target: Device, isPassive: boolean): void => {
    device = target
    const previous = target.line
    deviceLine = {
      send: opened.send,
      sendBytes: opened.sendBytes,
      end: opened.end,
      stall: opened.stall,
      routingInfo: opened.routingInfo,
    }
    target.line = deviceLine
    // The older connection goes before the new one is taken in.
    if (previous) {
      target.queue.suspend()
      previous.end(stanza('stream:error', {}, [stanza('conflict', { type: 'replaced' })]))
    }
    const { greeting } = world.faults
    if (greeting) {
      world.faults.greeting = undefined
      if (greeting.tag === 'failure') opened.end(greeting)
      else opened.send(greeting)
      return
    }
    opened.send(
      stanza('success', {
        t: nowSeconds(world),
        props: '1',
        companion_enc_static: 'NULL',
        lid: lidOf(target),
        location: 'sim',
        abprops: '1',
        display_name: target.account.pushName ?? '',
        creation: target.account.createdAtSeconds,
      }),
    )
    const { routingInfo } = world.options
    if (routingInfo) opened.send(stanza('ib', { from: SERVER }, [stanza('edge_routing', {}, [stanza('routing_info', {}, routingInfo)])]))
    presence(target, true)
    if (!isPassive) goActive()
  }

  const open: SocketListener['opened'] = ({ payload, clientStatic }, opened) => {
    let decoded: ClientPayload
    try {
      decoded = ClientPayload.decode(payload)
      if (decoded.devicePairingData) {
        registration = startRegistration(world, opened, decoded, clientStatic)
        if (registration) registrations.add(registration)
        else opened.end(stanza('failure', { reason: '400' }))
        return
      }
    } catch (error) {
      if (!(error instanceof RxwaError)) throw error
      opened.end(stanza('failure', { reason: '400' }))
      return
    }
    const target = world.accounts.get(String(decoded.username))?.devices.get(decoded.device ?? 0)
    if (!target?.noise || !equalBytes(target.noise, clientStatic)) {
      opened.end(stanza('failure', { reason: '401', location: 'sim' }))
      return
    }
    logIn(opened, target, decoded.passive ?? false)
  }

  const remove = (removed: Device): void => {
    removed.account.devices.delete(removed.id)
    announceDevice(world, removed, 'remove')
    removed.line?.end(stanza('stream:error', { code: '401' }, [stanza('conflict', { type: 'device_removed' })]))
  }

  const receive = (received: Stanza, own: Device): void => {
    switch (received.tag) {
      case 'iq': {
        const type = attributesOf(received).optionalText('type')
        if (type === 'result' || type === 'error') return
        // Answered before what it sets off: a delivered backlog comes behind the result.
        let after = (): void => undefined
        const answer = answerRequest(world, own, received, { goActive: () => (after = goActive), remove: (gone) => (after = () => remove(gone)) })
        if (answer) socket.send(answer)
        after()
        return
      }
      case 'message':
        socket.send(routeMessage(world, own, received))
        return
      case 'receipt':
        socket.send(routeReceipt(world, own, received))
        return
      case 'ack':
        routeAck(own, received)
        return
      case 'ib': {
        const batch = childOf(received, 'offline_batch')
        if (batch) own.queue.grant(attributesOf(batch).optionalInteger('count') ?? 0)
        return
      }
      case 'presence':
        takePresence(world, own, received)
        return
      case 'chatstate':
        routeChatState(world, own, received)
        return
      case 'call':
        socket.send(stanza('ack', { class: 'call', id: received.attrs['id'], from: received.attrs['to'] }))
    }
  }

  const refuse = ({ tag, attrs }: Stanza): void => {
    if (tag !== 'iq' || (attrs['type'] !== 'get' && attrs['type'] !== 'set')) return
    socket.send(stanza('iq', { from: attrs['to'] ?? SERVER, type: 'error', id: attrs['id'] }, [stanza('error', { code: 400, text: 'bad-request' })]))
  }

  const connection = faults.follow()
  /** Checked when they arrive, also when a fault keeps them from being heard. */
  const inadmissible = new WeakSet<Stanza>()
  const socket: ServerSocket = createServerSocket(
    line,
    {
      opened: open,
      met: (pattern) => world.handshakes.push(pattern),
      stanza: (received) => {
        if (inadmissible.has(received)) refuse(received)
        else if (registration) registration.receive(received)
        else if (device) receive(received, device)
      },
      closed: () => {
        over()
        if (registration) registrations.delete(registration)
        registration?.closed()
        if (!device || device.line !== deviceLine) return
        device.line = undefined
        device.queue.suspend()
        endPresence(world, device)
        presence(device, false)
      },
    },
    {
      identity: world.identity,
      scheduler: world.scheduler,
      log: (direction, logged) => {
        log(direction, logged, device)
        if (direction === 'in' && !admit(logged, device)) inadmissible.add(logged)
      },
      choose: (passing) => connection.choose(passing, device && { phoneNumber: phoneNumberOf(device), lid: lidOf(device) }),
    },
  )
  return socket
}
