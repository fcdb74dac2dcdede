import type { BackendAnswer } from '../../contract/backend.ts'
import type { OperationId } from '../../contract/catalog/operation.ts'
import type { Broker } from './broker.ts'
import { ApiFault, clientNotFound } from './fault.ts'
import { subscriptionProblem, topicFilterProblem } from './topics.ts'

/** What the handlers of every edition work with. */
export type ApiContext = {
  broker: Broker
  /** 32 hexadecimal digits, another each time. */
  newMessageId: () => string
}

/** A call, as handlers see it. */
export type ApiRequest = {
  /** The value of a path parameter, decoded. */
  parameter: (name: string) => string
  query: URLSearchParams
  readJson: () => Promise<unknown>
  /** Aborts when the caller goes away; work in bulk stops then. */
  signal: AbortSignal
}

/** Answers one operation, or throws an {@link ApiFault}. */
export type Handler = (request: ApiRequest) => BackendAnswer | Promise<BackendAnswer>
export type Handlers = Readonly<Record<OperationId, Handler>>

type WantedSubscription = Parameters<Broker['subscribe']>[1]

/**
 * Subscribes a client to each filter, in order, after it has checked all of them. Throws when
 * there is no such client, or one can't be subscribed to.
 */
export async function subscribeClient(
  broker: Broker,
  clientId: string,
  wanted: readonly WantedSubscription[],
) {
  for (const one of wanted) {
    const problem = subscriptionProblem(one)
    if (problem) throw new ApiFault('topic', problem)
  }
  const subscriptions = []
  for (const one of wanted) {
    const result = await broker.subscribe(clientId, one)
    if (result.outcome === 'noClient') throw clientNotFound(clientId)
    if (result.outcome === 'refused') throw new ApiFault('topic', result.reason)
    subscriptions.push(result.subscription)
  }
  return subscriptions
}

/** Ends a client's subscriptions, after it has checked all of them; lacking one is no error. */
export async function unsubscribeClient(
  broker: Broker,
  clientId: string,
  topics: readonly string[],
): Promise<void> {
  for (const topic of topics) {
    const problem = topicFilterProblem(topic)
    if (problem) throw new ApiFault('topic', problem)
  }
  if (!broker.client(clientId)) throw clientNotFound(clientId)
  for (const topic of topics) {
    if (!(await broker.unsubscribe(clientId, topic))) throw clientNotFound(clientId)
  }
}
