import { sameUser, type Jid } from '../../lib/index.ts'
import type { FaultAction, SimulatedGroup } from '../../lib/testing/index.ts'
import { loaded } from './loaded.ts'
import { createOtherClient } from './other-client.ts'
import type { Actor, Stage } from './stage.ts'
import type { Step } from './steps.ts'

/** Steps a process that was killed stays away. */
const DOWN_STEPS = 6

/** Does what a step says, if it can be done now, and lets its time pass. */
export const takeStep = async (stage: Stage, step: Step): Promise<void> => {
  act(stage, step)
  await everybodyLoaded(stage)
  await stage.clock.advance(step.waitMs)
  const { app } = stage
  // Comes back after some steps, so that much waits for it at times.
  if ((!app.isUp() || app.isBroken()) && step.b % DOWN_STEPS === 0) {
    if (app.isBroken()) app.stop()
    app.start()
    await loaded(app)
  }
}

const everybodyLoaded = async ({ app, other }: Stage): Promise<void> => {
  await loaded(app)
  if (other) await loaded(other)
}

const act = (stage: Stage, { kind, a, b }: Step): void => {
  const { app, ana, ben, cleo, simulator, groups } = stage
  const chosen = groups[a % groups.length]!
  switch (kind) {
    case 'send':
      sendTo(stage, addressOf([ben, cleo][a % 2]!, b))
      break
    case 'send_to_group':
      sendTo(stage, chosen.jid)
      break
    case 'receive': {
      const actor = [ben, cleo, ben, cleo, ana][a % 5]!
      write(stage, actor, (text) => (actor === ana ? ana.phone.send(ben.phone, text) : actor.phone.send(ana.phone, text)), actor === ana ? ben.phone.lid : actor.phone.lid)
      break
    }
    case 'receive_from_group': {
      const actor = stage.actors[b % stage.actors.length]!
      if (isIn(chosen, actor)) write(stage, actor, (text) => actor.phone.sendToGroup(chosen.jid, text), chosen.jid)
      break
    }
    case 'companion_sends':
      otherSends(stage, a % 3 === 0 ? chosen.jid : ana.phone.lid)
      break
    case 'drop':
    case 'duplicate':
    case 'corrupt':
      strike(stage, kind === 'corrupt' ? { kind, level: 'stanza' } : { kind }, b)
      break
    case 'reorder':
      strike(stage, { kind, behind: 1 + (a % 3) }, b)
      break
    case 'delay':
      strike(stage, { kind, ms: 1 + a }, b)
      break
    case 'corrupt_next':
      simulator.corruptNextMessage()
      stage.isNextSpoiled = true
      break
    case 'disconnect':
      if (simulator.connections() > 0 && isConnected(stage)) simulator.disconnect(stage.device)
      break
    case 'fail_write':
      app.planCommit(a % 2 === 0 ? 'fail_before' : 'fail_after', b % 6)
      break
    case 'kill':
      if (a % 3 === 0) app.kill()
      else app.planCommit(a % 3 === 1 ? 'kill_before' : 'kill_after', b % 6)
      break
    case 'evict':
      if (app.isUp()) {
        app.stop()
        app.start()
      }
      break
    case 'lose_own_session':
      if (!app.isUp()) loseOwnSession(stage, b)
      break
    case 'peer_loses_session':
      stage.actors[a % 3]!.phone.loseSession(stage.device)
      break
    case 'reinstall':
      cleo.phone.reinstall({ isSilent: a % 2 === 0 })
      break
    case 'phone_offline':
      stage.actors[a % 3]!.phone.goOffline()
      break
    case 'phone_online':
      stage.actors[a % 3]!.phone.goOnline()
      break
    case 'leave_group':
      if (isIn(chosen, cleo)) {
        ben.phone.removeFromGroup(chosen.jid, cleo.phone)
        // Whoever is no longer a member cannot ask for what could not be read.
        for (const sent of stage.outgoing.values()) if (sameUser(sent.chat, chosen.jid) && !cleo.read.has(sent.id)) sent.readers = sent.readers.filter((name) => name !== cleo.name)
      }
      break
    case 'join_group':
      if (!isIn(chosen, cleo)) ben.phone.addToGroup(chosen.jid, cleo.phone)
      break
    case 'companion_comes':
      if (!stage.other) stage.other = createOtherClient(stage.clock, simulator, ben.phone, (what) => stage.problems.push(what))
      break
    case 'companion_goes':
      if (stage.other?.device() !== undefined && !stage.other.isGone()) {
        ben.phone.unlink(stage.other.device()!)
        stage.other.stop()
        stage.other = undefined
      }
      break
    case 'companion_sleeps':
      stage.other?.sleep()
      break
    case 'companion_wakes':
      stage.other?.wake()
      break
    case 'migrate':
      simulator.hideLids(false)
      chosen.setAddressingMode('lid')
      break
    case 'rotate_group_key':
      stage.actors[a % 3]!.phone.rotateGroupKey(chosen.jid)
      break
    case 'wait':
      break
  }
}

