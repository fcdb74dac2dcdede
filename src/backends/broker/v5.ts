import { z } from 'zod'
import type { BackendAnswer } from '../../contract/backend.ts'
import { json, noContent } from './answer.ts'
import type { BrokerClient, BrokerMessage, BrokerSubscription } from './broker.ts'
import {
  byMatchingTopic,
  byShareGroup,
  byTopic,
  clientFilters,
  fuzzyFilters,
  subscriptionFilters,
  timeFilters,
  v5Client,
  v5Subscription,
  v5TimeOf,
} from './client-view.ts'
import { ApiFault, clientNotFound } from './fault.ts'
import {
  subscribeClient,
  unsubscribeClient,
  type ApiContext,
  type ApiRequest,
  type Handlers,
} from './handlers.ts'
import { parseBody } from './input.ts'
import { listRows, oneOf, type Filters } from './listing.ts'
import { decodePayload } from './payload.ts'
import { topicNameProblem } from './topics.ts'

const paging = { page: 'page', limit: 'limit', defaultLimit: 100 }

const qos = z.literal([0, 1, 2]).default(0)
const flag = z.literal([0, 1]).default(0)

const subscribeSchema = z.strictObject({
  topic: z.string(),
  qos,
  nl: flag,
  rap: flag,
  rh: z.literal([0, 1, 2]).default(0),
})
const unsubscribeSchema = z.strictObject({ topic: z.string() })

const messageSchema = z.strictObject({
  topic: z.string(),
  payload: z.string(),
  payload_encoding: z.enum(['plain', 'base64']).default('plain'),
  qos,
  retain: z.boolean().default(false),
  properties: z.looseObject({}).optional(),
})

const NO_SUBSCRIBERS = { message: 'no_matching_subscribers', reason_code: 16 }

function atLeastOne<Item extends z.ZodType>(item: Item) {
  return z.array(item).min(1, 'Send at least one item.')
}

/** The operations of Dedicated v5, Dedicated Flex and BYOC, as EMQX 5 documents them. */
export function v5Handlers(context: ApiContext): Handlers {
  const { broker } = context
  const byNode = oneNode(broker.node)
  const clients = {
    paging,
    filters: {
      node: byNode,
      ...clientFilters,
      ...fuzzyFilters(''),
      ...timeFilters('', v5TimeOf),
    } satisfies Filters<BrokerClient>,
    refused: ['zone'],
  }
  const subscriptions = {
    paging,
    filters: {
      node: byNode,
      ...subscriptionFilters,
      topic: byTopic,
      match_topic: byMatchingTopic,
      share_group: byShareGroup,
      durable: oneOf({ true: () => false, false: () => true }),
    } satisfies Filters<BrokerSubscription>,
    refused: [],
  }
  return {
    ...commonV5Handlers(context),
    'GET /clients': ({ query }) => {
      const { data, meta } = listRows(broker.clients(), query, clients)
      return json(200, { data: data.map((client) => v5Client(broker.node, client)), meta })
    },
    'POST /clients/kickout/bulk': async (request) => {
      const clientIds = parseBody(z.array(z.string()), await request.readJson())
      for (const clientId of clientIds) {
        request.signal.throwIfAborted()
        await broker.kick(clientId)
      }
      return noContent()
    },
    'GET /clients/{clientid}/subscriptions': (request) =>
      json(200, subscriptionsOf(context, request)),
    'POST /clients/{clientid}/subscribe/bulk': async (request) =>
      json(200, await subscribeAll(context, request)),
    'GET /subscriptions': ({ query }) => {
      const { data, meta } = listRows(broker.subscriptions(), query, subscriptions)
      return json(200, { data: data.map((one) => v5Subscription(broker.node, one)), meta })
    },
  }
}

