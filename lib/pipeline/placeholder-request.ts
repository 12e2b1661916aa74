import type { AccountLink } from '../account/account.ts'
import { Message_PeerDataOperationRequestType, Message_ProtocolMessage_Type } from '../proto/enums.generated.ts'
import type { Message, MessageKey } from '../proto/types.generated.ts'
import { userOf } from '../stanza/jid.ts'
import type { LidDirectory } from './lid-directory.ts'
import type { PlaceholderWish } from './placeholder-book.ts'

/** Most messages asked for in one request (protocol document 06, section 7). */
export const KEYS_PER_REQUEST = 32

/** Asks our own phone for messages we cannot read (protocol document 06, section 7). */
export const placeholderRequest = (
  wishes: readonly Pick<PlaceholderWish, 'info'>[],
  link: Pick<AccountLink, 'isLidMigrated'>,
  directory: Pick<LidDirectory, 'canonical'>,
): Message => ({
  protocolMessage: {
    type: Message_ProtocolMessage_Type.PEER_DATA_OPERATION_REQUEST_MESSAGE,
    peerDataOperationRequestMessage: {
      peerDataOperationRequestType: Message_PeerDataOperationRequestType.PLACEHOLDER_MESSAGE_RESEND,
      placeholderMessageResendRequest: wishes.map(({ info }) => ({ messageKey: keyOf(info, link, directory) })),
    },
  },
})

const keyOf = ({ id, source }: PlaceholderWish['info'], link: Pick<AccountLink, 'isLidMigrated'>, { canonical }: Pick<LidDirectory, 'canonical'>): MessageKey => ({
  remoteJid: (link.isLidMigrated ? canonical(source.chat) : source.chat).toString(),
  fromMe: source.isFromMe,
  id,
  // Only what others wrote to many has an author to be named.
  ...(source.isGroup && !source.isFromMe && { participant: userOf(source.sender).toString() }),
})
