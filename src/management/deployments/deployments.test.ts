import { expect, test } from 'vitest'
import { chooseDeploymentId } from './deployments.ts'

const free = () => false

test.each([
  ['Plant telemetry', 'plant-telemetry'],
  ['Ünïcode & Co', 'unicode-co'],
  ['  --Line 3--  ', 'line-3'],
  ['3rd line', 'deployment-3rd-line'],
  ['电厂', 'deployment'],
  ['API', 'api-2'],
  ['Healthz', 'healthz-2'],
  ['x'.repeat(60), 'x'.repeat(32)],
])('%s gets an address of its own', (name, id) => {
  expect(chooseDeploymentId(name, free)).toBe(id)
})

test('a name that is taken gets the next number', () => {
  const taken = new Set(['line', 'line-2'])
  expect(chooseDeploymentId('Line', (id) => taken.has(id))).toBe('line-3')
})
