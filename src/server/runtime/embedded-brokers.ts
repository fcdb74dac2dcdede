import { brokerBackend } from '../../backends/broker/broker-backend.ts'
import { toHex } from '../../contract/bytes.ts'
import type { Listener } from '../../contract/deployments/schemas.ts'
import type { RandomBytes } from '../../contract/keys/credentials.ts'
import type { DeploymentRecord } from '../../store/deployments.ts'
import { startAedesBroker } from '../broker/aedes-broker.ts'
import type { EmbeddedBackend } from './open-backends.ts'

export type EmbeddedPorts = {
  /** The address that MQTT binds to. */
  host: string
  /** The TCP port of this server's HTTP, once it listens. */
  httpPort: () => number | undefined
  now: () => Date
  random: RandomBytes
  onError: (error: unknown) => void
}

// What one process serves without running short of memory; a broker that is full says so.
const SESSIONS_MAX = 5000

/**
 * Starts the embedded broker of a deployment and its Deployment API. Rejects with the code
 * EADDRINUSE where the TCP port is taken; 0 is any free one.
 */
export async function openEmbedded(
  { id, plan, version }: DeploymentRecord,
  tcpPort: number,
  { host, httpPort, now, random, onError }: EmbeddedPorts,
): Promise<EmbeddedBackend> {
  const webSocketListener = (): Listener | undefined => {
    const port = httpPort()
    return port === undefined
      ? undefined
      : { protocol: 'ws', port, path: `/${id}/mqtt`, enabled: true }
  }
  const broker = await startAedesBroker({
    host,
    port: tcpPort,
    node: `latchkey@${host}`,
    sessionLimit: SESSIONS_MAX,
    webSocketListener,
    now,
    onError,
  })
  const newMessageId = () => toHex(random(16))
  return {
    ...brokerBackend({ edition: { plan, version }, broker, newMessageId }),
    handleUpgrade: (request, socket, head) => broker.handleUpgrade(request, socket, head),
  }
}
