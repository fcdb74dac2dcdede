import type { Qos } from '../../backends/broker/broker.ts'
import { seededFractions } from './seeded.ts'

/** A simulated device. Its seed and index determine everything. */
export type Device = {
  clientId: string
  username: string
  protocolVersion: 4 | 5
  ipAddress: string
  port: number
  overWebSocket: boolean
  keepalive: number
  subscriptions: readonly { topic: string; qos: Qos }[]
  /** Messages per second while it is connected. */
  rate: number
  /** Whether it connects and disconnects again and again. */
  isRoaming: boolean
  /** When the device connected, as of a time; undefined while it is disconnected. */
  connectedAt(time: Date): Date | undefined
}

export type DeviceGroup = {
  /** Names the devices in client ids and topics: "press", "ferry". */
  kind: string
  size: number
  /** Average messages per second of one device. */
  rate: number
}

const areas = ['north', 'south', 'east', 'west'] as const
const metrics = ['temperature', 'pressure', 'position', 'level', 'voltage'] as const
const MINUTE = 60_000
// One device in eight roams. A period includes the time away.
const ROAMING_SHARE = 1 / 8
const ROAMING_PERIOD = 6 * MINUTE
const ROAMING_AWAY = 1.5 * MINUTE

/** Makes the devices of a deployment. Deterministic for the same seed, group and start. */
export function simulateDevices(
  seed: string,
  { kind, size, rate }: DeviceGroup,
  start: Date,
): Device[] {
  return Array.from({ length: size }, (_, index): Device => {
    const draw = seededFractions(`${seed}/${index}`)
    const pick = <Item>(items: readonly Item[]) => items[Math.floor(draw() * items.length)]
    const number = String(index + 1).padStart(String(size).length, '0')
    const area = pick(areas) ?? 'north'
    const arrival = start.getTime() + Math.floor(draw() * 2 * MINUTE)
    const isRoaming = draw() < ROAMING_SHARE
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
      isRoaming,
      connectedAt(time) {
        const now = time.getTime()
        if (now < arrival) return undefined
        if (!isRoaming) return new Date(arrival)
        const inPeriod = (now + phase) % ROAMING_PERIOD
        if (inPeriod < ROAMING_AWAY) return undefined
        return new Date(Math.max(arrival, now - inPeriod + ROAMING_AWAY))
      },
    }
  })
}
