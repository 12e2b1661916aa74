import { toJid, type Jid } from '../stanza/jid.ts'
import { stanza, type Stanza } from '../stanza/stanza.ts'

/** Something about the account itself changed; who it is, is filled in when it is pushed. */
export const pushAccountSync = (change: Stanza): Stanza => stanza('notification', { type: 'account_sync' }, [change])

/** The account has another name. */
export const pushOwnName = (name = 'Ana Maria'): Stanza => stanza('notification', { type: 'account_sync', pushname: name })

/** Somebody was blocked or unblocked on another device. */
export const pushBlocklist = (
  changes: readonly (readonly [Jid | string, 'block' | 'unblock'])[] = [['90010002@lid', 'block']],
  { dhash = 'B', prevDhash = 'A' }: { readonly dhash?: string; readonly prevDhash?: string } = {},
): Stanza =>
  pushAccountSync(stanza('blocklist', { action: 'modify', dhash, prev_dhash: prevDhash }, changes.map(([jid, action]) => stanza('item', { jid: toJid(jid), action }))))

/** A privacy setting changed on another device. */
export const pushPrivacy = (category = 'last', value = 'contacts'): Stanza => pushAccountSync(stanza('privacy', {}, [stanza('category', { name: category, value })]))

/** The account's username was set, or deleted when it is undefined. */
export const pushOwnUsername = (username?: string): Stanza => pushAccountSync(stanza('username', { username }))

/** A code to register the number elsewhere. */
export const pushRegistrationCode = (code = '123456', expiresAtSeconds = 1_767_229_200): Stanza =>
  stanza('notification', { from: toJid('s.whatsapp.net'), type: 'registration' }, [
    stanza('wa_old_registration', { code, expiry_t: expiresAtSeconds, device_id: 'AAAAAAAAAAAAAAAAAAAAAA', ts: expiresAtSeconds }),
  ])

/** Another device tries to take the number. */
export const pushTakeover = (token = 'token'): Stanza =>
  stanza('notification', { from: toJid('s.whatsapp.net'), type: 'registration' }, [stanza('device_logout', { id: token, t: 1_767_225_600, device: 'Pixel', new_device_platform: 'android' })])

/** A file was uploaded again, or could not when there is an error. */
export const pushMediaRetry = ({ messageId = '3EB0AA', chat = '15550100002@s.whatsapp.net', error }: { readonly messageId?: string; readonly chat?: Jid | string; readonly error?: number } = {}): Stanza =>
  stanza('notification', { id: messageId, type: 'mediaretry' }, [
    error === undefined ? stanza('encrypt', {}, [stanza('enc_p', {}, new Uint8Array(48)), stanza('enc_iv', {}, new Uint8Array(12))]) : stanza('error', { code: error }),
    stanza('rmr', { jid: toJid(chat), from_me: 'false' }),
  ])
