import type { WaEvent, WaEventType } from './wa-event.ts'

/** Kinds that are built only for those who subscribe to their stream; while somebody does, everybody sees them. */
export const OPT_IN: ReadonlySet<WaEventType> = new Set<WaEventType>(['raw_node', 'decrypted_payload', 'enc_decrypt_failed', 'sent_frame'])

/** Whether an event is of such a kind. */
export const isOptIn = ({ type }: WaEvent): boolean => OPT_IN.has(type)
