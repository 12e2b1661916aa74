import type { WaEvent } from '../../events/wa-event.ts'
import { userOf, type Jid } from '../../stanza/jid.ts'
import { attributesOf } from '../../stanza/read-attributes.ts'
import { childOf, childrenOf, contentTextOf, type Stanza } from '../../stanza/stanza.ts'
import { isOwn } from '../read-source.ts'
import { optional } from '../optional-field.ts'
import { instantAt, numberAt, raw, timeOf, unreadable, type NotificationParser, type NotificationParts } from './notification-reading.ts'

/** One part of the news about ourselves: its events, or undefined when nobody has modelled it. */
type ReadPart = (child: Stanza, context: { readonly own: Jid; readonly timestamp: Date }) => readonly WaEvent[] | undefined

const nothing: ReadPart = () => []

/** What a child says, by its tag. Lists of devices and privacy settings are acted on elsewhere. */
const PARTS: Readonly<Record<string, ReadPart>> = {
  devices: nothing,
  privacy: nothing,
  blocklist: (child) => {
    const read = attributesOf(child)
    return [
      {
        type: 'blocklist_changed',
        ...optional('action', read.optionalText('action')),
        ...optional('dhash', read.optionalText('dhash')),
        ...optional('prevDhash', read.optionalText('prev_dhash')),
        changes: childrenOf(child, 'item').flatMap((item) => {
          const readItem = attributesOf(item)
          const jid = readItem.optionalJid('jid')
          const action = readItem.optionalText('action')
          return jid && (action === 'block' || action === 'unblock') ? [{ jid, action }] : []
        }),
      },
    ]
  },
  // Says only that it changed.
  picture: (_, { own, timestamp }) => [{ type: 'picture_update', jid: own, timestamp, removed: false }],
  status: (child, { own, timestamp }) => {
    const status = contentTextOf(child)
    return status === undefined ? undefined : [{ type: 'user_about_update', jid: own, status, timestamp }]
  },
  text_status: (child, { own }) => {
    const read = attributesOf(child)
    const emoji = childOf(child, 'emoji')
    const text = read.optionalText('text')
    if (text === undefined && !emoji) return undefined
    return [
      {
        type: 'text_status_update',
        update: {
          jid: own,
          ...optional('text', text),
          ...optional('emoji', emoji && attributesOf(emoji).optionalText('content')),
          ...optional('ephemeralDurationSeconds', numberAt(read, 'ephemeral_duration_sec')),
          ...optional('lastUpdateTime', instantAt(read, 'last_update_time')),
        },
      },
    ]
  },
  disappearing_mode: (child, { own }) => {
    const read = attributesOf(child)
    const [settingTimestamp, duration] = [instantAt(read, 't'), numberAt(read, 'duration')]
    return settingTimestamp && duration !== undefined ? [{ type: 'disappearing_mode_changed', from: own, duration, settingTimestamp }] : undefined
  },
  username: (child) => {
    const read = attributesOf(child)
    const username = read.optionalText('username')
    const kind = read.optionalText('action') === 'modify' ? 'modify' : username === undefined ? 'delete' : 'set'
    return [{ type: 'own_username_changed', kind, ...optional('username', username) }]
  },
}

/**
 * `account_sync`: what another device of ours changed (protocol document 11, section 7). A part nobody has
 * modelled, or that says no more than that something changed, is told as the notification it came in.
 */
export const readAccountSync: NotificationParser = (notification, parts) => {
  const read = attributesOf(notification)
  const from = read.jid('from')
  if (read.faults.length > 0) return unreadable(notification, read.faults)
  if (!isOwn(parts.link(), from)) return unreadable(notification, ['notification: from is not this account'])
  const context = { own: userOf(from), timestamp: timeOf(notification, parts.nowMs) }
  const children = childrenOf(notification)
  const readings = children.map((child) => (Object.hasOwn(PARTS, child.tag) ? PARTS[child.tag]!(child, context) : undefined))
  const isUnmodelled = readings.includes(undefined) || (children.length === 0 && notification.attrs['pushname'] === undefined)
  return {
    events: [
      ...readName(notification, parts),
      ...readings.flatMap((events) => events ?? []).filter(({ type }) => parts.isObserved(type)),
      ...(isUnmodelled && parts.isObserved('notification') ? [raw(notification)] : []),
    ],
  }
}

/** The name the server has for us, when it is a new one; also what is to be kept of it. */
export const newNameIn = (notification: Stanza, ownName: string | undefined): string | undefined => {
  const name = attributesOf(notification).optionalText('pushname')
  return name === undefined || name === '' || name === ownName ? undefined : name
}

const readName = (notification: Stanza, { ownName, isObserved }: NotificationParts): readonly WaEvent[] => {
  const oldName = ownName()
  const newName = newNameIn(notification, oldName)
  if (newName === undefined || !isObserved('self_push_name_updated')) return []
  return [{ type: 'self_push_name_updated', fromServer: true, ...optional('oldName', oldName), newName }]
}
