import { hmacSha256, sign } from '#crypto'
import { concat, equalBytes, toHex, utf8 } from '../../../lib/bytes/bytes.ts'
import { decodeAccount, encodeAccount } from '../../../lib/account/account-codec.ts'
import { PairingRejected } from '../../../lib/errors/pairing-errors.ts'
import { advPrefix, readKeyIndexList, verifyDeviceIdentity, verifyPairing } from '../../../lib/pairing/device-identity.ts'
import { parsePairSuccess } from '../../../lib/pairing/pair-success.ts'
import { acceptCode, CODE_LENGTH, displayCode, finishCode, normalizeCode } from '../../../lib/pairing/pairing-code.ts'
import { parseQrCode, qrCodeText } from '../../../lib/pairing/qr-code.ts'
import { ADVDeviceIdentity, ADVKeyIndexList, ADVSignedDeviceIdentity, ADVSignedDeviceIdentityHMAC, ADVSignedKeyIndexList } from '../../../lib/proto/core.generated.ts'
import { encodeStanza } from '../../../lib/stanza/encode.ts'
import { stanza } from '../../../lib/stanza/stanza.ts'
import { fixedAccount, pairOf } from '../fixed-account.ts'
import { mutateStanza, recordedStanzas, stanzaIn, wordsOf } from '../stanza-inputs.ts'
import { accepted, requireEqual, requireThat, type Target } from '../target.ts'

const { identity, advSecret } = fixedAccount
const phone = pairOf(30)

const details = ADVDeviceIdentity.encode({ rawId: 5, timestamp: 1_700_000_000, keyIndex: 1 })
const signedDetails = (bytes: Uint8Array): Uint8Array =>
  ADVSignedDeviceIdentity.encode({ details: bytes, accountSignatureKey: phone.publicKey, accountSignature: sign(phone, concat(advPrefix.account, bytes, identity.publicKey)) })
const sealed = (bytes: Uint8Array): Uint8Array => ADVSignedDeviceIdentityHMAC.encode({ details: bytes, hmac: hmacSha256(advSecret, bytes) })
const whole = ADVSignedDeviceIdentity.encode({
  details,
  accountSignatureKey: phone.publicKey,
  accountSignature: sign(phone, concat(advPrefix.account, details, identity.publicKey)),
  deviceSignature: sign(identity, concat(advPrefix.device, details, identity.publicKey, phone.publicKey)),
})
const indexes = ADVKeyIndexList.encode({ rawId: 5, timestamp: 1_700_000_000, currentIndex: 2, validIndexes: [0, 1, 2] })
const signedIndexes = (bytes: Uint8Array): Uint8Array =>
  ADVSignedKeyIndexList.encode({ details: bytes, accountSignature: sign(phone, concat(advPrefix.keyIndexList, bytes)) })

/** The first byte chooses how deep the rest lies: a container, what its HMAC covers, what its signature covers, the others. */
const deviceIdentity: Target = {
  name: 'device-identity',
  seeds: () => [sealed(signedDetails(details)), signedDetails(details), details, whole, signedIndexes(indexes), indexes].map((bytes, mode) => concat(Uint8Array.of(mode), bytes)),
  longestBytes: 600,
  feed: (input) => {
    const rest = input.subarray(1)
    switch ((input[0] ?? 0) % 6) {
      case 0:
      case 1:
      case 2: {
        const mode = (input[0] ?? 0) % 6
        const container = mode === 0 ? rest : sealed(mode === 1 ? rest : signedDetails(rest))
        const verified = accepted([PairingRejected], () => verifyPairing(container, { identity, advSecret }))
        if (verified) requireThat(verifyDeviceIdentity(verified.signedIdentity, identity.publicKey, undefined) !== 'no_account_key', 'an account key was lost')
        return
      }
      case 3:
        for (const known of [undefined, phone.publicKey, rest.subarray(0, 32), new Uint8Array(3)]) verifyDeviceIdentity(rest, identity.publicKey, known)
        verifyDeviceIdentity(whole, rest, phone.publicKey)
        return
      default: {
        const list = (input[0] ?? 0) % 6 === 4 ? rest : signedIndexes(rest)
        for (const known of [undefined, phone.publicKey, new Uint8Array(3)]) readKeyIndexList(list, known)
      }
    }
  },
}

const textOf = (input: Uint8Array): string => new TextDecoder().decode(input)

