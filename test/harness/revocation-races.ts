import { Pool } from 'undici'
import { z } from 'zod'
import { answerJson, startFakeEmqx } from '../../src/backends/emqx/fake-emqx.ts'
import { deploymentSchema } from '../../src/contract/deployments/schemas.ts'
import { basicAuthorization } from '../../src/contract/keys/credentials.ts'
import { createdApiKeySchema } from '../../src/contract/keys/schemas.ts'
import { clientAddresses } from './client-addresses.ts'

/** How a key can lose what it could do, and what a call by it gets from then on. */
const KINDS = {
  delete: { method: 'DELETE', path: '', json: undefined, refusal: 401 },
  disable: { method: 'PATCH', path: '', json: { disabled: true }, refusal: 401 },
  narrow: {
    method: 'PATCH',
    path: '',
    json: { access: { mode: 'list', operations: ['POST /publish'] } },
    refusal: 403,
  },
  rotate: { method: 'POST', path: '/rotate', json: { keepOldSecretFor: 0 }, refusal: 401 },
} as const
type Kind = keyof typeof KINDS
const kinds = Object.keys(KINDS).filter((name): name is Kind => name in KINDS)

/** What a race came to. Calls by when they began: before the change was confirmed, or after. */
export type RaceFigures = {
  races: Record<Kind, number>
  allowedBefore: number
  refusedAfter: number
  /** Calls that began after a change was confirmed and were not refused as they should be. */
  violations: string[]
}

export type RaceOptions = {
  /** Where they are; they have to trust this machine as a proxy. */
  servers: readonly string[]
  /** The secret of an administrator's token. */
  token: string
  races: number
  /** How many races go on at the same time. */
  atOnce: number
}

// On each server, of every race.
const CALLS_AFTER = 2

type Line = { url: string; pool: Pool }

/**
 * Makes keys, calls with each on every server without a pause, takes away what it may do by one
 * of the servers meanwhile, and looks at each call that began after that was confirmed.
 */
export async function raceRevocations(options: RaceOptions): Promise<RaceFigures> {
  const { token, races, atOnce } = options
  const emqx = await startFakeEmqx((_, response) =>
    answerJson(response, [{ node_status: 'running' }]),
  )
  const lines = options.servers.map((url): Line => {
    return { url, pool: new Pool(url, { connections: atOnce * 2 }) }
  })
  const [first] = lines
  if (!first) throw new Error('there are no servers to race on')
  const figures: RaceFigures = {
    races: { delete: 0, disable: 0, narrow: 0, rotate: 0 },
    allowedBefore: 0,
    refusedAfter: 0,
    violations: [],
  }

  const newAddress = clientAddresses()

  async function manage({ pool }: Line, method: string, path: string, json?: unknown, version = 1) {
    const { statusCode, body } = await pool.request({
      method,
      path: `/api/v1${path}`,
      headers: {
        authorization: `Bearer ${token}`,
        'if-match': `"${version}"`,
        ...(json !== undefined && { 'content-type': 'application/json' }),
      },
      body: json === undefined ? null : JSON.stringify(json),
    })
    const text = await body.text()
    if (statusCode >= 300) throw new Error(`${method} ${path}: ${statusCode} ${text}`)
    return text === '' ? undefined : z.json().parse(JSON.parse(text))
  }

  async function race(id: string, kind: Kind, changedBy: Line): Promise<void> {
    const { method, path, json, refusal } = KINDS[kind]
    const keys = `/deployments/${id}/api-keys`
    const made = await manage(changedBy, 'POST', keys, { access: { mode: 'full' } })
    const { apiKey, appSecret } = createdApiKeySchema.parse(made)
    const authorization = basicAuthorization(apiKey.appId, appSecret)
    let confirmedAt = Infinity
    const callOn = async ({ url, pool }: Line) => {
      for (let after = 0; after < CALLS_AFTER;) {
        const beganAt = performance.now()
        const answer = await pool.request({
          method: 'GET',
          path: `/${id}/api/v5/clients`,
          headers: { authorization, 'x-forwarded-for': newAddress() },
        })
        await answer.body.dump()
        const { statusCode } = answer
        if (beganAt > confirmedAt) {
          after += 1
          if (statusCode === refusal) figures.refusedAfter += 1
          else figures.violations.push(`${kind} by ${changedBy.url}: ${statusCode} by ${url}`)
        } else if (statusCode === 200) {
          figures.allowedBefore += 1
        } else if (statusCode !== refusal) {
          throw new Error(`a call before ${kind} was answered ${statusCode}`)
        }
      }
    }
    const calls = lines.map(callOn)
    const change = async () => {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 4))
      await manage(changedBy, method, `${keys}/${apiKey.appId}${path}`, json)
      confirmedAt = performance.now()
    }
    await Promise.all([change(), ...calls])
    figures.races[kind] += 1
  }

  try {
    const backend = { kind: 'emqx', url: emqx.url, keyId: 'upstream', keySecret: 'upstream' }
    const deployment = { name: 'Races', plan: 'dedicated', backend }
    const added = await manage(first, 'POST', '/deployments', deployment)
    const { id } = deploymentSchema.parse(added)
    let begun = 0
    const runner = async () => {
      for (let at = begun; at < races; at = begun) {
        begun += 1
        // Every kind by every server.
        const kind = kinds[at % kinds.length] ?? 'delete'
        await race(id, kind, lines[Math.floor(at / kinds.length) % lines.length] ?? first)
      }
    }
    await Promise.all(Array.from({ length: atOnce }, runner))
    await manage(first, 'DELETE', `/deployments/${id}`)
    return figures
  } finally {
    await Promise.all(lines.map(({ pool }) => pool.destroy()))
    await emqx.close()
  }
}
