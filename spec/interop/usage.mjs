// What a peer's process used up, as the races of bench/ ask for it.
import { monitorEventLoopDelay } from 'node:perf_hooks'

const delay = monitorEventLoopDelay({ resolution: 5 })
delay.enable()

/** Since the process began; how long the event loop was held up since the last reading. */
export const usage = () => {
  const { user, system } = process.cpuUsage()
  const used = { kind: 'usage', cpuMs: (user + system) / 1000, rssMb: process.memoryUsage().rss / 1e6, blockedMs: delay.max / 1e6 }
  delay.reset()
  return used
}
