import { userOf } from '../../stanza/jid.ts'
import { attributesOf } from '../../stanza/read-attributes.ts'
import { bytesOf, childOf } from '../../stanza/stanza.ts'
import { optional } from '../optional-field.ts'
import { numberAt, timeOf, told, unreadable, type NotificationParser } from './notification-reading.ts'

const IV_BYTES = 12

/** `mediaretry`: a phone uploaded a file again, or could not (protocol document 11, section 17). */
export const readMediaRetry: NotificationParser = (notification, { nowMs }) => {
  const envelope = attributesOf(notification)
  const messageId = envelope.text('id')
  const rmr = childOf(notification, 'rmr')
  const read = rmr && attributesOf(rmr)
  const chat = read?.optionalJid('jid')
  const sender = read?.optionalJid('participant')
  const encrypt = childOf(notification, 'encrypt')
  const ciphertext = encrypt && bytesOf(childOf(encrypt, 'enc_p'))
  const iv = encrypt && bytesOf(childOf(encrypt, 'enc_iv'))
  const error = childOf(notification, 'error')
  const errorCode = error && numberAt(attributesOf(error), 'code')
  const faults = [...envelope.faults, ...(read?.faults ?? [])]
  if (encrypt && (!ciphertext || iv?.length !== IV_BYTES)) faults.push(`encrypt: enc_p or ${IV_BYTES} bytes of enc_iv are missing`)
  if (!encrypt && !error) faults.push('notification: neither encrypt nor error is there')
  if (faults.length > 0) return unreadable(notification, faults)
  return told({
    type: 'media_retry',
    messageId,
    ...optional('chat', chat && userOf(chat)),
    ...optional('sender', sender),
    fromMe: read?.optionalText('from_me') === 'true',
    ...optional('ciphertext', ciphertext?.slice()),
    ...optional('iv', iv?.slice()),
    ...optional('errorCode', errorCode),
    timestamp: timeOf(notification, nowMs),
  })
}
