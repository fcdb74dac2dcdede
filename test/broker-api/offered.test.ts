import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { catalogOf } from '../../src/contract/catalog/catalog.ts'
import { editions, TestDeployment } from '../harness/test-deployment.ts'

const offered = {
  dedicated: [
    'GET /clients',
    'POST /clients/kickout/bulk',
    'GET /clients/{clientid}',
    'DELETE /clients/{clientid}',
    'POST /clients/{clientid}/subscribe',
    'POST /clients/{clientid}/subscribe/bulk',
    'GET /clients/{clientid}/subscriptions',
    'POST /clients/{clientid}/unsubscribe',
    'POST /clients/{clientid}/unsubscribe/bulk',
    'POST /publish',
    'POST /publish/bulk',
    'GET /subscriptions',
  ],
  serverless: catalogOf(editions.serverless).operations.map(({ id }) => id),
  v4: [
    'GET /clients',
    'GET /clients/{clientid}',
    'DELETE /clients/{clientid}',
    'GET /subscriptions',
    'GET /subscriptions/{clientid}',
    'POST /mqtt/subscribe',
    'POST /mqtt/unsubscribe',
    'POST /mqtt/subscribe_batch',
    'POST /mqtt/unsubscribe_batch',
    'POST /mqtt/publish',
    'POST /mqtt/publish_batch',
    'GET /metrics',
  ],
}

describe.each(['dedicated', 'serverless', 'v4'] as const)('the catalog of %s', (name) => {
  const { operations } = catalogOf(editions[name])
  let deployment: TestDeployment

  beforeAll(async () => {
    deployment = await TestDeployment.open(editions[name])
  })

  afterAll(() => deployment.close())

  it('is offered as far as a broker can', () => {
    const supported = operations.filter(({ id }) => deployment.backend.supports(id))
    expect(new Set(supported.map(({ id }) => id))).toEqual(new Set(offered[name]))
  })

  it('answers 501 to all the rest, saying what to do', async () => {
    const rest = operations.filter(({ id }) => !offered[name].includes(id))
    const answers = await Promise.all(rest.map(({ id }) => deployment.call(id)))
    expect(answers).toHaveLength(operations.length - offered[name].length)
    for (const answer of answers) {
      expect(answer).toMatchObject({
        status: 501,
        json: {
          code: name === 'v4' ? 501 : 'NOT_IMPLEMENTED',
          message: expect.stringContaining('Connect the deployment to an EMQX'),
        },
      })
    }
  })
})
