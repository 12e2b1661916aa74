import { EMPTY, expand, type Observable } from 'rxjs'

import { fromAwaitable } from './from-awaitable.ts'
import type { OpenStore, Row, Table } from './store.ts'

const PAGE = 500

/** All rows of a table in the order of their keys, page by page; at least one page, which may be empty. */
export const scanPages = (store: OpenStore, table: Table): Observable<readonly Row[]> =>
  fromAwaitable(() => store.scan(table, undefined, PAGE)).pipe(
    expand((rows) => (rows.length < PAGE ? EMPTY : fromAwaitable(() => store.scan(table, rows.at(-1)!.key, PAGE)))),
  )
