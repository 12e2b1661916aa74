import type { Observable } from 'rxjs'

import { loadOnce } from '../../reactive/load-once.ts'

/** What reads and writes app state, loaded when it is first needed: it brings the codecs of all actions. */
export const appStateModule$: Observable<typeof import('./app-state.ts')> = loadOnce(() => import('./app-state.ts'))
