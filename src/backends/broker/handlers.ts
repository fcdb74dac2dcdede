import type { BackendAnswer } from '../../contract/backend.ts'
import type { OperationId } from '../../contract/catalog/operation.ts'
import type { Broker } from './broker.ts'
import { ApiFault, clientNotFound } from './fault.ts'
import { topicFilterProblem } from './topics.ts'

/** What the handlers of every edition work with. */
export type ApiContext = {
  broker: Broker
  /** 32 hexadecimal digits, another each time. */
  newMessageId: () => string
}

/** A call, as handlers see it. */
export type ApiRequest = {
  /** The value of a path parameter, decoded. */
  parameter(name: string): string
  query: URLSearchParams
  readJson(): Promise<unknown>
}

/** Answers one operation, or throws an {@link ApiFault}. */
export type Handler = (request: ApiRequest) => BackendAnswer | Promise<BackendAnswer>
export type Handlers = Readonly<Record<OperationId, Handler>>

/** Throws when a topic filter can't be subscribed to. */
export function checkTopicFilter(filter: string): void {
  const problem = topicFilterProblem(filter)
  if (problem) throw new ApiFault('topic', problem)
}

type WantedSubscription = Parameters<Broker['subscribe']>[1]

/**
 * Subscribes a client to each filter, in order; the filters have been checked. Throws when
 * there is no such client, or the broker refuses one.
 */
export async function subscribeClient(
  broker: Broker,
  clientId: string,
  wanted: readonly WantedSubscription[],
) {
  const subscriptions = []
  for (const one of wanted) {
    const result = await broker.subscribe(clientId, one)
    if (result.outcome === 'noClient') throw clientNotFound(clientId)
    if (result.outcome === 'refused') throw new ApiFault('topic', result.reason)
    subscriptions.push(result.subscription)
  }
  return subscriptions
}

/** Ends a client's subscriptions; throws when there is no such client. */
export async function unsubscribeClient(
  broker: Broker,
  clientId: string,
  topics: readonly string[],
): Promise<void> {
  if (!broker.client(clientId)) throw clientNotFound(clientId)
  for (const topic of topics) {
    if (!(await broker.unsubscribe(clientId, topic))) throw clientNotFound(clientId)
  }
}
