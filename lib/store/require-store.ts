import { OptionInvalid } from '../errors/option-invalid.ts'
import type { Store } from './store.ts'

/** What callers without types hand in may be no store. @throws OptionInvalid */
export const requireStore = (store: Store): void => {
  if (typeof (store as Partial<Store> | undefined | null)?.open !== 'function') throw new OptionInvalid('store', 'a store, for example memoryStore()', store === null ? 'null' : typeof store)
}
