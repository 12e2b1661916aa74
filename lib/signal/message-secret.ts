import { aeadOf, hkdfSha256 } from '#crypto'
import { concat, utf8 } from '../bytes/bytes.ts'
import { CryptoFailed } from '../errors/crypto-error.ts'
import { SignalFailed } from '../errors/signal-error.ts'
import { readFields } from './wire-fields.ts'

/** What an encryption under the secret of a message is for (protocol document 06, section 11). */
export type SecretUse =
  | 'Poll Vote'
  | 'Event Response'
  | 'Enc Reaction'
  | 'Enc Comment'
  | 'Event Edit'
  | 'Message Edit'
  | 'Poll Edit'
  | 'Poll Add Option'
  | 'Report Token'

/** What an encryption is bound to; people without their devices, in the form their chat uses. */
export interface SecretContext {
  readonly use: SecretUse
  /** The message the secret belongs to. */
  readonly parentId: string
  readonly parentSender: string
  /** Who votes, answers, edits. */
  readonly modifier: string
}

/** Uses that authenticate who did it as well. */
const AUTHENTICATED: readonly SecretUse[] = ['Poll Vote', 'Event Response']

/** Length of the IV of everything encrypted under a message secret. */
export const SECRET_IV_BYTES = 12

/** The key of one use, 32 bytes. */
export const secretKey = (messageSecret: Uint8Array, { use, parentId, parentSender, modifier }: SecretContext): Uint8Array =>
  hkdfSha256(messageSecret, undefined, `${parentId}${parentSender}${modifier}${use}`, 32)

const additionalOf = ({ use, parentId, modifier }: SecretContext): Uint8Array | undefined =>
  AUTHENTICATED.includes(use) ? utf8(`${parentId}\0${modifier}`) : undefined

/** Opens what somebody encrypted under the secret of a message; undefined when it does not verify. */
export const openWithSecret = (messageSecret: Uint8Array, context: SecretContext, iv: Uint8Array, payload: Uint8Array): Uint8Array | undefined =>
  iv.length === SECRET_IV_BYTES ? opened(secretKey(messageSecret, context), iv, additionalOf(context), payload) : undefined

/** The other way round. */
export const sealWithSecret = (messageSecret: Uint8Array, context: SecretContext, iv: Uint8Array, plaintext: Uint8Array): Uint8Array =>
  aeadOf(secretKey(messageSecret, context)).seal(iv, additionalOf(context), plaintext)

const opened = (key: Uint8Array, iv: Uint8Array, additional: Uint8Array | undefined, payload: Uint8Array): Uint8Array | undefined => {
  try {
    return aeadOf(key).open(iv, additional, payload)
  } catch (error) {
    if (error instanceof CryptoFailed) return undefined
    throw error
  }
}

/** A reply of a bot, encrypted under the secret of the message it answers. */
export interface BotReply {
  readonly iv: Uint8Array
  readonly payload: Uint8Array
}

/** What a reply of a bot is bound to. */
export interface BotContext {
  /** The id of the reply, or of the reply it replaces. */
  readonly id: string
  /** Who wrote to the bot, without a device. */
  readonly asker: string
  readonly bot: string
}

/** Reads the content of an `msmsg`. @throws SignalFailed `malformed` */
export const readBotReply = (bytes: Uint8Array): BotReply => {
  const fields = readFields(bytes, [], [2, 3])
  const [iv, payload] = [fields.bytes(2), fields.bytes(3)]
  if (iv?.length !== SECRET_IV_BYTES || !payload) throw new SignalFailed('malformed')
  return { iv, payload }
}

/** The secret that replies of a bot hang on, of the secret of the message it answers. */
export const botSecret = (messageSecret: Uint8Array): Uint8Array => hkdfSha256(messageSecret, undefined, 'Bot Message', 32)

const botKey = (messageSecret: Uint8Array, { id, asker, bot }: BotContext): Uint8Array => hkdfSha256(botSecret(messageSecret), undefined, `${id}${asker}${bot}`, 32)

/** Opens a reply of a bot; undefined when it does not verify. What is inside has no padding. */
export const openBotReply = (messageSecret: Uint8Array, context: BotContext, { iv, payload }: BotReply): Uint8Array | undefined =>
  opened(botKey(messageSecret, context), iv, utf8(`${context.id}\0${context.bot}`), payload)

/** The other way round: the content of an `msmsg`. */
export const sealBotReply = (messageSecret: Uint8Array, context: BotContext, iv: Uint8Array, plaintext: Uint8Array): Uint8Array => {
  const payload = aeadOf(botKey(messageSecret, context)).seal(iv, utf8(`${context.id}\0${context.bot}`), plaintext)
  const length: number[] = []
  for (let rest = payload.length; ; rest >>>= 7) {
    length.push(rest > 0x7f ? (rest & 0x7f) | 0x80 : rest)
    if (rest <= 0x7f) break
  }
  // version 1 (sfixed32), encIv 2, encPayload 3.
  return concat(Uint8Array.of(0x0d, 1, 0, 0, 0, 0x12, iv.length), iv, Uint8Array.of(0x1a, ...length), payload)
}
