import { firstValueFrom, take } from 'rxjs'

import { createClient, textOf, type Client, type Stanza } from '../../lib/index.ts'
import { memoryStore } from '../../lib/store/memory/index.ts'
import { childOf, childrenOf, stanza } from '../../lib/stanza/stanza.ts'
import type { Phone } from '../../lib/testing/index.ts'
import type { TestWorld } from './world.ts'

/** A client of ours that belongs to another person. */
export interface Companion {
  readonly client: Client
  readonly texts: (string | undefined)[]
  readonly stop: () => void
  /** Its address under the phone number. */
  readonly device: string
}

/** Links a client to a phone and connects it. */
export const linkTo = async ({ simulator, clock }: TestWorld, phone: Phone): Promise<Companion> => {
  const client = createClient({ store: memoryStore(), dial: simulator.dial, trustedRoot: simulator.trustedRoot, prekeyCount: 10, scheduler: clock.scheduler, random: () => 0.5 })
  const texts: (string | undefined)[] = []
  client.messages$.subscribe(({ message }) => texts.push(textOf(message)))
  client.pairingQrCodes$.pipe(take(1)).subscribe(({ code }) => void phone.scan(code).catch(() => undefined))
  const connected = firstValueFrom(client.connected$)
  const subscription = client.connection$.subscribe({ error: () => undefined })
  await clock.advance(5)
  await connected
  return { client, texts, stop: () => subscription.unsubscribe(), device: client.me()!.id.toString() }
}

export const messagesOf = (sent: readonly Stanza[]): readonly Stanza[] => sent.filter(({ tag }) => tag === 'message')
export const receiversOf = (message: Stanza): readonly string[] => childrenOf(childOf(message, 'participants') ?? stanza('none'), 'to').map(({ attrs }) => String(attrs['jid']))
/** How often something was asked for. */
export const asked = (sent: readonly Stanza[], xmlns: string): number => sent.filter(({ tag, attrs }) => tag === 'iq' && attrs['xmlns'] === xmlns).length
