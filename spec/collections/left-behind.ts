/** Prints, for each way to keep what comes and goes, how many bytes survive the collections of young memory. */
import { PassingList } from '../../lib/collections/passing-list.ts'
import { PassingMap } from '../../lib/collections/passing-map.ts'
import { PassingSet } from '../../lib/collections/passing-set.ts'

type Leave = () => unknown
const collect = (globalThis as unknown as { readonly gc: (options?: { readonly type: 'minor' }) => void }).gc

const passing = (come: (value: object, turn: number) => Leave): number => {
  collect()
  const before = process.memoryUsage().heapUsed
  const present: Leave[] = []
  for (let turn = 0; turn < 20_000; turn += 1) {
    // A kilobyte each.
    present.push(come(Array.from({ length: 128 }, () => turn + 0.5), turn))
    if (present.length > 50) present.shift()!()
    if (turn % 200 === 0) collect({ type: 'minor' })
  }
  for (const leave of present.splice(0)) leave()
  collect({ type: 'minor' })
  collect({ type: 'minor' })
  return process.memoryUsage().heapUsed - before
}

const map = new Map<number, object>()
const passingMap = new PassingMap<number, object>()
const passingSet = new PassingSet<object>()
const passingList = new PassingList<object>()
process.stdout.write(
  JSON.stringify({
    Map: passing((value, turn) => (map.set(turn, value), () => map.delete(turn))),
    PassingMap: passing((value, turn) => (passingMap.set(turn, value), () => passingMap.delete(turn))),
    PassingSet: passing((value) => (passingSet.add(value), () => passingSet.delete(value))),
    PassingList: passing((value) => passingList.add(value)),
  }),
)
