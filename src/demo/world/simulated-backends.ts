import { brokerBackend } from '../../backends/broker/broker-backend.ts'
import { BackendUnavailable, type Backend } from '../../contract/backend.ts'
import { toHex } from '../../contract/bytes.ts'
import { Problem } from '../../contract/http/problem.ts'
import type { RandomBytes } from '../../contract/keys/credentials.ts'
import type { BackendDirectory } from '../../management/ports.ts'
import type { DeploymentRecord } from '../../store/deployments.ts'
import { devicesFor } from './scenarios.ts'
import { noBrokerChanges, simulatedBroker, type BrokerChanges } from './simulated-broker.ts'

export type SimulatedBackendsOptions = {
  seed: string
  sessionStart: Date
  now: () => Date
  random: RandomBytes
  /** A deployment whose broker is unreachable. */
  unreachable: string | undefined
  /** Changes to each deployment's broker; mutated in place. */
  changes: Record<string, BrokerChanges>
}

export type SimulatedBackends = BackendDirectory & {
  get(deploymentId: string): Backend | undefined
}

/** Makes the backends of a demo session: a simulated broker for each deployment, no EMQX. */
export function simulatedBackends(options: SimulatedBackendsOptions): SimulatedBackends {
  const { seed, sessionStart, now, random, unreachable, changes } = options
  const backends = new Map<string, Backend>()

  function make(deployment: DeploymentRecord): Backend {
    const broker = simulatedBroker({
      ...devicesFor(deployment, sessionStart),
      seed: `${seed}/${deployment.id}`,
      now,
      changes: (changes[deployment.id] ??= noBrokerChanges()),
    })
    const newMessageId = () => toHex(random(16))
    const backend = brokerBackend({ edition: deployment, broker, newMessageId })
    return deployment.id === unreachable ? makeUnreachable(backend) : backend
  }

  return {
    get: (deploymentId) => backends.get(deploymentId),
    of: async ({ id }) => backends.get(id),
    async probe(_edition, { kind }) {
      if (kind === 'embedded') return
      const detail = 'The demo runs in this browser and can reach no EMQX. Start Latchkey for that.'
      throw new Problem(422, `Nothing was saved. ${detail}`, [{ field: 'backend.url', detail }])
    },
    async open(deployment) {
      backends.set(deployment.id, make(deployment))
    },
    async close(deploymentId) {
      backends.delete(deploymentId)
      delete changes[deploymentId]
    },
  }
}

function makeUnreachable(backend: Backend): Backend {
  return {
    ...backend,
    async call() {
      throw new BackendUnavailable('unreachable', 'this scenario keeps the broker out of reach')
    },
    status: async () => ({ state: 'unreachable', startedAt: null }),
    figures: async () => ({}),
  }
}
