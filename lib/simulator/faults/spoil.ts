import type { Stanza } from '../../stanza/stanza.ts'
import { stanza } from '../../stanza/stanza.ts'
import { SERVER } from '../../stanza/jid.ts'
import type { FaultAction } from './fault-rule.ts'

type Refusal = Extract<FaultAction, { readonly kind: 'refuse' }>

/** The same bytes with one bit flipped at the end, where the tag is. */
export const flipLastBit = (bytes: Uint8Array): Uint8Array => {
  const flipped = bytes.slice()
  if (flipped.length > 0) flipped[flipped.length - 1]! ^= 1
  return flipped
}

/** The same stanza with one bit of each ciphertext in it flipped. */
export const corruptEncs = (spoiled: Stanza): Stanza => {
  const { tag, content } = spoiled
  if (content === undefined) return spoiled
  if (content instanceof Uint8Array) return tag === 'enc' ? { ...spoiled, content: flipLastBit(content) } : spoiled
  return { ...spoiled, content: content.map(corruptEncs) }
}

/**
 * How a server refuses what a client sent; undefined when there is no refusal for it.
 *
 * @param atSeconds time of the server
 */
export const refusalOf = ({ tag, attrs }: Stanza, refusal: Refusal, atSeconds: number): Stanza | undefined => {
  if (tag === 'message') return stanza('ack', { class: 'message', id: attrs['id'], from: attrs['to'], t: atSeconds, error: refusal.code })
  const isRequest = tag === 'iq' && (attrs['type'] === 'get' || attrs['type'] === 'set')
  return isRequest ? errorFor(attrs['to'], attrs['id'], refusal) : undefined
}

/** What a server says in place of its consent; undefined when it was none. */
export const refusalInstead = (consent: Stanza, refusal: Refusal): Stanza | undefined => {
  const { tag, attrs } = consent
  if (tag === 'success') return stanza('failure', { reason: refusal.code, location: 'sim' })
  if (tag === 'ack') return { ...consent, attrs: { ...attrs, error: String(refusal.code) } }
  return tag === 'iq' && attrs['type'] === 'result' ? errorFor(attrs['from'], attrs['id'], refusal) : undefined
}

const errorFor = (from: Stanza['attrs'][string] | undefined, id: Stanza['attrs'][string] | undefined, { code, text = 'refused', backoffSeconds }: Refusal): Stanza =>
  stanza('iq', { from: from ?? SERVER, type: 'error', id }, [stanza('error', { code, text, backoff: backoffSeconds })])
