/**
 * Leaves out what is not needed for a failure: halves, quarters and so on of a list, as long as what is left
 * still fails. `limit` bounds the trials.
 */
export const shrink = async <T>(list: readonly T[], fails: (list: readonly T[]) => Promise<boolean>, limit: number): Promise<readonly T[]> => {
  let kept = list
  let trials = 0
  for (let size = Math.ceil(kept.length / 2); size >= 1 && trials < limit; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < kept.length && trials < limit; ) {
      const without = [...kept.slice(0, from), ...kept.slice(from + size)]
      trials += 1
      if (await fails(without)) kept = without
      else from += size
    }
  }
  return kept
}
