import { ADVSignedKeyIndexList } from '../proto/core.generated.ts'
import { isLid, Jid, SERVER, userOf } from '../stanza/jid.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { childOf, childrenOf, contentTextOf, stanza, type Stanza } from '../stanza/stanza.ts'
import type { Device } from './account.ts'
import { done, malformed, refused, result, unknown, type Answer } from './answer.ts'
import { answerChannels } from './channels.ts'
import { answerGroups } from './group-requests.ts'
import { bundleOf, digestOf, takeRotation, takeUpload, type PrekeyPool } from './prekey-pool.ts'
import { takePrekey } from './take-prekey.ts'
import { giveTokens } from './trust.ts'
import { findAccount, findDevice, nowSeconds, type World } from './world.ts'

/** What answering may do besides answering. */
export interface RequestEffects {
  /** Passive mode ended. */
  readonly goActive: () => void
  /** The device wants to be unlinked. */
  readonly remove: (device: Device) => void
}

/** Answers a request of a logged-in device; never silence (protocol document 02, sections 10 and 10.2). */
export const answerRequest = (world: World, device: Device, iq: Stanza, effects: RequestEffects): Stanza | undefined => {
  const read = attributesOf(iq)
  const id = read.optionalText('id')
  // A request without an id cannot be answered.
  if (id === undefined) return undefined
  const from = read.optionalJid('to') ?? SERVER
  const answer = answerOf(world, device, iq, effects)
  return answer.kind === 'result'
    ? stanza('iq', { from, type: 'result', id, ...(isPing(iq) && { t: nowSeconds(world) }) }, answer.content)
    : stanza('iq', { from, type: 'error', id }, [stanza('error', { code: answer.code, text: answer.text })])
}

const isPing = ({ attrs }: Stanza): boolean => attrs['xmlns'] === 'w:p' || attrs['xmlns'] === 'urn:xmpp:ping'

const answerOf = (world: World, device: Device, iq: Stanza, effects: RequestEffects): Answer => {
  const read = attributesOf(iq)
  const xmlns = read.optionalText('xmlns')
  const isSet = read.optionalText('type') === 'set'
  const child = (tag: string): Stanza | undefined => childOf(iq, tag)
  switch (xmlns) {
    case 'w:p':
    case 'urn:xmpp:ping':
      return done
    case 'passive':
      if (child('active')) effects.goActive()
      return done
    case 'encrypt':
      return isSet ? setKeys(world, device, iq) : getKeys(world, device, iq)
    case 'usync':
      return answerUsync(world, iq)
    case 'abt':
      return result(propertiesOf(world))
    case 'blocklist':
      return isSet ? done : result(stanza('list', { addressing_mode: 'lid' }))
    case 'privacy':
      return answerPrivacy(world, device, iq, isSet)
    case 'urn:xmpp:whatsapp:dirty':
      return done
    case 'w:sync:app:state':
      return device.account.appState?.answer(device.id, iq) ?? unknown
    case 'w:g2':
      return answerGroups(world, device, iq, isSet)
    case 'newsletter':
      return answerChannels(world, device, read.optionalJid('to') ?? SERVER, iq)
    case 'w:m':
      return result(stanza('media_conn', { auth: 'simulated', ttl: '3600', auth_ttl: '3600', max_buckets: '12' }, world.mediaHosts.map((hostname) => stanza('host', { hostname }))))
    case 'md': {
      const removal = child('remove-companion-device')
      if (!removal) return unknown
      const target = attributesOf(removal).optionalJid('jid')
      const removed = target && findDevice(world, target)
      if (!removed || removed.account !== device.account || removed.id === 0) return malformed
      effects.remove(removed)
      return done
    }
    default:
      return unknown
  }
}

const propertiesOf = ({ faults }: World): Stanza => {
  const { hash = 'simulated', refreshSeconds = 86_400, refreshId = '1', isDelta, values = {} } = faults.properties
  return stanza(
    'props',
    { protocol: '1', hash, refresh: refreshSeconds, refresh_id: refreshId, ...(isDelta && { delta_update: 'true' }) },
    Object.entries(values).map(([code, value]) => stanza('prop', { config_code: code, config_value: value })),
  )
}

const setKeys = ({ faults }: World, device: Device, iq: Stanza): Answer => {
  const rotate = childOf(iq, 'rotate')
  if (rotate && faults.rotationRefusal !== undefined) return refused(faults.rotationRefusal, 'refused')
  if (rotate) return takeRotation(device.keys, rotate) ? done : refused(409, 'conflict')
  const isFirst = !device.keys.hasUploaded
  if (!takeUpload(device.keys, iq)) return refused(406, 'not-acceptable')
  if (isFirst) device.account.deviceReady?.()
  return done
}

