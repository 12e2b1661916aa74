/** Tag bytes of the binary stanza form (protocol document 01, section 2). */
export const LIST_EMPTY = 0
export const INTEROP_JID = 245
export const FB_JID = 246
export const AD_JID = 247
export const LIST_8 = 248
export const LIST_16 = 249
export const JID_PAIR = 250
export const HEX_8 = 251
export const BINARY_8 = 252
export const BINARY_20 = 253
export const BINARY_32 = 254
export const NIBBLE_8 = 255

/** Longest text that is packed. */
export const PACKED_MAX = 127

/** Domain byte of each server whose addresses carry a device in one byte. */
export const DOMAINS: ReadonlyMap<string, number> = new Map([['s.whatsapp.net', 0], ['lid', 1], ['hosted', 128], ['hosted.lid', 129]])

/** Flag of a compressed body. */
export const COMPRESSED = 0x02