const code = { ref: '2@ref', noise: pairOf(1).publicKey, identity: pairOf(2).publicKey, advSecret, platformId: '1' }
const qrCode: Target = {
  name: 'qr-code',
  seeds: () => [qrCodeText(code), qrCodeText(code, true), qrCodeText({ ...code, ref: '2@a,b' }), `${qrCodeText(code)},https://wa.me`, qrCodeText({ ...code, platformId: '' })].map(utf8),
  dictionary: [',', '#', '=', ',,', ',1', 'http'].map(utf8),
  longestBytes: 600,
  feed: (input) => {
    const read = parseQrCode(textOf(input))
    if (!read) return
    requireThat([read.noise, read.identity, read.advSecret].every(({ length }) => length === 32), 'a key of a wrong length')
    const again = parseQrCode(qrCodeText(read))
    // What has the sign of a link in it is cut, as phones cut it.
    if (!`${read.ref}${read.platformId}`.includes('#') && read.platformId !== '') requireEqual(again, read, 'QR code')
  },
}

const agreement = { ephemeral: pairOf(31).privateKey, theirEphemeral: pairOf(32).publicKey, identity, theirIdentity: phone.publicKey }
const draw = { secret: new Uint8Array(32).fill(1), salt: new Uint8Array(32).fill(2), iv: new Uint8Array(12).fill(3) }
/** The first byte chooses: a code as typed, a bundle, keys of the other side. */
const pairingCode: Target = {
  name: 'pairing-code',
  seeds: () => [
    concat(Uint8Array.of(0), utf8('ABCD-1234')),
    concat(Uint8Array.of(1), finishCode({ ephemeral: pairOf(32).privateKey, theirEphemeral: pairOf(31).publicKey, identity: phone, theirIdentity: identity.publicKey }, draw).bundle),
    concat(Uint8Array.of(2), pairOf(32).publicKey, phone.publicKey),
    concat(Uint8Array.of(2), new Uint8Array(64)),
  ],
  dictionary: ['-', '0', 'I', 'ß', 'ſ', 'ı', '\u{1d7d8}'].map(utf8),
  longestBytes: 300,
  feed: (input) => {
    const rest = input.subarray(1)
    switch ((input[0] ?? 0) % 3) {
      case 0: {
        const normal = normalizeCode(textOf(rest))
        if (normal === undefined) return
        requireThat(normal.length === CODE_LENGTH && /^[1-9A-Z]{8}$/.test(normal), 'a code of other characters')
        requireThat(normalizeCode(displayCode(normal)) === normal, 'a code changes when it is shown')
        return
      }
      case 1: {
        const secret = accepted([PairingRejected], () => acceptCode(agreement, rest))
        requireThat(secret === undefined || secret.length === 32, 'a secret of a wrong length')
        return
      }
      default:
        accepted([PairingRejected], () => finishCode({ ...agreement, theirEphemeral: rest.subarray(0, 32), theirIdentity: rest.subarray(32, 64) }, draw))
        accepted([PairingRejected], () => acceptCode({ ...agreement, theirEphemeral: rest.subarray(0, 32) }, rest))
    }
  },
}

const success = encodeStanza(
  stanza('iq', { id: '1', from: 's.whatsapp.net', type: 'set' }, [
    stanza('pair-success', {}, [
      stanza('device-identity', {}, sealed(signedDetails(details))),
      stanza('device', { jid: fixedAccount.link.id, lid: fixedAccount.link.lid }),
      stanza('platform', { name: 'android' }),
      stanza('biz', { name: 'Shop' }),
      stanza('client-props', {}, Uint8Array.of(8, 1)),
    ]),
  ]),
)
const pairSuccess: Target = {
  name: 'pair-success',
  seeds: () => [success, ...recordedStanzas('iq')],
  mutate: mutateStanza(wordsOf([success])),
  feed: (input) => {
    const iq = stanzaIn(input)
    const read = iq && parsePairSuccess(iq)
    if (!read || !('id' in read)) {
      requireThat(read === undefined || read.length > 0, 'refused without a reason')
      return
    }
    const { id, lid, platform, businessName, container } = read
    accepted([PairingRejected], () => verifyPairing(container, { identity, advSecret }))
    // What is kept of it must not make the account unreadable.
    const kept = decodeAccount(encodeAccount({ ...fixedAccount, link: { ...fixedAccount.link, id, lid, platform, ...(businessName !== undefined && { businessName }) } })).link!
    requireThat(kept.id.toString() === id.toString() && kept.lid.toString() === lid.toString() && equalBytes(utf8(kept.platform), utf8(platform)), `the link reads differently: ${toHex(utf8(id.toString()))}`)
  },
}

export const pairingTargets: readonly Target[] = [deviceIdentity, qrCode, pairingCode, pairSuccess]