const getKeys = (world: World, device: Device, iq: Stanza): Answer => {
  if (childOf(iq, 'count')) return result(stanza('count', { value: device.keys.oneTime.length }))
  if (childOf(iq, 'digest'))
    return device.keys.hasUploaded ? result(digestOf(device.keys)) : refused(404, 'item-not-found')
  const key = childOf(iq, 'key')
  if (!key) return malformed
  return result(
    stanza(
      'list',
      {},
      childrenOf(key, 'user').flatMap((user) => {
        const jid = attributesOf(user).optionalJid('jid')
        const target = jid && findDevice(world, jid)
        // Some clients give up on the whole answer over one error, so unknown users are left out.
        if (!jid || !target) return []
        const keys = world.faults.arePrekeysForged ? forged(target.keys) : target.keys
        return [stanza('user', { jid }, bundleOf(keys, takePrekey(world, target), target.signedIdentity))]
      }),
    ),
  )
}

/** The same keys, the signature of the signed one broken. */
const forged = (keys: PrekeyPool): PrekeyPool => ({ ...keys, signed: { ...keys.signed, signature: keys.signed.signature.map((byte, index) => (index === 0 ? byte ^ 1 : byte)) } })

const answerUsync = (world: World, iq: Stanza): Answer => {
  const usync = childOf(iq, 'usync')
  const query = usync && childOf(usync, 'query')
  const list = usync && childOf(usync, 'list')
  if (!usync || !query || !list) return malformed
  const wants = (protocol: string): boolean => childOf(query, protocol) !== undefined
  const users = childrenOf(list, 'user').flatMap((user) => {
    const jid = askedFor(user)
    const account = jid && findAccount(world, jid)
    const asked = contentTextOf(childOf(user, 'contact'))
    if (jid && !account && wants('contact')) return [stanza('user', { jid: userOf(jid) }, [stanza('contact', { type: 'out' }, asked)])]
    if (!jid || !account) return []
    const isHidden = world.faults.areLidsHidden
    const devices = [...account.devices.values()].sort((one, other) => one.id - other.id)
    const isHashed = account.keyIndexList !== undefined
    return [
      stanza('user', { jid: userOf(jid), pn_jid: isLid(jid) && wants('lid') && !isHidden ? account.phoneNumber : undefined }, [
        wants('devices')
          ? stanza('devices', {}, [
              stanza(
                'device-list',
                {},
                devices.map((device) => stanza('device', { id: device.id, 'key-index': device.id === 0 ? undefined : device.keyIndex })),
              ),
              isHashed ? stanza('key-index-list', { ts: account.keyIndexListAtSeconds }, listOf(world, account.keyIndexList!)) : undefined,
            ])
          : undefined,
        // Who asks by LID knows it; some clients take an echo for a change.
        wants('lid') && !isLid(jid) && !isHidden ? stanza('lid', { val: account.lid }) : undefined,
        wants('contact') ? stanza('contact', { type: 'in' }, asked) : undefined,
      ]),
    ]
  })
  const { attrs } = usync
  return result(
    stanza('usync', { sid: attrs['sid'], mode: attrs['mode'], last: attrs['last'], index: attrs['index'], context: attrs['context'] }, [
      stanza('result', {}, childrenOf(query).map(({ tag }) => stanza(tag))),
      stanza('list', {}, users),
    ]),
  )
}

/** A user is asked for by address, or by a phone number in text. */
const askedFor = (user: Stanza): Jid | undefined => {
  const jid = attributesOf(user).optionalJid('jid')
  if (jid) return jid
  const contact = childOf(user, 'contact')?.content
  if (!(contact instanceof Uint8Array)) return undefined
  const digits = new TextDecoder().decode(contact).replace(/\D/g, '')
  return digits === '' ? undefined : new Jid(digits, 's.whatsapp.net')
}

const PRIVACY = ['last', 'online', 'profile', 'status', 'readreceipts', 'groupadd', 'calladd'] as const

const answerPrivacy = (world: World, device: Device, iq: Stanza, isSet: boolean): Answer => {
  const asked = childOf(iq, 'privacy')
  if (!isSet && asked && childOf(asked, 'list')) return result(stanza('privacy', { addressing_mode: 'lid' }))
  if (!isSet) return result(stanza('privacy', {}, PRIVACY.map((name) => stanza('category', { name, value: 'all' }))))
  const tokens = childOf(iq, 'tokens')
  if (tokens) giveTokens(world, device.account, tokens, (jid) => findAccount(world, jid))
  return done
}

const listOf = ({ faults }: World, signed: Uint8Array): Uint8Array => {
  if (!faults.areDeviceListsForged) return signed
  const { details, accountSignature } = ADVSignedKeyIndexList.decode(signed)
  return ADVSignedKeyIndexList.encode({ details: details!, accountSignature: accountSignature!.map((byte, index) => (index === 0 ? byte ^ 1 : byte)) })
}
