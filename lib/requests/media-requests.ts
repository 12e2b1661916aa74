import { attributesOf } from '../stanza/read-attributes.ts'
import { childOf, childrenOf, stanza } from '../stanza/stanza.ts'
import type { RequestDescription } from './request.ts'

/** Where files lie, and for how long that is true. */
export interface MediaHosts {
  /** Names of hosts, perhaps with a port, the best first. */
  readonly hosts: readonly string[]
  /** Needed to hand files in; a secret. */
  readonly auth: string
  readonly lifeSeconds: number
}

/** Hosts of one answer that are looked at. */
const MOST_HOSTS = 32

const RANKS: ReadonlyMap<string, number> = new Map([['primary', 0], ['fallback', 2]])

/** Asks where files lie (protocol document 07, section 1). */
export const queryMediaHosts: RequestDescription<MediaHosts> = {
  name: 'media.hosts',
  type: 'set',
  xmlns: 'w:m',
  content: [stanza('media_conn')],
  parse: (reply, faults) => {
    const connection = childOf(reply, 'media_conn')
    if (!connection) return undefined
    const read = attributesOf(connection)
    const auth = read.text('auth')
    const lifeSeconds = Math.min(read.integer('ttl'), read.optionalInteger('auth_ttl') ?? Infinity)
    const hosts = childrenOf(connection, 'host')
      .slice(0, MOST_HOSTS)
      .flatMap((host) => {
        const readHost = attributesOf(host)
        const hostname = readHost.optionalText('hostname')
        return hostname === undefined ? [] : [{ hostname, rank: RANKS.get(readHost.optionalText('type') ?? 'primary') ?? 1 }]
      })
      .sort((one, other) => one.rank - other.rank)
      .map(({ hostname }) => hostname)
    faults.push(...read.faults)
    return { hosts, auth, lifeSeconds }
  },
}
