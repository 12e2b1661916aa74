import { zlibSync } from 'fflate'

import { concat } from '../../../lib/bytes/bytes.ts'
import { HistoryRejected } from '../../../lib/errors/history-error.ts'
import { extractHistory } from '../../../lib/history/extract-history.ts'
import { inflateHistory } from '../../../lib/history/inflate-history.ts'
import { readHistory, readHistoryMessages } from '../../../lib/history/read-history.ts'
import { HistorySync } from '../../../lib/proto/content.generated.ts'
import { accepted, requireThat, type Target } from '../target.ts'

const secret = new Uint8Array(32).fill(7)

const piece = HistorySync.encode({
  syncType: 3,
  conversations: [
    {
      id: '90010002@lid',
      messages: [
        { message: { key: { id: 'A', fromMe: true }, messageSecret: secret, messageTimestamp: 1_700_000_000, message: { conversation: 'hi' } }, msgOrderId: 1 },
        { message: { key: { id: 'B', participant: '90010003@lid' }, message: { ephemeralMessage: { message: { pollCreationMessage: { name: 'p', contextInfo: { isForwarded: true } }, messageContextInfo: { messageSecret: secret } } } } } },
      ],
      tcToken: secret,
      tcTokenTimestamp: 1_700_000_000,
      pnJid: '15550100002@s.whatsapp.net',
      lidJid: '90010002@lid',
    },
  ],
  pushnames: [{ id: '15550100001@s.whatsapp.net', pushname: 'Ana' }],
  phoneNumberToLidMappings: [{ pnJid: '15550100001@s.whatsapp.net', lidJid: '90010001@lid' }],
  nctSalt: secret,
  companionMetaNonce: 'nonce',
})

/** Reads one piece in all three ways; none may hold or make more than there is. */
const feed = (chunksOf: () => Iterator<Uint8Array>): void => {
  const extract = accepted([HistoryRejected], () => {
    const steps = extractHistory(chunksOf(), { ownUser: '15550100001', oldestSeconds: { lasting: 0, other: 0 }, stepBytes: 64 })
    let step = steps.next()
    while (!step.done) step = steps.next()
    return step.value
  })
  const parts = accepted([HistoryRejected], () => [...readHistory(chunksOf())].map(({ kind }) => kind))
  const messages = accepted([HistoryRejected], () => [...readHistoryMessages(chunksOf())].map(({ kind }) => kind))
  const count = (kinds: readonly string[], kind: string): number => kinds.filter((each) => each === kind).length
  if (extract && messages) {
    requireThat(extract.conversations === count(messages, 'conversation'), 'the readers count different conversations')
    requireThat(extract.messages === count(messages, 'message'), 'the readers count different messages')
  }
  if (extract) requireThat(parts !== undefined && count(parts, 'conversation') === extract.conversations, 'what one reader takes the other refuses')
}

export const historyTargets: readonly Target[] = [
  { name: 'history-fields', seeds: () => [piece], feed: (input) => feed(() => [input.slice(0, 20), input.slice(20)][Symbol.iterator]()) },
  {
    name: 'history-zlib',
    seeds: () => [zlibSync(piece), zlibSync(piece, { level: 0 }), zlibSync(concat(piece, piece))],
    feed: (input) => feed(() => inflateHistory(input)),
    memoryLimit: () => 64 * 1024 * 1024,
  },
]
