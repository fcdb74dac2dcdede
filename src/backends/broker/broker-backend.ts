import { BackendUnavailable, type Backend, type BackendAnswer } from '../../contract/backend.ts'
import type { Edition } from '../../contract/deployments/plans.ts'
import type { RateSeries } from '../../contract/deployments/series.ts'
import { v4Fault, v5Fault } from './answer.ts'
import { ApiFault, notOffered } from './fault.ts'
import type { ApiContext, Handler } from './handlers.ts'
import type { GaugeSeries } from './history.ts'
import { readJson } from './input.ts'
import { serverlessHandlers } from './serverless.ts'
import { v4Handlers } from './v4.ts'
import { v5Handlers } from './v5.ts'

/**
 * The Deployment API of one edition over a broker. It offers clients, subscriptions and
 * publishing (and metrics in v4); every other operation is answered 501.
 */
export function brokerBackend({ edition, ...context }: ApiContext & { edition: Edition }): Backend {
  const { broker } = context
  const handlers = new Map<string, Handler>(Object.entries(handlersOf(edition, context)))
  const faultAnswer = edition.version === 'v4' ? v4Fault : v5Fault

  return {
    supports: (operationId) => handlers.has(operationId),

    async call(call) {
      if (broker.status().state !== 'running') {
        throw new BackendUnavailable('unreachable', 'the embedded broker is not running')
      }
      const answer = await answerOf(async () => {
        const handler = handlers.get(call.operation.id)
        if (!handler) throw notOffered(call.operation.id)
        return handler({
          parameter: (name) => call.parameters[name] ?? '',
          query: new URLSearchParams(call.rawQuery),
          readJson: () => readJson(call),
          signal: call.signal,
        })
      })
      return call.method === 'HEAD' ? { ...answer, body: null } : answer
    },

    status: async () => broker.status(),

    async figures() {
      const { sessions, subscriptions, messagesIn, messagesOut } = broker.history
      return {
        sessions: gauge(sessions, broker.sessionLimit),
        subscriptions: gauge(subscriptions, null),
        messagesIn: rate(messagesIn),
        messagesOut: rate(messagesOut),
      }
    },

    connection: () => broker.connection(),
    close: () => broker.close(),
  }

  async function answerOf(handle: () => Promise<BackendAnswer>): Promise<BackendAnswer> {
    try {
      return await handle()
    } catch (error) {
      if (error instanceof ApiFault) return faultAnswer(error)
      throw error
    }
  }
}

function handlersOf({ plan, version }: Edition, context: ApiContext) {
  if (version === 'v4') return v4Handlers(context)
  return plan === 'serverless' ? serverlessHandlers(context) : v5Handlers(context)
}

function gauge(series: GaugeSeries, limit: number | null) {
  return { current: series.current, limit, series: series.values() }
}

function rate(series: RateSeries) {
  const rates = series.rates()
  return { perSecond: rates.at(-1) ?? 0, series: rates }
}
