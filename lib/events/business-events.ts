import type { Jid } from '../stanza/jid.ts'

/** What changed about a business. */
export type BusinessUpdateType =
  | 'removed_as_business'
  | 'verified_name_changed'
  | 'profile_updated'
  | 'products_updated'
  | 'collections_updated'
  | 'subscriptions_updated'
  | 'unknown'

/** A paid service of a business account. */
export interface BusinessSubscription {
  readonly id: string
  readonly status: string
  readonly expirationDate?: Date
  readonly creationTime?: Date
  readonly startTime?: Date
  readonly tier?: number
  readonly source?: string
}

/** A feature that comes with a subscription. */
export interface BusinessFeatureFlag {
  readonly name: string
  readonly enabled: boolean
  readonly expiresAt?: Date
  readonly limit?: number
}

/** Something about a business changed. */
export interface BusinessStatusUpdateEvent {
  readonly type: 'business_status_update'
  readonly jid: Jid
  readonly updateType: BusinessUpdateType
  readonly timestamp: Date
  /** The business it is about; a `hash` may stand in its place. */
  readonly targetJid?: Jid
  /** Names a contact we may know by it. */
  readonly hash?: string
  readonly verifiedName?: string
  readonly productIds: readonly string[]
  readonly collectionIds: readonly string[]
  readonly subscriptions: readonly BusinessSubscription[]
  readonly featureFlags?: readonly BusinessFeatureFlag[]
}