/** The operations that Serverless answers like every other v5 deployment. */
export function commonV5Handlers(context: ApiContext): Handlers {
  const { broker } = context
  return {
    'GET /clients/{clientid}': (request) =>
      json(200, v5Client(broker.node, clientOf(context, request))),
    'DELETE /clients/{clientid}': async (request) => {
      const clientId = request.parameter('clientid')
      if (!(await broker.kick(clientId))) throw clientNotFound(clientId)
      return noContent()
    },
    'POST /clients/{clientid}/subscribe': async (request) => {
      const wanted = parseBody(subscribeSchema, await request.readJson())
      const [made] = await subscribeClient(broker, request.parameter('clientid'), [wanted])
      return json(200, made && v5Subscription(broker.node, made))
    },
    'POST /clients/{clientid}/unsubscribe': async (request) => {
      const { topic } = parseBody(unsubscribeSchema, await request.readJson())
      return unsubscribe(context, request, [topic])
    },
    'POST /clients/{clientid}/unsubscribe/bulk': async (request) => {
      const wanted = parseBody(atLeastOne(unsubscribeSchema), await request.readJson())
      return unsubscribe(
        context,
        request,
        wanted.map(({ topic }) => topic),
      )
    },
    'POST /publish': async (request) => {
      const message = messageOf(parseBody(messageSchema, await request.readJson()))
      const result = await publish(context, message)
      return json('id' in result ? 200 : 202, result)
    },
    'POST /publish/bulk': async (request) => {
      const bodies = parseBody(atLeastOne(messageSchema), await request.readJson())
      const messages = bodies.map(messageOf)
      const results = []
      for (const message of messages) {
        request.signal.throwIfAborted()
        results.push(await publish(context, message))
      }
      return json(results.every((result) => 'id' in result) ? 200 : 202, results)
    },
  }
}

/** Only one node there is; asking for another is like asking EMQX for one that is down. */
function oneNode(node: string) {
  return (value: string) => {
    if (value !== node) throw new ApiFault('noNode', `There is no node "${value}", only "${node}".`)
    return () => true
  }
}

function clientOf({ broker }: ApiContext, request: ApiRequest): BrokerClient {
  const clientId = request.parameter('clientid')
  const client = broker.client(clientId)
  if (!client) throw clientNotFound(clientId)
  return client
}

/** The subscriptions of the client that the path names. */
export function subscriptionsOf(context: ApiContext, request: ApiRequest) {
  const { clientId } = clientOf(context, request)
  const { broker } = context
  return Array.from(broker.subscriptionsOf(clientId), (one) => v5Subscription(broker.node, one))
}

/** Makes each subscription that the body lists, and gives them back as they are shown. */
export async function subscribeAll({ broker }: ApiContext, request: ApiRequest) {
  const wanted = parseBody(atLeastOne(subscribeSchema), await request.readJson())
  const made = await subscribeClient(broker, request.parameter('clientid'), wanted)
  return made.map((one) => v5Subscription(broker.node, one))
}

async function unsubscribe(
  { broker }: ApiContext,
  request: ApiRequest,
  topics: readonly string[],
): Promise<BackendAnswer> {
  await unsubscribeClient(broker, request.parameter('clientid'), topics)
  return noContent()
}

function messageOf(body: z.output<typeof messageSchema>): BrokerMessage {
  const { topic, qos, retain } = body
  if (body.properties && Object.keys(body.properties).length > 0) {
    throw new ApiFault(
      'body',
      'The embedded broker speaks MQTT 3 only, which has no "properties". Leave them out, or connect the deployment to an EMQX.',
    )
  }
  const problem = topicNameProblem(topic)
  if (problem) throw new ApiFault('topic', problem)
  return { topic, qos, retain, payload: decodePayload(body.payload, body.payload_encoding) }
}

async function publish({ broker, newMessageId }: ApiContext, message: BrokerMessage) {
  const subscribers = await broker.publish(message)
  return subscribers > 0 ? { id: newMessageId() } : NO_SUBSCRIBERS
}
