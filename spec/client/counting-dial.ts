import { Observable } from 'rxjs'

import type { Dial } from '../../lib/connection/socket.ts'

/** A dial that counts what it opened. */
export const countingDial = (dial: Dial): { readonly dial: Dial; readonly open: () => number } => {
  let open = 0
  return {
    open: () => open,
    dial: (url) =>
      new Observable((subscriber) => {
        open += 1
        subscriber.add(() => (open -= 1))
        return dial(url).subscribe(subscriber)
      }),
  }
}
