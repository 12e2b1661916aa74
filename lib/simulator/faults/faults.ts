import { sameJid, toJid, type Jid } from '../../stanza/jid.ts'
import { childrenOf, type Stanza } from '../../stanza/stanza.ts'
import { checkRule } from './check-rule.ts'
import type { FaultAction, FaultRule, FaultTarget, Passing } from './fault-rule.ts'
import { createDraw } from './seeded.ts'

/** A rule that was added. */
export interface FaultHandle {
  /** Takes the rule back; what it already delays or reorders still comes. */
  readonly remove: () => void
  /** How often it struck. */
  readonly hits: () => number
}

/** Everything that goes wrong on the connections of a simulator. */
export interface Faults {
  /**
   * Adds a rule, or several that are removed together. For each stanza the first rule that matches strikes.
   *
   * @throws OptionInvalid when a rule cannot be meant, naming what is wrong
   */
  readonly add: (rules: FaultRule | readonly FaultRule[]) => FaultHandle
  readonly clear: () => void
}

/** The rules of a simulator, and what its connections ask them. */
export interface FaultBook extends Faults {
  /** Follows one connection. */
  readonly follow: () => ConnectionFaults
}

/** Rules as one connection sees them. */
export interface ConnectionFaults {
  /** What goes wrong with this, if anything does. */
  readonly choose: (passing: Omit<Passing, 'index' | 'device'>, device: DeviceAddresses | undefined) => FaultAction | undefined
}

/** Both addresses of a device. */
export interface DeviceAddresses {
  readonly phoneNumber: Jid
  readonly lid: Jid
}

interface Rule {
  readonly target: FaultTarget
  readonly device: Jid | undefined
  readonly next: () => FaultAction | undefined
  matches: number
  hits: number
}

/** Starts without faults. */
export const createFaultBook = (): FaultBook => {
  const rules = new Set<Rule>()

  const strike = (rule: Rule, passing: Passing, addresses: DeviceAddresses | undefined, sent: ReadonlySet<string>): FaultAction | undefined => {
    if (!isMeant(rule, passing, addresses, sent)) return undefined
    rule.matches += 1
    const { nth, times = Infinity } = rule.target
    if ((nth !== undefined && rule.matches !== nth) || rule.hits >= times) return undefined
    const action = rule.next()
    if (action) rule.hits += 1
    return action
  }

  return {
    add: (added) => {
      const mine = (Array.isArray(added) ? (added as readonly FaultRule[]) : [added as FaultRule]).map(prepare)
      for (const rule of mine) rules.add(rule)
      return {
        remove: () => mine.forEach((rule) => rules.delete(rule)),
        hits: () => mine.reduce((hits, rule) => hits + rule.hits, 0),
      }
    },
    clear: () => rules.clear(),
    follow: () => {
      const counts = new Map<string, number>()
      const sent = new Set<string>()
      return {
        choose: (about, addresses) => {
          const key = `${about.direction} ${about.stage}`
          const index = (counts.get(key) ?? 0) + 1
          counts.set(key, index)
          const passing: Passing = { ...about, index, ...(addresses && { device: addresses.phoneNumber }) }
          let action: FaultAction | undefined
          for (const rule of rules) {
            action = strike(rule, passing, addresses, sent)
            if (action) break
          }
          if (about.direction === 'out' && about.stanza) for (const name of namesOf(about.stanza)) sent.add(name)
          return action
        },
      }
    },
  }
}

const namesOf = (stanza: Stanza): readonly string[] => [stanza.tag, ...childrenOf(stanza).map(({ tag }) => `${stanza.tag}/${tag}`)]

const isMeant = ({ target, device }: Rule, passing: Passing, addresses: DeviceAddresses | undefined, sent: ReadonlySet<string>): boolean => {
  const { direction, stage = 'stanza', tag, type, child, index, after, where } = target
  const { stanza } = passing
  return (
    stage === passing.stage &&
    (direction === undefined || direction === passing.direction) &&
    (tag === undefined || tag === stanza?.tag) &&
    (type === undefined || type === String(stanza?.attrs['type'])) &&
    (child === undefined || (stanza !== undefined && childrenOf(stanza)[0]?.tag === child)) &&
    (index === undefined || index === passing.index) &&
    (after === undefined || sent.has(after)) &&
    (device === undefined || (addresses !== undefined && (sameJid(device, addresses.phoneNumber) || sameJid(device, addresses.lid)))) &&
    (where === undefined || where(passing))
  )
}

const prepare = (rule: FaultRule): Rule => {
  checkRule(rule)
  const { on = {}, do: action } = rule
  return { target: on, device: deviceOf(on), next: action.kind === 'seeded' ? createDraw(action) : () => action, matches: 0, hits: 0 }
}

const deviceOf = ({ device }: FaultTarget): Jid | undefined => (device === undefined ? undefined : toJid(device))
