/** The five sample deployments, one for each plan and version, as both hosts have them. */
export const samples = [
  {
    name: 'plant-telemetry',
    plan: 'Dedicated v5',
    kept: 'GET /clients',
    dropped: 'GET /subscriptions',
  },
  {
    name: 'fleet-tracking',
    plan: 'Dedicated Flex',
    kept: 'GET /clients',
    dropped: 'GET /subscriptions',
  },
  { name: 'grid-metering', plan: 'BYOC', kept: 'GET /clients', dropped: 'GET /subscriptions' },
  { name: 'ferry-signals', plan: 'Dedicated v4', kept: 'GET /clients', dropped: 'GET /metrics' },
] as const

export const serverlessSample = { name: 'home-sensors', plan: 'Serverless' } as const
