export { decodeStanza, type DecodeOptions } from './decode.ts'
export { encodeStanza } from './encode.ts'
export { formatStanza } from './format-stanza.ts'
export {
  isBroadcast,
  isGroup,
  isLid,
  isNewsletter,
  isPhoneNumber,
  isServer,
  isStatus,
  Jid,
  parseJid,
  sameJid,
  sameUser,
  SERVER,
  STATUS,
  toJid,
  userOf,
  withDevice,
  type Server,
} from './jid.ts'
export { attributesOf, type AttributeReader } from './read-attributes.ts'
export {
  bytesOf,
  childOf,
  childrenOf,
  contentTextOf,
  stanza,
  type AttributeInput,
  type Attributes,
  type Stanza,
} from './stanza.ts'
