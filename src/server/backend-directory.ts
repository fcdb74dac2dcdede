import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { createEmqxBackend } from '../backends/emqx/emqx-backend.ts'
import type { EmqxTimeouts } from '../backends/emqx/endpoint.ts'
import { probeEmqx } from '../backends/emqx/probe.ts'
import type { Backend } from '../contract/backend.ts'
import { Problem } from '../contract/problem.ts'
import type { CallCounter } from '../gateway/call-counter.ts'
import type { BackendDirectory } from '../management/ports.ts'
import type { DeploymentRecord } from '../store/deployments.ts'
import type { Log } from './logs.ts'

/** An embedded broker with its Deployment API, and the WebSockets that lead to it. */
export type EmbeddedBackend = Backend & {
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
}

export type DirectoryPorts = {
  /** Rejects with the code EADDRINUSE where the TCP port is taken; 0 is any free one. */
  openEmbedded: (deployment: DeploymentRecord, tcpPort: number) => Promise<EmbeddedBackend>
  /** The first TCP port of the embedded brokers; null where nobody chose one. */
  mqttPort: number | null
  emqxTimeouts: EmqxTimeouts
  counter: CallCounter
  now: () => Date
  log: Log
}

const DEFAULT_MQTT_PORT = 1883
const PORT_MAX = 65_535

/** The open backends of this server. */
export class OpenBackends implements BackendDirectory {
  readonly #ports: DirectoryPorts
  readonly #backends = new Map<string, Backend>()
  readonly #embedded = new Map<string, EmbeddedBackend>()

  constructor(ports: DirectoryPorts) {
    this.#ports = ports
  }

  get(deploymentId: string): Backend | undefined {
    return this.#backends.get(deploymentId)
  }

  /** The embedded broker of a deployment, if it has one. */
  embedded(deploymentId: string): EmbeddedBackend | undefined {
    return this.#embedded.get(deploymentId)
  }

  async probe(
    { version }: Parameters<BackendDirectory['probe']>[0],
    backend: Parameters<BackendDirectory['probe']>[1],
  ): Promise<void> {
    if (backend.kind === 'embedded') return
    const errors = await probeEmqx(backend, version, this.#ports.emqxTimeouts)
    if (errors.length === 0) return
    const details = errors.map(({ detail }) => detail).join(' ')
    throw new Problem(
      422,
      `Nothing was saved. ${details}`,
      errors.map(({ field, detail }) => ({ field: `backend.${field}`, detail })),
    )
  }

  async open(deployment: DeploymentRecord): Promise<void> {
    const { id, backend, version } = deployment
    if (backend.kind === 'emqx') {
      const { now, emqxTimeouts: timeouts } = this.#ports
      this.#backends.set(id, createEmqxBackend(backend, { version, now, timeouts }))
      return
    }
    const embedded = await this.#openEmbedded(deployment)
    this.#backends.set(id, embedded)
    this.#embedded.set(id, embedded)
  }

  async #openEmbedded(deployment: DeploymentRecord): Promise<EmbeddedBackend> {
    const { openEmbedded, mqttPort, log } = this.#ports
    if (mqttPort === 0) return openEmbedded(deployment, 0)
    const port = (mqttPort ?? DEFAULT_MQTT_PORT) + deployment.listenerIndex
    try {
      if (port > PORT_MAX) throw new PortTaken(port)
      return await openEmbedded(deployment, port)
    } catch (error) {
      if (!isPortTaken(error)) throw error
      if (mqttPort !== null) {
        const detail = `The MQTT port ${port} for ${deployment.name} is taken. Free it, or start Latchkey with another MQTT_PORT.`
        throw new Problem(409, detail)
      }
      log.info('MQTT port is taken; using a free one', { deploymentId: deployment.id, port })
      return openEmbedded(deployment, 0)
    }
  }

  async close(deploymentId: string): Promise<void> {
    const backend = this.#backends.get(deploymentId)
    this.#backends.delete(deploymentId)
    this.#embedded.delete(deploymentId)
    this.#ports.counter.forget(deploymentId)
    await backend?.close()
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.#backends.keys()].map((id) => this.close(id)))
  }
}

class PortTaken extends Error {
  readonly code = 'EADDRINUSE'

  constructor(port: number) {
    super(`there is no port ${port}`)
    this.name = 'PortTaken'
  }
}

function isPortTaken(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'EADDRINUSE' || error.code === 'EACCES')
  )
}
