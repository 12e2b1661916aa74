import { CommandInvalid } from '../errors/command-invalid.ts'
import type { FaultRule } from '../simulator/faults/fault-rule.ts'
import { isGroup, parseJid, type Jid } from '../stanza/jid.ts'
import type { CommandFields, CommandForm } from './read-line.ts'
import type { SimulatorNews } from './simulator-news.ts'
import type { Stage } from './stage.ts'

/** Something that can be typed while the simulator runs. */
export interface Command extends CommandForm {
  readonly help: string
  /** Does it and gives what is printed. */
  readonly run: (stage: Stage, fields: CommandFields) => SimulatorNews | Promise<SimulatorNews>
}

/** A command that has nothing to tell but that it was done. */
const doing = (command: string, words: readonly string[], help: string, act: (stage: Stage, fields: CommandFields) => void): Command => ({
  words,
  help,
  run: (stage, fields) => {
    act(stage, fields)
    return { event: 'done', command }
  },
})

const linked = (phone: { readonly phoneNumber: Jid }, device: Jid): SimulatorNews => ({ event: 'linked', phone: phone.phoneNumber.user, device: String(device) })

const groupIn = (fields: CommandFields): Jid => {
  const group = parseJid(fields.text('group'))
  if (!group || !isGroup(group)) throw new CommandInvalid('the address of a group ends with @g.us')
  return group
}

/** All commands but those that are about typing itself. */
export const COMMANDS = {
  scan: {
    words: ['qr', 'phone?'],
    help: 'the phone (default: the first) links the device that shows this code',
    run: async ({ find }, { text, optionalText }) => {
      const phone = find(optionalText('phone') ?? '1')
      return linked(phone, await phone.scan(text('qr')))
    },
  },
  code: {
    words: ['phone', 'code'],
    help: 'types a pairing code on a phone',
    run: async ({ find }, { text }) => {
      const phone = find(text('phone'))
      return linked(phone, await phone.enterCode(text('code')))
    },
  },
  unlink: {
    words: ['phone', 'device'],
    help: 'unlinks a device, 1 to 255',
    run: ({ find }, { text, whole }) => {
      const [phone, device] = [find(text('phone')), whole('device', 1, 255)]
      phone.unlink(device)
      return { event: 'unlinked', phone: phone.phoneNumber.user, device }
    },
  },
  send: {
    words: ['from', 'to', 'text…'],
    help: 'writes from a phone to a person, or to a group by its address',
    run: ({ find }, { text }) => {
      const [from, to] = [find(text('from')), parseJid(text('to'))]
      return { event: 'sent', id: to && isGroup(to) ? from.sendToGroup(to, text('text')) : from.send(find(text('to')), text('text')) }
    },
  },
  read: doing('read', ['phone', 'id'], 'marks a message the phone got as read', ({ find, messageAt }, { text }) => {
    const phone = find(text('phone'))
    phone.read(messageAt(phone, text('id')))
  }),
  group: {
    words: ['phones', 'subject…?'],
    more: ['bystanders', 'devicesEach', 'addressingMode'],
    help: 'makes a group of phones, named with commas between them; the first made it. JSON takes\nhow many others are in it whom nobody plays, and "pn" or "lid" as addressingMode',
    run: ({ simulator, find }, fields) => {
      const addressingMode = fields.optionalText('addressingMode') ?? 'lid'
      if (addressingMode !== 'lid' && addressingMode !== 'pn') throw new CommandInvalid('group needs addressingMode, “lid” or “pn”')
      const group = simulator.group({
        phones: fields.list('phones').map(find),
        subject: fields.optionalText('subject') ?? 'A group',
        addressingMode,
        ...(fields.optionalText('bystanders') !== undefined && { bystanders: fields.whole('bystanders', 0, 1_024) }),
        ...(fields.optionalText('devicesEach') !== undefined && { devicesEach: fields.whole('devicesEach', 1, 99) }),
      })
      return { event: 'group', group: String(group.jid), subject: group.subject(), members: group.members().length }
    },
  },
  enter: doing('enter', ['phone', 'group'], 'a phone enters a group by its link', ({ simulator, find, phones }, fields) => {
    const group = groupIn(fields)
    const admins = new Set(simulator.groupAt(group).members().filter(({ role }) => role !== 'member').map(({ lid }) => lid.user))
    const admin = phones().find(({ lid }) => admins.has(lid.user))
    if (!admin) throw new CommandInvalid('no phone is an admin of this group')
    find(fields.text('phone')).joinGroup(admin.inviteToGroup(group))
  }),
  leave: doing('leave', ['phone', 'group'], 'a phone leaves a group', ({ find }, fields) => find(fields.text('phone')).leaveGroup(groupIn(fields))),
  offline: doing('offline', ['phone'], 'a phone has no network; what is sent to it waits', ({ find }, { text }) => find(text('phone')).goOffline()),
  online: doing('online', ['phone'], 'it has network again', ({ find }, { text }) => find(text('phone')).goOnline()),
  forget: doing('forget', ['phone', 'device'], 'a phone loses its session with a device, such as 15550100001:1@s.whatsapp.net', ({ find }, { text }) =>
    find(text('phone')).loseSession(text('device')),
  ),
  reinstall: doing('reinstall', ['phone'], 'a phone gets a new identity; its devices are unlinked', ({ find }, { text }) => find(text('phone')).reinstall()),
  hangup: doing('hangup', ['device'], 'closes the connection of a device', ({ simulator }, { text }) => simulator.disconnect(text('device'))),
  fault: doing(
    'fault',
    ['rule…'],
    'breaks what this rule is about: a FaultRule of rxwa/testing as JSON, or several in a list, such as\n{"on":{"direction":"out","tag":"message","nth":2},"do":{"kind":"drop"}}',
    ({ simulator }, { json }) => void simulator.faults.add(json('rule') as FaultRule | readonly FaultRule[]),
  ),
  mend: doing('mend', [], 'takes all faults back', ({ simulator }) => simulator.faults.clear()),
  report: {
    words: [],
    help: 'tells what clients did wrong, and what waits for whom',
    run: ({ simulator, phones }) => ({
      event: 'report',
      connections: simulator.connections(),
      violations: simulator.violations().length,
      reusedMessageKeys: simulator.reusedMessageKeys().length,
      devices: phones().flatMap((phone) =>
        phone.devices().map((device) => ({ device: String(device), prekeys: simulator.prekeysOf(device), waiting: simulator.waitingFor(device) })),
      ),
    }),
  },
  add: {
    words: ['name…?'],
    help: 'one more phone',
    run: ({ add, list }, { optionalText }) => ({ event: 'phones', phones: list([add(optionalText('name'))]) }),
  },
  phones: {
    words: [],
    help: 'lists the phones',
    run: ({ list }) => ({ event: 'phones', phones: list() }),
  },
} satisfies Readonly<Record<string, Command>>
