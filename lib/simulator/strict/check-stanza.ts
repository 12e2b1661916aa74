import type { Stanza } from '../../stanza/stanza.ts'
import { compare, shapeBook, type Comparison } from './shape-book.ts'

/** Compares what a client sent with everything a client may send. */
export const checkSent = (stanza: Stanza): Comparison => compare(stanza, isRequest(stanza) ? requestsLike(stanza) : shapeBook().sent(stanza.tag).filter(sharesType(stanza)))

/**
 * Compares what a server sent with everything it may send.
 *
 * @param request what it answers, when it is the answer to a request
 */
export const checkReceived = (stanza: Stanza, request?: Stanza): Comparison => {
  const candidates = request ? compare(request, requestsLike(request)).candidate?.responses : shapeBook().received(stanza.tag)
  return compare(stanza, (candidates ?? []).filter(sharesType(stanza)))
}

const isRequest = ({ tag, attrs }: Stanza): boolean => tag === 'iq' && (attrs['type'] === 'get' || attrs['type'] === 'set')

const requestsLike = ({ attrs }: Stanza) => shapeBook().requests(String(attrs['type']), String(attrs['xmlns']))

/** An `iq` that is a result is no error that went wrong. */
const sharesType =
  ({ tag, attrs }: Stanza) =>
  ({ written }: { readonly written: { readonly attrs?: Readonly<Record<string, string>> } }): boolean =>
    tag !== 'iq' || written.attrs?.['type'] === `=${String(attrs['type'])}`
