export type { Awaitable, OpenStore, Row, Store, Table, Write } from './store.ts'
export { tables } from './store.ts'
