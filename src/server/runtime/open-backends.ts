import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { notLeaderBackend } from '../../backends/broker/not-leader.ts'
import { createEmqxBackend } from '../../backends/emqx/emqx-backend.ts'
import type { EmqxTimeouts } from '../../backends/emqx/endpoint.ts'
import { probeEmqx } from '../../backends/emqx/probe.ts'
import type { Backend } from '../../contract/backend.ts'
import { Problem } from '../../contract/http/problem.ts'
import type { CallCounter } from '../../gateway/usage/call-counter.ts'
import type { BackendDirectory } from '../../management/ports.ts'
import type { DeploymentRecord } from '../../store/deployments.ts'
import type { Log } from './logs.ts'

/** An embedded broker with its Deployment API and MQTT over WebSocket. */
export type EmbeddedBackend = Backend & {
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
}

export type DirectoryPorts = {
  /** Rejects with code EADDRINUSE if the TCP port is taken; 0 means any free port. */
  openEmbedded: (deployment: DeploymentRecord, tcpPort: number) => Promise<EmbeddedBackend>
  /** First TCP port of the embedded brokers; null if not configured. */
  mqttPort: number | null
  emqxTimeouts: EmqxTimeouts
  counter: CallCounter
  now: () => Date
  log: Log
}

const DEFAULT_MQTT_PORT = 1883
const PORT_MAX = 65_535

type Open = {
  /** Creation time of its deployment: another one can have the id by now. */
  createdAt: string
  kind: DeploymentRecord['backend']['kind']
  backend: Backend
  /** Set for an embedded broker that runs on this server. */
  embedded?: EmbeddedBackend
}

/** The open backends of this server. */
export class OpenBackends implements BackendDirectory {
  readonly #ports: DirectoryPorts
  readonly #open = new Map<string, Open>()
  /** The pending operation of each deployment: one at a time. */
  readonly #pending = new Map<string, Promise<unknown>>()
  readonly #failing = new Set<string>()
  #runsEmbedded = true

  constructor(ports: DirectoryPorts) {
    this.#ports = ports
  }

  get(deploymentId: string): Backend | undefined {
    return this.#open.get(deploymentId)?.backend
  }

  /** The embedded broker of a deployment, or that it runs elsewhere. */
  embedded(deploymentId: string): EmbeddedBackend | 'elsewhere' | undefined {
    const open = this.#open.get(deploymentId)
    return open?.embedded ?? (open?.kind === 'embedded' ? 'elsewhere' : undefined)
  }

  /** The backend of a deployment if the open one belongs to this creation time. */
  ofVersion(deploymentId: string, createdAt: string): Backend | undefined {
    const open = this.#open.get(deploymentId)
    return open?.createdAt === createdAt ? open.backend : undefined
  }

  async of(deployment: DeploymentRecord): Promise<Backend | undefined> {
    const { id, createdAt } = deployment
    const open = this.ofVersion(id, createdAt)
    if (open) return open
    try {
      await this.open(deployment)
      this.#failing.delete(id)
    } catch (error) {
      // Retried at each sync, so it is logged once.
      if (!this.#failing.has(id)) this.#ports.log.error('A deployment can’t be served', error)
      this.#failing.add(id)
    }
    return this.ofVersion(id, createdAt)
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

  /** Opens a deployment's backend in place of an outdated one. */
  async open(deployment: DeploymentRecord): Promise<void> {
    const { id, createdAt, backend } = deployment
    await this.#serialize(id, async () => {
      if (this.ofVersion(id, createdAt)) return
      await this.#close(id)
      if (backend.kind === 'emqx') {
        const { now, emqxTimeouts: timeouts } = this.#ports
        const { version } = deployment
        const emqx = createEmqxBackend(backend, { version, now, timeouts })
        this.#open.set(id, { createdAt, kind: 'emqx', backend: emqx })
      } else if (this.#runsEmbedded) {
        const embedded = await this.#openEmbedded(deployment)
        this.#open.set(id, { createdAt, kind: 'embedded', backend: embedded, embedded })
      } else {
        const elsewhere = notLeaderBackend(deployment)
        this.#open.set(id, { createdAt, kind: 'embedded', backend: elsewhere })
      }
    })
  }

  /** Sets whether the embedded brokers run on this server; closes them on a change. */
  async runEmbedded(here: boolean): Promise<void> {
    if (this.#runsEmbedded === here) return
    this.#runsEmbedded = here
    const embedded = [...this.#open].filter(([, { kind }]) => kind === 'embedded')
    await Promise.all(embedded.map(([id]) => this.close(id)))
  }

  /** Ids of the deployments with an open backend. */
  ids(): string[] {
    return [...this.#open.keys()]
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
    await this.#serialize(deploymentId, () => this.#close(deploymentId))
  }

  async #close(deploymentId: string): Promise<void> {
    const open = this.#open.get(deploymentId)
    this.#open.delete(deploymentId)
    this.#ports.counter.forget(deploymentId)
    await open?.backend.close()
  }

  async #serialize(deploymentId: string, work: () => Promise<void>): Promise<void> {
    const turn = (this.#pending.get(deploymentId) ?? Promise.resolve()).then(work)
    const settled = turn.catch(() => {})
    this.#pending.set(deploymentId, settled)
    try {
      await turn
    } finally {
      if (this.#pending.get(deploymentId) === settled) this.#pending.delete(deploymentId)
    }
  }

  async closeAll(): Promise<void> {
    await Promise.all(this.ids().map((id) => this.close(id)))
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
