import { expect, test } from 'vitest'
import { deploymentInputSchema } from '../../../contract/deployments/schemas.ts'
import { emptyDeploymentForm, toDeploymentInput } from './deployment-form.ts'

const filled = {
  ...emptyDeploymentForm,
  name: ' edge ',
  region: ' ',
  backend: { kind: 'emqx', url: ' http://emqx:18083/ ', keyId: 'k ', keySecret: ' s ' },
} as const

test('an embedded broker’s request carries nothing of the EMQX fields', () => {
  const request = toDeploymentInput({ ...filled, backend: { ...filled.backend, kind: 'embedded' } })
  expect(request).toEqual({
    name: 'edge',
    plan: 'dedicated',
    version: 'v5',
    backend: { kind: 'embedded' },
  })
  expect(deploymentInputSchema.safeParse(request).success).toBe(true)
})

test('an EMQX request is tidied, but for the secret', () => {
  expect(toDeploymentInput(filled).backend).toEqual({
    kind: 'emqx',
    url: 'http://emqx:18083',
    keyId: 'k',
    keySecret: ' s ',
  })
})

test('v4 is asked for with Dedicated alone', () => {
  expect(toDeploymentInput({ ...filled, version: 'v4' }).version).toBe('v4')
  expect(toDeploymentInput({ ...filled, plan: 'byoc', version: 'v4' }).version).toBe('v5')
})
