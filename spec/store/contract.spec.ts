import { describe, expect, it } from '@jest/globals'
import { asyncScheduler, queueScheduler } from 'rxjs'

import { encryptedStore } from '../../lib/store/encrypted/encrypted-store.ts'
import { memoryStore } from '../../lib/store/memory/memory-store.ts'
import type { Store } from '../../lib/store/store.ts'
import { storeContract } from '../../lib/testing/store-contract.ts'
import { asyncStore, faultyStore } from '../../lib/testing/store-faults.ts'
import { ClassStore } from './class-store.ts'

const runner = { describe, it, expect }
const same = (store: Store): Store => store
const key = Uint8Array.from({ length: 32 }, (_, index) => index)

storeContract('memoryStore', memoryStore, { runner, reopen: same })
storeContract('asyncStore by microtasks', () => asyncStore(memoryStore()), { runner, reopen: same })
storeContract('asyncStore by a scheduler', () => asyncStore(memoryStore(), queueScheduler), { runner, reopen: same })
storeContract('faultyStore without faults', () => faultyStore(memoryStore(), { scheduler: asyncScheduler }), { runner, reopen: same })
storeContract('encryptedStore over memoryStore', () => encryptedStore(memoryStore(), { key }), { runner, reopen: same })
storeContract('encryptedStore over asyncStore', () => encryptedStore(asyncStore(memoryStore()), { key }), { runner, reopen: same })
storeContract('a store of classes', () => new ClassStore(), { runner, reopen: same })
storeContract('asyncStore over a store of classes', () => asyncStore(new ClassStore()), { runner, reopen: same })
storeContract('faultyStore over a store of classes', () => faultyStore(new ClassStore(), { scheduler: asyncScheduler }), { runner, reopen: same })
storeContract('encryptedStore over a store of classes', () => encryptedStore(new ClassStore(), { key }), { runner, reopen: same })
