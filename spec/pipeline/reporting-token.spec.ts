import { describe, expect, it } from '@jest/globals'

import { fromHex, toHex } from '../../lib/bytes/bytes.ts'
import { reportContent } from '../../lib/pipeline/report-content.ts'
import { reportingKey, reportingNode, reportingToken, reportingTokenOf, withSecretAndToken } from '../../lib/pipeline/reporting-token.ts'
import { Message } from '../../lib/proto/content.generated.ts'
import { toJid } from '../../lib/stanza/jid.ts'
import { vectorCases } from '../vectors.ts'

interface TokenCase {
  readonly message: string
  readonly messageId: string
  readonly from: string
  readonly to: string
  readonly token: string | null
  readonly key?: string
  readonly content?: string
  readonly contested?: boolean
}

const secret = new Uint8Array(32).fill(0xab)
const base = { id: '3EB0C431C26A1916E07A', sender: toJid('111111111111111@lid') }

describe('reporting tokens on vectors', () => {
  it.each(vectorCases<TokenCase>('reporting-token', 'reporting-token'))('$id', ({ message, messageId, from, to, token, key, content }) => {
    const bytes = fromHex(message)
    const decoded = Message.decode(bytes)
    const reportable = { message: decoded, content: bytes, id: messageId, sender: toJid(from), chat: toJid(to) }
    const made = reportingToken(reportable)
    expect(made ? toHex(made) : null).toBe(token)
    if (content !== undefined) expect(toHex(reportContent(bytes))).toBe(content)
    if (key !== undefined) expect(toHex(reportingKey(decoded.messageContextInfo!.messageSecret!, messageId, reportable.sender, reportable.chat))).toBe(key)
  })

  it.each(vectorCases<{ readonly key: string; readonly content: string; readonly token: string }>('reporting-token', 'reporting-key'))('$id', ({ key, content, token }) =>
    expect(toHex(reportingTokenOf(fromHex(key), fromHex(content)))).toBe(token),
  )
})

describe('the known answers of the document', () => {
  const info = '9a02241a20' + 'ab'.repeat(32) + '4002'

  it.each([
    ['to a person', '0a0568656c6c6f', '222222222222222@lid', '0a0568656c6c6f', '0a0f5cc870ed3c68e5363524e9035440'],
    ['forwarded to a group', '32100a0268698a01090a0151a80102b00101', '120363000000000001@g.us', '320d0a0268698a0106a80102b00101', '67b589ca24cb2c7ea445b8f098b0c63d'],
  ])('%s', (_, message, chat, content, token) => {
    const bytes = fromHex(message + info)
    expect(toHex(reportContent(bytes))).toBe(content)
    expect(toHex(reportingToken({ ...base, message: Message.decode(bytes), content: bytes, chat: toJid(chat) })!)).toBe(token)
  })

  it('the key', () =>
    expect(toHex(reportingKey(secret, base.id, base.sender, toJid('222222222222222@lid')))).toBe('6efba8116e26108d0cfa6947c991b3c365d58fc7595ff8e6b0fd3a323451bd01'))
})

describe('a reporting token', () => {
  const chat = toJid('222222222222222@lid')
  const nodeOf = (message: Message) => reportingNode({ ...base, message, content: Message.encode(message), chat })

  it('travels in a node of its own, and the message says so', () => {
    const message = withSecretAndToken({ conversation: 'hello' }, () => secret)
    expect(message).toEqual({ conversation: 'hello', messageContextInfo: { messageSecret: secret, reportingTokenVersion: 2 } })
    const kept = withSecretAndToken({ conversation: 'hello', messageContextInfo: { messageSecret: secret, messageAddOnDurationInSecs: 5 } }, () => new Uint8Array(32))
    expect(kept.messageContextInfo).toEqual({ messageSecret: secret, messageAddOnDurationInSecs: 5, reportingTokenVersion: 2 })
    expect(withSecretAndToken({ reactionMessage: {} }, () => secret).messageContextInfo).toEqual({ messageSecret: secret })
    expect(nodeOf(message)).toMatchObject({ tag: 'reporting', content: [{ tag: 'reporting_token', attrs: { v: '2' }, content: fromHex('0a0f5cc870ed3c68e5363524e9035440') }] })
  })

  it.each<[string, Message]>([
    ['without a secret', { conversation: 'hello' }],
    ['of a reaction', { reactionMessage: { text: 'x' } }],
    ['of a vote', { pollUpdateMessage: {} }],
    ['of what nothing is covered of', { call: {} }],
  ])('is not made %s', (_, content) => {
    const message = { ...content, ...(content.conversation === undefined && { messageContextInfo: { messageSecret: secret } }) }
    expect(nodeOf(message)).toBeUndefined()
  })

  it.each([
    ['half a number', '0aff'],
    ['a field beyond the end', '0a05aa'],
    ['a wire type nobody uses', '0b'],
  ])('covers nothing of bytes that are no message: %s', (_, bytes) => expect(reportContent(fromHex(bytes))).toHaveLength(0))

  it('of messages within messages within messages ends somewhere', () => {
    let message = Message.encode({ conversation: 'x' })
    for (let depth = 0; depth < 200; depth += 1) message = wrap(message)
    expect(reportContent(message)).toHaveLength(0)
  })
})

/** `viewOnceMessage { message }`. */
const wrap = (message: Uint8Array): Uint8Array => {
  const delimited = (tag: readonly number[], bytes: Uint8Array): Uint8Array => {
    const length: number[] = []
    for (let rest = bytes.length; ; rest >>= 7) {
      if (rest < 128) {
        length.push(rest)
        break
      }
      length.push((rest & 0x7f) | 0x80)
    }
    return Uint8Array.from([...tag, ...length, ...bytes])
  }
  return delimited([0xaa, 0x02], delimited([0x0a], message))
}
