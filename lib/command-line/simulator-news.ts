/** A simulated phone in a list. */
export interface ListedPhone {
  readonly name: string
  /** Digits. */
  readonly number: string
  readonly lid: string
}

/** What the simulator prints, one a line. */
export type SimulatorNews =
  | { readonly event: 'ready'; readonly url: string; readonly rootKey: { readonly base64: string; readonly hex: string }; readonly phones: readonly ListedPhone[] }
  | { readonly event: 'phones'; readonly phones: readonly ListedPhone[] }
  | { readonly event: 'linked'; readonly phone: string; readonly device: string }
  | { readonly event: 'unlinked'; readonly phone: string; readonly device: number }
  | { readonly event: 'online' | 'offline'; readonly device: string }
  | { readonly event: 'sent'; readonly id: string }
  | { readonly event: 'message'; readonly phone: string; readonly id: string; readonly from: string; readonly chat: string; readonly isFromMe: boolean; readonly text?: string }
  | { readonly event: 'receipt'; readonly phone: string; readonly ids: readonly string[]; readonly from: string; readonly participant?: string; readonly type: string }
  | { readonly event: 'group'; readonly group: string; readonly subject: string; readonly members: number }
  | { readonly event: 'done'; readonly command: string }
  | {
      readonly event: 'report'
      readonly connections: number
      readonly violations: number
      /** Message keys that were used for two plaintexts. */
      readonly reusedMessageKeys: number
      readonly devices: ReadonlyArray<{ readonly device: string; /** One-time prekeys left on the server. */ readonly prekeys: number; /** Stanzas not acknowledged yet. */ readonly waiting: number }>
    }
  | { readonly event: 'undecryptable'; readonly phone: string; readonly message: string }
  | { readonly event: 'violation'; readonly device?: string; readonly rule: string; readonly path: string; readonly message: string }
  | { readonly event: 'stanza'; readonly direction: 'in' | 'out'; readonly stanza: string }
  | { readonly event: 'error'; readonly code: string; readonly message: string }
  | { readonly event: 'help'; readonly text: string }
  | { readonly event: 'ended' }

const listed = (phones: readonly ListedPhone[]): string =>
  phones.map(({ name, number, lid }) => `phone      ${number}  ${lid}  ${name}`).join('\n')

/** News as JSON, or as text for people. */
export const toLine = (news: SimulatorNews, isJson: boolean): string => {
  if (isJson) return JSON.stringify(news)
  switch (news.event) {
    case 'ready':
      return [`listening  ${news.url}`, `root key   ${news.rootKey.base64} (base64)`, `           ${news.rootKey.hex} (hex)`, listed(news.phones), 'Type help for what can be typed.'].join('\n')
    case 'phones':
      return listed(news.phones)
    case 'linked':
      return `linked     ${news.device} to ${news.phone}`
    case 'unlinked':
      return `unlinked   ${news.device} from ${news.phone}`
    case 'online':
    case 'offline':
      return `${news.event.padEnd(10)} ${news.device}`
    case 'sent':
      return `sent       ${news.id}`
    case 'message':
      return `message    to ${news.phone} from ${news.from}${news.isFromMe ? ' (own)' : ''}: ${news.text ?? '(no text)'}`
    case 'receipt':
      return `receipt    to ${news.phone} from ${news.participant ?? news.from}: ${news.type} ${news.ids.join(' ')}`
    case 'group':
      return `group      ${news.group}  ${news.members} members  ${news.subject}`
    case 'done':
      return `done       ${news.command}`
    case 'report':
      return [
        `report     ${news.connections} connections, ${news.violations} violations, ${news.reusedMessageKeys} message keys used twice`,
        ...news.devices.map(({ device, prekeys, waiting }) => `device     ${device}  ${prekeys} prekeys left, ${waiting} stanzas waiting`),
      ].join('\n')
    case 'undecryptable':
      return `unreadable at ${news.phone}: ${news.message}`
    case 'violation':
      return `violation  ${news.device ?? 'a new device'}: ${news.path} ${news.message} (${news.rule})`
    case 'stanza':
      return `${news.direction === 'in' ? '→' : '←'} ${news.stanza}`
    case 'error':
      return `error      ${news.message}`
    case 'help':
      return news.text
    case 'ended':
      return 'ended'
  }
}
