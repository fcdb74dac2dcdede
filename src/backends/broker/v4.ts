import { z } from 'zod'
import type { BackendAnswer } from '../../contract/backend.ts'
import { json, v4Codes } from './answer.ts'
import {
  byMatchingTopic,
  byShareGroup,
  byTopic,
  clientFilters,
  fuzzyFilters,
  integerTimeOf,
  subscriptionFilters,
  timeFilters,
  v4Client,
  v4Subscription,
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
import { listRows } from './listing.ts'
import { decodePayload } from './payload.ts'
import { topicNameProblem } from './topics.ts'

const paging = { page: '_page', limit: '_limit', defaultLimit: 10_000 }

const clients = {
  paging,
  filters: { ...clientFilters, ...fuzzyFilters('_'), ...timeFilters('_', integerTimeOf) },
  refused: ['zone'],
}

const subscriptions = {
  paging,
  filters: {
    ...subscriptionFilters,
    topic: byTopic,
    share: byShareGroup,
    _match_topic: byMatchingTopic,
  },
  refused: [],
}

const qos = z.literal([0, 1, 2]).default(0)
const topics = { topic: z.string().optional(), topics: z.string().optional() }

const subscribeSchema = z.object({ clientid: z.string(), ...topics, qos })
const unsubscribeSchema = z.object({ clientid: z.string(), topic: z.string() })
const publishSchema = z.object({
  clientid: z.string(),
  ...topics,
  payload: z.string(),
  encoding: z.enum(['plain', 'base64']).default('plain'),
  qos,
  retain: z.boolean().default(false),
})

/** The operations of Dedicated v4 that a broker can answer, as EMQX 4 documents them. */
export function v4Handlers({ broker }: ApiContext): Handlers {
  async function subscribe(body: unknown): Promise<void> {
    const wanted = parseBody(subscribeSchema, body)
    await subscribeClient(
      broker,
      wanted.clientid,
      topicsOf(wanted).map((topic) => ({ topic, qos: wanted.qos, nl: 0, rap: 0, rh: 0 })),
    )
  }

  async function unsubscribe(body: unknown): Promise<void> {
    const { clientid, topic } = parseBody(unsubscribeSchema, body)
    await unsubscribeClient(broker, clientid, [topic])
  }

  async function publish(body: unknown, signal: AbortSignal): Promise<void> {
    const wanted = parseBody(publishSchema, body)
    const names = topicsOf(wanted)
    for (const name of names) {
      const problem = topicNameProblem(name)
      if (problem) throw new ApiFault('topic', problem)
    }
    const payload = decodePayload(wanted.payload, wanted.encoding)
    const { qos, retain } = wanted
    for (const topic of names) {
      signal.throwIfAborted()
      await broker.publish({ topic, payload, qos, retain })
    }
  }

  const shownSubscriptions = (rows: Parameters<typeof v4Subscription>[1][]) =>
    rows.map((one) => v4Subscription(broker.node, one))

  return {
    'GET /clients': ({ query }) => {
      const { data, meta } = listRows(broker.clients(), query, clients)
      return success({ data: data.map((client) => v4Client(broker.node, client)), meta })
    },
    // EMQX 4 answers an unknown client with an empty list here, and with an error below.
    'GET /clients/{clientid}': (request) => {
      const client = broker.client(request.parameter('clientid'))
      return success({ data: client ? [v4Client(broker.node, client)] : [] })
    },
    'DELETE /clients/{clientid}': async (request) => {
      const clientId = request.parameter('clientid')
      if (!(await broker.kick(clientId))) throw clientNotFound(clientId)
      return success()
    },
    'GET /subscriptions': ({ query }) => {
      const { data, meta } = listRows(broker.subscriptions(), query, subscriptions)
      return success({ data: shownSubscriptions(data), meta })
    },
    'GET /subscriptions/{clientid}': (request) => {
      const rows = [...broker.subscriptionsOf(request.parameter('clientid'))]
      return success({ data: shownSubscriptions(rows) })
    },
    'POST /mqtt/subscribe': async (request) => {
      await subscribe(await request.readJson())
      return success()
    },
    'POST /mqtt/unsubscribe': async (request) => {
      await unsubscribe(await request.readJson())
      return success()
    },
    'POST /mqtt/publish': async (request) => {
      await publish(await request.readJson(), request.signal)
      return success()
    },
    'POST /mqtt/subscribe_batch': (request) => batch(request, subscribe, ['clientid', 'topic']),
    'POST /mqtt/unsubscribe_batch': (request) => batch(request, unsubscribe, ['clientid', 'topic']),
    'POST /mqtt/publish_batch': (request) => batch(request, publish, ['topic']),
    'GET /metrics': () => success({ data: [{ node: broker.node, metrics: broker.counters() }] }),
  }
}

function success(rest: Record<string, unknown> = {}): BackendAnswer {
  return json(200, { code: 0, ...rest })
}

/** The topics of a body: `topic` as it is, or `topics` split at commas. */
function topicsOf(body: { topic?: string | undefined; topics?: string | undefined }): string[] {
  if (body.topic !== undefined) return [body.topic]
  if (body.topics !== undefined) return body.topics.split(',')
  throw new ApiFault('missing', 'Both "topic" and "topics" are missing. Give one of them.')
}

/**
 * Does each item of a batch for itself: a bad one doesn't keep the others back. The answer
 * repeats what an item named, with its result code: strings alone, since what else there may be
 * can be nested too deeply to be written.
 */
async function batch(
  { readJson, signal }: ApiRequest,
  act: (item: unknown, signal: AbortSignal) => Promise<void>,
  repeated: readonly ('clientid' | 'topic')[],
): Promise<BackendAnswer> {
  const data: Record<string, unknown>[] = []
  for (const item of parseBody(z.array(z.looseObject({})), await readJson())) {
    signal.throwIfAborted()
    const named: Record<string, string> = {}
    for (const name of repeated) {
      const value = name === 'topic' ? (item[name] ?? item['topics']) : item[name]
      if (typeof value === 'string') named[name] = value
    }
    try {
      await act(item, signal)
      data.push({ ...named, code: 0 })
    } catch (error) {
      if (!(error instanceof ApiFault)) throw error
      data.push({ ...named, code: v4Codes[error.kind], message: error.message })
    }
  }
  return success({ data })
}
