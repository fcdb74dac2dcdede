import { expect, test } from 'vitest'
import type { Deployment } from '../../../contract/deployments/schemas.ts'
import { findDeployments, validateDeploymentSearch } from './search-params.ts'

function deployment(part: Partial<Deployment>): Deployment {
  return {
    id: 'x',
    name: 'x',
    plan: 'dedicated',
    version: 'v5',
    backend: { kind: 'embedded' },
    status: 'running',
    startedAt: null,
    region: null,
    apiBaseUrl: 'http://localhost/x/api/v5',
    connection: { host: 'localhost', listeners: [] },
    sessions: null,
    apiKeyCount: 0,
    lastApiCallAt: null,
    createdAt: '2026-11-23T12:00:00.000Z',
    revision: 1,
    ...part,
  }
}

const plant = deployment({ name: 'plant-telemetry', region: 'eu-central' })
const ferry = deployment({ name: 'Ferry signals', version: 'v4', status: 'unreachable' })
const home = deployment({ name: 'home', plan: 'serverless' })

test('the search parameter survives a reload, whatever the router made of it', () => {
  expect(validateDeploymentSearch({ search: 'plant' })).toEqual({ search: 'plant' })
  expect(validateDeploymentSearch({ search: 42 })).toEqual({ search: '42' })
  expect(validateDeploymentSearch({ search: ['a'], other: 1 })).toEqual({})
  expect(validateDeploymentSearch({ search: '' })).toEqual({})
  expect(validateDeploymentSearch({ search: 'x'.repeat(500) }).search).toHaveLength(200)
})

test.each([
  ['', [plant, ferry, home]],
  ['  ', [plant, ferry, home]],
  ['PLANT', [plant]],
  ['telemetry plant', [plant]],
  ['eu-central', [plant]],
  ['dedicated v4', [ferry]],
  ['unreachable', [ferry]],
  ['serverless', [home]],
  ['null', []],
  ['plant ferry', []],
])('“%s” finds by every word, in any order', (search, found) => {
  expect(findDeployments([plant, ferry, home], search)).toEqual(found)
})
