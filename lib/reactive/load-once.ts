import { defer, type Observable } from 'rxjs'

/** What is being loaded now, by anybody. */
const loading = new Set<Promise<unknown>>()

/**
 * Something that is loaded when it is first needed, as a module is, and only once: the loader of a platform may take
 * its time even for what it has. It comes in a later turn always, so that nobody's first subscription does more than
 * the next ones. Loading that failed is tried again by the next who needs it.
 */
export const loadOnce = <T>(load: () => Promise<T>): Observable<T> => {
  let loaded: Promise<T> | undefined
  const begin = (): Promise<T> => {
    const started = load()
    const done = (): void => void loading.delete(started)
    const failed = (): void => {
      done()
      loaded = undefined
    }
    loading.add(started)
    started.then(done, failed)
    return started
  }
  return defer(() => (loaded ??= begin()))
}

/** Resolves once nothing is being loaded. Loading takes real time, also where all other time is virtual. */
export const whenLoaded = async (): Promise<void> => {
  while (loading.size > 0) await Promise.allSettled(loading)
}
