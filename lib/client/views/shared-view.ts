import { defer, finalize, ReplaySubject, share, type Observable } from 'rxjs'

/** Views by name: whoever looks at the same thing shares one view, its present value first; it goes with the last one who looks. */
export const createSharedViews = <T>(): ((name: string, make: () => Observable<T>) => Observable<T>) => {
  const views = new Map<string, Observable<T>>()
  return (name, make) =>
    defer(() => {
      const known = views.get(name)
      if (known) return known
      const view$ = make().pipe(
        finalize(() => views.delete(name)),
        share({ connector: () => new ReplaySubject(1), resetOnRefCountZero: true, resetOnComplete: true, resetOnError: true }),
      )
      views.set(name, view$)
      return view$
    })
}
