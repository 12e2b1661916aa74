import type { World } from './world.ts'

const counters = new WeakMap<World, number>()

/** Numbers of notifications, unique in a world. */
export const nextNotificationId = (world: World): string => {
  const next = (counters.get(world) ?? 0) + 1
  counters.set(world, next)
  return `n${next}`
}