const isIn = (group: SimulatedGroup, { phone }: Actor): boolean => group.members().some(({ lid }) => sameUser(lid, phone.lid))

const addressOf = ({ phone }: Actor, choice: number): Jid => (choice % 2 === 0 ? phone.lid : phone.phoneNumber)

const isConnected = ({ simulator, device }: Stage): boolean => {
  try {
    simulator.routingInfoOf(device)
    return true
  } catch {
    // It is away: then there is nothing to break.
    return false
  }
}

const nextText = (stage: Stage, from: string): string => `${from} ${(stage.numbers += 1)}`

/** Our application writes. */
export const sendTo = (stage: Stage, chat: Jid): void => {
  const text = nextText(stage, 'out')
  const id = `OUT${stage.numbers}`
  stage.outgoing.set(id, { id, text, chat, readers: [] })
  stage.app.send({ id, chat, text })
}

/** Somebody writes what our application has to be told. */
export const write = (stage: Stage, actor: Actor, send: (text: string) => string, chat: Jid): void => {
  const text = nextText(stage, actor.name)
  const id = send(text)
  stage.written.push({ id, text, chat, sender: actor.name })
  // It has to be asked for again; a process that dies meanwhile takes along why that was.
  if (stage.isNextSpoiled) stage.bent.add(id)
  stage.isNextSpoiled = false
}

/** The other client writes; it is owed once the server has taken it. */
export const otherSends = (stage: Stage, chat: Jid): void => {
  const { other } = stage
  if (!other || other.isGone() || other.device() === undefined) return
  const text = nextText(stage, 'other')
  const id = `OTHER${stage.numbers}`
  stage.fromOther.set(id, { id, text, chat, sender: 'other' })
  other.send(chat, text, id)
}

/** Something happens to one of the next messages, receipts or answers on our line. */
const strike = (stage: Stage, action: FaultAction, choice: number): void => {
  let isFirst = true
  const direction = choice % 2 === 0 ? 'out' : 'in'
  stage.simulator.faults.add({
    on: {
      device: stage.device,
      direction,
      times: 1,
      where: ({ stanza }) => {
        if (!stanza || !['message', 'receipt', 'ack', 'notification'].includes(stanza.tag)) return false
        if (action.kind === 'corrupt' && stanza.tag !== 'message') return false
        if (isFirst && stanza.tag === 'message') stage.bent.add(String(stanza.attrs['id']))
        isFirst = false
        return true
      },
    },
    do: action,
  })
}

/** Takes a session out of our store, which nobody has open. */
const loseOwnSession = ({ disk }: Stage, choice: number): void => {
  const rows = disk.open()
  if ('then' in rows) throw new TypeError('a store that answers at once was expected')
  const sessions = rows.scan('sessions', undefined, 100)
  if ('then' in sessions) throw new TypeError('a store that answers at once was expected')
  const lost = sessions[choice % Math.max(1, sessions.length)]
  if (lost) void rows.commit([{ table: 'sessions', key: lost.key, value: undefined }])
  void rows.close()
}
