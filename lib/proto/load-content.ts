import type { Observable } from 'rxjs'

import { loadOnce } from '../reactive/load-once.ts'

/** The codecs of what people write, loaded with the first connection: a program that never connects does without them. */
export const content$: Observable<typeof import('./content.generated.ts')> = loadOnce(() => import('./content.generated.ts'))
