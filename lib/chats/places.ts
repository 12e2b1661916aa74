/*
 * Where a message lies: number of its chat, when it was written, when it came to be known; each counted
 * backwards, so that a scan meets the newest first. Nothing in it tells who or what, so that a store which
 * encrypts may leave it readable.
 */
const CHAT_DIGITS = 6
const DIGITS = 7
const BASE = 36
const LAST = BASE ** DIGITS - 1

/** The middle of what can be counted: what arrives counts up from here, what is told of the past counts down. */
export const FIRST_ORDER = Math.floor(LAST / 2)

/** The first part of every place in a chat. */
export const chatPrefix = (chat: number): string => chat.toString(BASE).padStart(CHAT_DIGITS, '0')

/** Number of the chat with this prefix, or of a place in it. */
export const chatOfPlace = (place: string): number => parseInt(place.slice(0, CHAT_DIGITS), BASE)

const backwards = (value: number): string => (LAST - Math.min(LAST, Math.max(0, Math.floor(value)))).toString(BASE).padStart(DIGITS, '0')

/** Moment of a message within its chat; the newer, the smaller. */
export const momentOf = (seconds: number, order: number): string => backwards(seconds) + backwards(order)

/** The moment before all others of this second and older ones: a scan after it meets messages up to then. */
export const momentBefore = (seconds: number): string => backwards(seconds)

/** Place of a message. */
export const placeOf = (chat: number, moment: string): string => chatPrefix(chat) + moment

/** The moment in a place. */
export const momentOfPlace = (place: string): string => place.slice(CHAT_DIGITS)

/** The same by time first: places of all chats in one order. */
export const textKeyOf = (place: string): string => momentOfPlace(place) + place.slice(0, CHAT_DIGITS)

/** The place behind such a key. */
export const placeOfTextKey = (key: string): string => key.slice(-CHAT_DIGITS) + key.slice(0, -CHAT_DIGITS)

/** Whether a text is a place, as users give them back. */
export const isPlace = (text: unknown): text is string => typeof text === 'string' && /^[0-9a-z]{20}$/.test(text)
