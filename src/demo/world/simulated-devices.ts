import type { Qos } from '../../backends/broker/broker.ts'
import { fractionsOf } from './seeded.ts'

/** A simulated device: who it is and when it is there. Everything follows from seed and index. */
export type Device = {
  clientId: string
  username: string
  protocolVersion: 4 | 5
  ipAddress: string
  port: number
  overWebSocket: boolean
  keepalive: number
  subscriptions: readonly { topic: string; qos: Qos }[]
  /** Messages it publishes a second while it is there. */
  rate: number
  /** Whether it comes and goes, rather than stay once it is there. */
  roams: boolean
  /** When the device connected, as of this time; undefined while it is away. */
  connectedAt(time: Date): Date | undefined
}

export type Fleet = {
  /** What the devices are, in their client ids and topics: "press", "ferry". */
  kind: string
  size: number
  /** Messages a second that one device publishes on average. */
  rate: number
}

const areas = ['north', 'south', 'east', 'west'] as const
const metrics = ['temperature', 'pressure', 'position', 'level', 'voltage'] as const
const MINUTE = 60_000
// One device in eight comes and goes; so long is it there, and so long away.
const ROAMING_SHARE = 1 / 8
const ROAMING_PERIOD = 6 * MINUTE
const ROAMING_AWAY = 1.5 * MINUTE

/** The devices of a deployment, the same for the same seed, fleet and start. */
export function makeFleet(seed: string, { kind, size, rate }: Fleet, start: Date): Device[] {
  return Array.from({ length: size }, (_, index): Device => {
    const draw = fractionsOf(`${seed}/${index}`)
    const pick = <Item>(items: readonly Item[]) => items[Math.floor(draw() * items.length)]
    const number = String(index + 1).padStart(String(size).length, '0')
    const area = pick(areas) ?? 'north'
    const arrival = start.getTime() + Math.floor(draw() * 2 * MINUTE)
    const roams = draw() < ROAMING_SHARE
    const phase = Math.floor(draw() * ROAMING_PERIOD)
    return {
      clientId: `${kind}-${number}`,
      username: `${kind}-${area}`,
      protocolVersion: draw() < 0.7 ? 5 : 4,
      ipAddress: `10.${20 + areas.indexOf(area)}.${index >> 8}.${index & 255}`,
      port: 32_768 + Math.floor(draw() * 28_000),
      overWebSocket: draw() < 0.15,
      keepalive: draw() < 0.5 ? 60 : 120,
      subscriptions: [
        { topic: `${kind}/${number}/commands`, qos: 1 },
        ...(draw() < 0.4 ? [{ topic: `${kind}/${area}/#`, qos: 0 as const }] : []),
        ...(draw() < 0.2 ? [{ topic: `${kind}/+/${pick(metrics) ?? ''}`, qos: 0 as const }] : []),
      ],
      rate: rate * (0.5 + draw()),
      roams,
      connectedAt(time) {
        const now = time.getTime()
        if (now < arrival) return undefined
        if (!roams) return new Date(arrival)
        const inPeriod = (now + phase) % ROAMING_PERIOD
        if (inPeriod < ROAMING_AWAY) return undefined
        return new Date(Math.max(arrival, now - inPeriod + ROAMING_AWAY))
      },
    }
  })
}
