import type { ConnectionState } from '../../lib/index.ts'

/** Turns of the event loop after which a process that shows nothing counts as stuck. */
const MOST_TURNS = 20_000

/**
 * Waits until a process is past loading its modules, which takes real time: virtual time must not run away
 * from under it.
 */
export const loaded = async ({ state }: { readonly state: () => ConnectionState['kind'] | undefined }): Promise<void> => {
  for (let turn = 0; state() === 'closed' && turn < MOST_TURNS; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve))
}
