import { toJid, type Jid } from '../stanza/jid.ts'
import { stanza, type Stanza } from '../stanza/stanza.ts'

/** One call. */
export interface CallPushOptions {
  readonly from?: Jid | string
  readonly callId?: string
  readonly isVideo?: boolean
}

const CALL = '00112233445566778899AABBCCDDEEFF'

const call = ({ from = '90010002@lid', callId = CALL }: CallPushOptions, tag: string, attributes: Readonly<Record<string, string>> = {}, children: readonly Stanza[] = []): Stanza => {
  const caller = toJid(from)
  return stanza('call', { from: caller, e: '0' }, [stanza(tag, { 'call-id': callId, 'call-creator': caller, ...attributes }, children)])
}

/** Somebody calls. */
export const pushOffer = (options: CallPushOptions = {}): Stanza =>
  call(options, 'offer', {}, [stanza('audio', { enc: 'opus', rate: 16_000 }), ...(options.isVideo ? [stanza('video')] : [])])

/** A call ends; without a reason the caller gave up. */
export const pushTerminate = (options: CallPushOptions & { readonly reason?: string } = {}): Stanza => call(options, 'terminate', options.reason === undefined ? {} : { reason: options.reason })

/** Anything else that happens in a call, by its tag on the wire. */
export const pushCallAction = (tag: string, options: CallPushOptions = {}, attributes: Readonly<Record<string, string>> = {}): Stanza => call(options, tag, attributes)
