import { randomBytes } from '#crypto'
import { toHex } from '../bytes/bytes.ts'
import { Message } from '../proto/content.generated.ts'
import { stanza } from '../stanza/stanza.ts'
import type { Device } from './account.ts'
import type { PhoneSessions } from './phone-sessions.ts'
import { routeMessage } from './route-messages.ts'
import { lidOf, type World } from './world.ts'

/** What a phone needs to tell a linked device something. */
export interface TellOwnDeviceParts {
  readonly world: World
  readonly self: Device
  readonly sessions: PhoneSessions
}

/** Tells a device of the same account something as a peer message, for it alone. */
export const tellOwnDevice = ({ world, self, sessions }: TellOwnDeviceParts, device: Device, message: Message, id = `AC${toHex(randomBytes(15)).toUpperCase()}`): void =>
  void routeMessage(
    world,
    self,
    stanza('message', { to: lidOf(device), id, type: 'text', category: 'peer' }, [
      stanza('meta', { appdata: 'default' }),
      sessions.encryptFor(device, Message.encode(message)),
    ]),
  )
