import type { BusinessFeatureFlag, BusinessStatusUpdateEvent, BusinessSubscription, BusinessUpdateType } from '../../events/business-events.ts'
import { attributesOf } from '../../stanza/read-attributes.ts'
import { bytesOf, childOf, childrenOf, contentTextOf, type Stanza } from '../../stanza/stanza.ts'
import { optional } from '../optional-field.ts'
import { instantAt, numberAt, raw, timeOf, unreadable, type NotificationParser } from './notification-reading.ts'
import { nameInCertificate } from './verified-name.ts'

/** What the event says beyond its kind. */
type Details = Partial<Omit<BusinessStatusUpdateEvent, 'type' | 'jid' | 'timestamp' | 'updateType'>> & { readonly updateType: BusinessUpdateType }

/**
 * `business` and `digital_commerce_subscription`: something about a business changed (protocol document 11,
 * section 14). What has no kind of its own is told as `unknown`, and the notification with it.
 */
export const readBusiness: NotificationParser = (notification, { nowMs, isObserved }) => {
  const read = attributesOf(notification)
  const jid = read.jid('from')
  if (read.faults.length > 0) return unreadable(notification, read.faults)
  const details = readDetails(notification)
  const event: BusinessStatusUpdateEvent = {
    type: 'business_status_update',
    jid,
    timestamp: timeOf(notification, nowMs),
    productIds: [],
    collectionIds: [],
    subscriptions: [],
    ...details,
  }
  const isNews = isObserved('business_status_update')
  return { events: [...(isNews ? [event] : []), ...(details.updateType === 'unknown' && isObserved('notification') ? [raw(notification)] : [])] }
}

/** The first of these that is there counts. */
const readDetails = (notification: Stanza): Details => {
  const remove = childOf(notification, 'remove')
  if (remove) return { updateType: 'removed_as_business', ...targetOf(remove) }
  const verified = childOf(notification, 'verified_name')
  if (verified) return { updateType: 'verified_name_changed', ...targetOf(verified), ...optional('verifiedName', verifiedNameOf(verified)) }
  const profile = childOf(notification, 'profile')
  if (profile) return { updateType: 'profile_updated', ...optional('hash', attributesOf(profile).optionalText('hash')) }
  const catalogue = childOf(notification, 'product_catalog')
  if (catalogue) return readCatalogue(catalogue)
  const subscriptions = childOf(notification, 'subscriptions')
  const flags = childOf(notification, 'feature_flags')
  if (subscriptions ?? flags)
    return {
      updateType: 'subscriptions_updated',
      subscriptions: subscriptions ? childrenOf(subscriptions, 'subscription').flatMap(readSubscription) : [],
      ...optional('featureFlags', flags && childrenOf(flags, 'feature_flag').flatMap(readFlag)),
    }
  return { updateType: 'unknown' }
}

const targetOf = (child: Stanza): Pick<BusinessStatusUpdateEvent, 'targetJid' | 'hash'> => {
  const read = attributesOf(child)
  return { ...optional('targetJid', read.optionalJid('jid')), ...optional('hash', read.optionalText('hash')) }
}

const verifiedNameOf = (verified: Stanza): string | undefined => {
  const stated = attributesOf(verified).optionalText('name') ?? contentTextOf(childOf(verified, 'name'))
  if (stated !== undefined) return stated
  const certificate = bytesOf(verified)
  return certificate && nameInCertificate(certificate)
}

const readCatalogue = (catalogue: Stanza): Details => {
  const productIds = childrenOf(catalogue, 'product').flatMap((product) => contentTextOf(childOf(product, 'id')) ?? [])
  const collectionIds = childrenOf(catalogue, 'collection').flatMap((collection) => attributesOf(collection).optionalText('id') ?? [])
  const isOfProducts = childOf(catalogue, 'product') !== undefined || childOf(catalogue, 'collection') === undefined
  return { updateType: isOfProducts ? 'products_updated' : 'collections_updated', productIds, collectionIds }
}

const readSubscription = (subscription: Stanza): readonly BusinessSubscription[] => {
  const read = attributesOf(subscription)
  const [id, status] = [read.text('id'), read.text('status')]
  if (read.faults.length > 0) return []
  return [
    {
      id,
      status,
      ...optional('expirationDate', instantAt(read, 'subscription_end_time')),
      ...optional('creationTime', instantAt(read, 'subscription_creation_time')),
      ...optional('startTime', instantAt(read, 'subscription_start_time')),
      ...optional('tier', numberAt(read, 'subscription_tier')),
      ...optional('source', read.optionalText('source')),
    },
  ]
}

const readFlag = (flag: Stanza): readonly BusinessFeatureFlag[] => {
  const read = attributesOf(flag)
  const name = read.text('name')
  const enabled = read.optionalText('enabled')
  if (read.faults.length > 0) return []
  return [{ name, enabled: enabled === 'true' || enabled === '1', ...optional('expiresAt', instantAt(read, 'expiration_time')), ...optional('limit', numberAt(read, 'limit')) }]
}
