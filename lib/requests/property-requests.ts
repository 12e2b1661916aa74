import { attributesOf } from '../stanza/read-attributes.ts'
import { childOf, childrenOf, stanza } from '../stanza/stanza.ts'
import type { RequestDescription } from './request.ts'

/** Switches and limits that the server sets for this account. */
export interface ServerProperties {
  /** Names this set of values. */
  readonly hash?: string
  readonly refreshId?: string
  /** After so long they should be asked for again. */
  readonly refreshSeconds?: number
  /** The values are changes of those we have. */
  readonly isDelta: boolean
  /** Code of the property to its value. */
  readonly values: ReadonlyMap<number, string>
}

/** What we have, told so that the server need not repeat it. */
export type KnownProperties = Pick<ServerProperties, 'hash' | 'refreshId'>

/** Asks for the A/B properties (protocol documents 02, section 5, and 13, section 4). */
export const fetchProperties = ({ hash, refreshId }: KnownProperties = {}): RequestDescription<ServerProperties> => ({
  name: 'properties.fetch',
  type: 'get',
  xmlns: 'abt',
  content: [stanza('props', { protocol: '1', hash, refresh_id: refreshId })],
  parse: (reply, faults) => {
    const props = childOf(reply, 'props')
    if (!props) {
      faults.push('iq: props is missing')
      return undefined
    }
    const read = attributesOf(props)
    const newHash = read.optionalText('hash')
    const newRefreshId = read.optionalText('refresh_id')
    const refreshSeconds = read.optionalInteger('refresh')
    faults.push(...read.faults)
    const values = new Map<number, string>()
    for (const prop of childrenOf(props, 'prop')) {
      const readProp = attributesOf(prop)
      // Others are weights of events, which nobody here counts.
      const code = readProp.optionalInteger('config_code')
      if (code !== undefined && code >= 1) values.set(code, readProp.optionalText('config_value') ?? '')
    }
    return {
      ...(newHash !== undefined && { hash: newHash }),
      ...(newRefreshId !== undefined && { refreshId: newRefreshId }),
      ...(refreshSeconds !== undefined && { refreshSeconds }),
      isDelta: read.optionalText('delta_update') === 'true',
      values,
    }
  },
})
