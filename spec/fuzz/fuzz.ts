import type { Coverage } from './coverage.ts'
import { mutateBytes } from './mutate.ts'
import { seededRandom } from './random.ts'
import type { Target } from './target.ts'

/** An input that made a parser do what it must not. */
export interface Find {
  readonly input: Uint8Array
  readonly error: unknown
}

/** How to fuzz one parser. */
export interface FuzzOptions {
  readonly seed: number
  /** Inputs kept from earlier runs. */
  readonly corpus: readonly Uint8Array[]
  /** Asked after each input. */
  readonly isOver: (executions: number) => boolean
  /** What says that an input is worth keeping; without it the corpus stays as it is. */
  readonly coverage?: Coverage
  readonly kept?: (input: Uint8Array) => void
  /** Longest time for one input; default 1 s. */
  readonly limitMs?: number
}

/** What came of it. */
export interface FuzzResult {
  readonly executions: number
  /** One per kind of error. */
  readonly finds: readonly Find[]
}

/** Longest time for one input. */
const LIMIT_MS = 1_000

/** Faster inputs have not allocated much. */
const SUSPICIOUS_MS = 15

/** Inputs between two looks at the coverage. */
const BATCH = 400

/** Most inputs that are kept of them. */
const NEWCOMERS = 8

const DEFAULT_LONGEST = 4096
const defaultMemory = (inputBytes: number): number => 16 * 1024 * 1024 + 512 * inputBytes

const used = (): number => {
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

/** Feeds one input and holds the parser to its limits; the error when it broke them. */
export const tryInput = async (target: Target, input: Uint8Array, limitMs = LIMIT_MS): Promise<unknown> => {
  // Parsers get a copy, whose borders are those of its memory: reading beyond is seen.
  const copy = input.slice()
  const started = performance.now()
  try {
    const answer = target.feed(copy)
    if (answer) await answer
  } catch (error) {
    return error
  }
  const tookMs = performance.now() - started
  if (tookMs < SUSPICIOUS_MS) return undefined
  // A busy machine is no fault: what is slow once must be slow again.
  const before = used()
  const again = performance.now()
  await target.feed(copy)
  const memory = used() - before
  if (Math.min(tookMs, performance.now() - again) > limitMs) return new Error(`${Math.round(tookMs)} ms for ${input.length} bytes`)
  const limit = (target.memoryLimit ?? defaultMemory)(input.length)
  return memory > limit ? new Error(`${memory} bytes of memory for ${input.length} bytes`) : undefined
}

/** The place an error came from, so that one fault is reported once. */
const kindOf = (error: unknown): string =>
  error instanceof Error ? `${error.name} ${(error.stack ?? '').split('\n').find((line) => line.includes('    at ') && !line.includes('/fuzz/target.ts')) ?? error.message}` : String(error)

/** Feeds a parser with changed inputs until it is over. */
export const fuzz = async (target: Target, { seed, corpus, isOver, coverage, kept, limitMs }: FuzzOptions): Promise<FuzzResult> => {
  const random = seededRandom(seed)
  const inputs = [...target.seeds(), ...corpus]
  if (inputs.length === 0) inputs.push(new Uint8Array(0))
  const finds = new Map<string, Find>()
  const dictionary = target.dictionary ?? []
  const longest = target.longestBytes ?? DEFAULT_LONGEST
  let executions = 0

  const run = async (input: Uint8Array): Promise<boolean> => {
    executions += 1
    const error = await tryInput(target, input, limitMs)
    if (error === undefined) return true
    const kind = kindOf(error)
    const known = finds.get(kind)
    if (!known || known.input.length > input.length) finds.set(kind, { input, error })
    return false
  }

  /** The one input of a batch that brought something new, found by halves. */
  const blame = async (batch: readonly Uint8Array[], watched: Coverage): Promise<Uint8Array | undefined> => {
    let suspects = batch
    while (suspects.length > 1) {
      const half = suspects.slice(0, suspects.length >> 1)
      for (const input of half) await tryInput(target, input)
      suspects = watched.peek() > 0 ? half : suspects.slice(half.length)
    }
    return suspects[0]
  }

  for (const input of [...inputs]) await run(input)
  coverage?.look()
  let batch: Uint8Array[] = []
  while (!isOver(executions)) {
    // The newest inputs are the least explored.
    const base = random.oneIn(2) ? inputs[inputs.length - 1 - random.below(Math.min(inputs.length, 16))]! : random.pick(inputs)
    const input =
      target.mutate && random.oneIn(2) ? target.mutate(base, random).slice(0, longest) : mutateBytes(base, random, inputs, dictionary, longest)
    if (await run(input)) batch.push(input)
    if (!coverage || batch.length < BATCH) continue
    // Several may have brought something: one after the other, as long as it pays.
    for (let left = NEWCOMERS; left > 0 && coverage.peek() > 0; left -= 1) {
      const newcomer = await blame(batch, coverage)
      coverage.peek()
      if (newcomer) await tryInput(target, newcomer)
      if (!newcomer || coverage.look() === 0) break
      inputs.push(newcomer)
      kept?.(newcomer)
      for (const other of batch) await tryInput(target, other)
    }
    batch = []
  }
  return { executions, finds: [...finds.values()] }
}
