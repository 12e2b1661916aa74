import type { Listen } from './listening.ts'

/** Nothing can listen here, as in a browser. */
export const listen: Listen | undefined = undefined
