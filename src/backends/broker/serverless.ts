import { json } from './answer.ts'
import {
  byMatchingTopic,
  byShareGroup,
  clientFilters,
  integerTimeOf,
  subscriptionFilters,
  timeFilters,
  v5Client,
  v5Subscription,
} from './client-view.ts'
import type { ApiContext, Handlers } from './handlers.ts'
import { listRows } from './listing.ts'
import { commonV5Handlers, subscribeAll, subscriptionsOf } from './v5.ts'

const paging = { page: '_page', limit: '_limit', defaultLimit: 100 }

const clients = {
  paging,
  filters: { ...clientFilters, ...timeFilters('_', integerTimeOf) },
  refused: ['zone', '_like_clientid', '_like_username'],
}

const subscriptions = {
  paging,
  filters: { ...subscriptionFilters, share: byShareGroup, _match_topic: byMatchingTopic },
  refused: [],
}

/** Serverless: v5 bodies, v4's query parameters, and `data` around two of the lists. */
export function serverlessHandlers(context: ApiContext): Handlers {
  const { broker } = context
  return {
    ...commonV5Handlers(context),
    'GET /clients': ({ query }) => {
      const { data, meta } = listRows(broker.clients(), query, clients)
      return json(200, { data: data.map((client) => v5Client(broker.node, client)), meta })
    },
    'GET /clients/{clientid}/subscriptions': (request) =>
      json(200, { data: subscriptionsOf(context, request) }),
    'POST /clients/{clientid}/subscribe/bulk': async (request) =>
      json(200, { data: await subscribeAll(context, request) }),
    'GET /subscriptions': ({ query }) => {
      const { data, meta } = listRows(broker.subscriptions(), query, subscriptions)
      return json(200, { data: data.map((one) => v5Subscription(broker.node, one)), meta })
    },
  }
}
