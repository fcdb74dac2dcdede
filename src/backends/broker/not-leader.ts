import { BackendUnavailable, type Backend } from '../../contract/backend.ts'
import type { Edition } from '../../contract/deployments/plans.ts'
import { brokerBackend } from './broker-backend.ts'
import type { Broker } from './broker.ts'
import { newBrokerHistory } from './history.ts'

/**
 * The backend of a deployment whose embedded broker another server of the same Latchkey runs: it
 * offers what that one does and answers nothing.
 */
export function notLeaderBackend(edition: Edition): Backend {
  return {
    ...brokerBackend({ edition, broker: nobodysBroker, newMessageId: absent }),
    call: async () => absent(),
    figures: async () => ({}),
  }
}

function absent(): never {
  throw new BackendUnavailable('elsewhere', 'the embedded broker runs on another server')
}

const nobodysBroker: Broker = {
  node: '',
  sessionLimit: null,
  history: newBrokerHistory(() => new Date(0)),
  status: () => ({ state: 'elsewhere', startedAt: null }),
  connection: () => ({ host: '', listeners: [] }),
  counters: absent,
  clients: absent,
  client: absent,
  subscriptions: absent,
  subscriptionsOf: absent,
  kick: absent,
  subscribe: absent,
  unsubscribe: absent,
  publish: absent,
  close: async () => {},
}
