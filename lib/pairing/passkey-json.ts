import { fromBase64, toBase64, utf8 } from '../bytes/bytes.ts'
import { OptionInvalid, requireObject } from '../errors/option-invalid.ts'
import { PasskeyFailed } from '../errors/passkey-error.ts'

/** Longest options a server sends, in bytes (published shape of `passkey_request_options`). */
export const OPTIONS_LIMIT_BYTES = 4_096

/** Longest credential id there is (WebAuthn Level 3, section 4, "Credential ID"). */
const CREDENTIAL_LIMIT_BYTES = 1_023

/** More than any authenticator makes; a stanza has to carry it. */
const ASSERTION_LIMIT_BYTES = 16_384

/** What the server wants signed: WebAuthn's `PublicKeyCredentialRequestOptionsJSON`, the parts that matter. */
export interface PasskeyOptions {
  readonly challenge: Uint8Array
  /** The site the passkey belongs to. */
  readonly rpId?: string
  readonly timeoutMs?: number
  /** Ids of the credentials that may sign; any may when empty. */
  readonly allowedCredentials: readonly Uint8Array[]
  readonly userVerification?: string
}

/**
 * Reads the options of a passkey request, for authenticators that do not take the JSON itself.
 *
 * @throws PasskeyFailed `malformed` when it is no JSON, is longer than 4096 bytes or has no challenge
 */
export const readPasskeyOptions = (json: string): PasskeyOptions => {
  const malformed = (cause?: unknown): PasskeyFailed => new PasskeyFailed('malformed', { cause })
  if (utf8(json).length > OPTIONS_LIMIT_BYTES) throw malformed()
  let parsed: unknown
  try {
    parsed = JSON.parse(json)
  } catch (cause) {
    throw malformed(cause)
  }
  if (!isRecord(parsed)) throw malformed()
  // Some libraries wrap the options the way `navigator.credentials.get` takes them.
  const options = isRecord(parsed['publicKey']) ? parsed['publicKey'] : parsed
  const challenge = bytesFrom(options['challenge'])
  if (!challenge || challenge.length === 0) throw malformed()
  const { rpId, timeout, userVerification, allowCredentials = [] } = options
  if (!Array.isArray(allowCredentials)) throw malformed()
  const allowedCredentials = allowCredentials.map((credential: unknown) => {
    const id = isRecord(credential) ? bytesFrom(credential['id']) : undefined
    if (!id) throw malformed()
    return id
  })
  return {
    challenge,
    ...(typeof rpId === 'string' && { rpId }),
    ...(typeof timeout === 'number' && Number.isFinite(timeout) && timeout >= 0 && { timeoutMs: timeout }),
    allowedCredentials,
    ...(typeof userVerification === 'string' && { userVerification }),
  }
}

/** What an authenticator made of the options. */
export interface PasskeyAssertion {
  /** Raw id of the credential, 1 to 1023 bytes. */
  readonly credentialId: Uint8Array
  readonly authenticatorData: Uint8Array
  /** The bytes of the client data, JSON themselves. */
  readonly clientDataJson: Uint8Array
  readonly signature: Uint8Array
  readonly userHandle?: Uint8Array
}

/** What is handed to the server. */
export interface PasskeyAnswer {
  /** Raw id of the credential, 1 to 1023 bytes. */
  readonly credentialId: Uint8Array
  /** WebAuthn's `AuthenticationResponseJSON`, as `JSON.stringify(credential)` gives it in a browser; at most 16384 bytes. */
  readonly assertionJson: string
}

/**
 * Writes an assertion the way browsers do (WebAuthn Level 3, section 5.1, `toJSON`).
 *
 * @example
 * await client.passkey.respond(passkeyAnswer(await myAuthenticator.sign(readPasskeyOptions(requestOptionsJson))))
 */
export const passkeyAnswer = (assertion: PasskeyAssertion): PasskeyAnswer => {
  requireObject('assertion', assertion, 'an object')
  const { credentialId, authenticatorData, clientDataJson, signature, userHandle } = assertion
  for (const [name, bytes] of Object.entries({ credentialId, authenticatorData, clientDataJson, signature, ...(userHandle && { userHandle }) }))
    if (!(bytes instanceof Uint8Array)) throw new OptionInvalid(`assertion.${name}`, 'bytes', typeof bytes)
  const id = toBase64Url(credentialId)
  const response = {
    authenticatorData: toBase64Url(authenticatorData),
    clientDataJSON: toBase64Url(clientDataJson),
    signature: toBase64Url(signature),
    ...(userHandle && { userHandle: toBase64Url(userHandle) }),
  }
  return checkedPasskeyAnswer({ credentialId, assertionJson: JSON.stringify({ id, rawId: id, type: 'public-key', response, clientExtensionResults: {} }) })
}

/**
 * Checks an answer before anything is sent.
 *
 * @throws OptionInvalid naming the part and its range
 */
export const checkedPasskeyAnswer = (answer: PasskeyAnswer): PasskeyAnswer => {
  const { credentialId, assertionJson } = isRecord(answer) ? answer : ({} as Partial<PasskeyAnswer>)
  if (!(credentialId instanceof Uint8Array) || credentialId.length === 0 || credentialId.length > CREDENTIAL_LIMIT_BYTES)
    throw new OptionInvalid('answer.credentialId', `1 to ${CREDENTIAL_LIMIT_BYTES} bytes`, credentialId instanceof Uint8Array ? `${credentialId.length} bytes` : typeof credentialId)
  const length = typeof assertionJson === 'string' ? utf8(assertionJson).length : 0
  if (typeof assertionJson !== 'string' || length > ASSERTION_LIMIT_BYTES || !isAssertion(assertionJson))
    throw new OptionInvalid(
      'answer.assertionJson',
      `JSON of at most ${ASSERTION_LIMIT_BYTES} bytes with response.authenticatorData, response.clientDataJSON and response.signature in base64url`,
      typeof assertionJson === 'string' ? `a text of ${length} bytes` : typeof assertionJson,
    )
  return { credentialId, assertionJson }
}

const isAssertion = (json: string): boolean => {
  try {
    const parsed: unknown = JSON.parse(json)
    const response = isRecord(parsed) ? parsed['response'] : undefined
    return isRecord(response) && ['authenticatorData', 'clientDataJSON', 'signature'].every((part) => (bytesFrom(response[part])?.length ?? 0) > 0)
  } catch {
    // No JSON is no assertion; the caller says so.
    return false
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value)

const bytesFrom = (value: unknown): Uint8Array | undefined => (typeof value === 'string' ? fromBase64(value) : undefined)

const toBase64Url = (bytes: Uint8Array): string => toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
