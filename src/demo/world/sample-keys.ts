import type { UsagePattern } from './usage-pattern.ts'

/** What a sample key is made from. */
export type SampleKeyTemplate = {
  note: string
  ageInDays: number
  may: RegExp | 'everything'
  disabled?: boolean
  expiresInDays?: number
  allowedAddresses?: readonly string[]
  /** Age of the rotation in days, and days until the old secret ends. */
  rotated?: { daysAgo: number; endsInDays: number }
  use?: UsagePattern
  /** Age of the last call in days, for one from before the usage records begin. */
  lastUsedDaysAgo?: number
}

const USERS = '/authentication/password_based:built_in_database/users'

/** Keys by sample deployment, for plans whose keys have notes and permissions. */
export const sampleKeyTemplates: Readonly<Record<string, readonly SampleKeyTemplate[]>> = {
  'plant-telemetry': [
    {
      note: 'Grafana scrape',
      ageInDays: 72,
      may: /^GET \/(clients|subscriptions|rules)$/,
      use: {
        rhythm: 'always',
        calls: { 'GET /clients': 60, 'GET /subscriptions': 12 },
        addresses: ['198.51.100.31'],
        lastDaysAgo: 0.0034,
        refused: [
          {
            operation: 'GET /rules/{id}/metrics',
            reason: 'notGranted',
            calls: 14,
            lastDaysAgo: 0.03,
            address: '198.51.100.31',
          },
          {
            operation: 'GET /connectors',
            reason: 'notGranted',
            calls: 2,
            lastDaysAgo: 2.4,
            address: '198.51.100.31',
          },
        ],
      },
    },
    {
      note: 'Line 3 publisher',
      ageInDays: 20,
      may: /^POST \/publish|^GET \/clients|^POST \/clients\/\{clientid\}\/subscribe$/,
      rotated: { daysAgo: 0.875, endsInDays: 0.125 },
      use: {
        rhythm: 'office',
        calls: { 'POST /publish': 240, 'POST /publish/bulk': 18, 'GET /clients/{clientid}': 25 },
        addresses: ['192.0.2.140', '192.0.2.141'],
        lastDaysAgo: 0.002,
        oldSecretDaysAgo: 0.0035,
      },
    },
    {
      note: 'Provisioning job, until the contract ends in March',
      ageInDays: 307,
      may: /\/authentication\/|\/authorization\/sources\/built_in_database\/rules\/(clients|users)/,
      allowedAddresses: ['198.51.100.0/24', '2001:db8:20::/48'],
      use: {
        rhythm: 'nightly',
        calls: {
          [`POST ${USERS}`]: 34,
          [`GET ${USERS}`]: 6,
          [`DELETE ${USERS}/{user_id}`]: 9,
        },
        addresses: ['198.51.100.200'],
        lastDaysAgo: 0.42,
        refused: [
          {
            operation: `POST ${USERS}`,
            reason: 'address',
            calls: 5,
            lastDaysAgo: 6.3,
            address: '203.0.113.19',
          },
        ],
      },
    },
    {
      note: 'On-call: look at clients, kick and ban',
      ageInDays: 8,
      may: /\/(clients|banned)/,
      expiresInDays: 4.9,
      use: {
        rhythm: 'sometimes',
        calls: { 'GET /clients': 4, 'GET /clients/{clientid}': 7, 'DELETE /clients/{clientid}': 1 },
        addresses: ['192.0.2.27', '198.51.100.8'],
        lastDaysAgo: 1.19,
      },
    },
    {
      note: '',
      ageInDays: 411,
      may: 'everything',
      lastUsedDaysAgo: 97.4,
    },
    {
      note: 'Old dashboard',
      ageInDays: 659,
      may: /^GET \//,
      disabled: true,
      use: {
        rhythm: 'always',
        calls: { 'GET /clients': 12, 'GET /subscriptions': 12 },
        addresses: ['198.51.100.44'],
        lastDaysAgo: 12.41,
      },
    },
  ],
  'fleet-tracking': [
    {
      note: 'Dispatch board',
      ageInDays: 188,
      may: /^GET \/clients(\/\{clientid\})?$/,
      use: {
        rhythm: 'always',
        calls: { 'GET /clients': 120, 'GET /clients/{clientid}': 16 },
        addresses: ['203.0.113.60', '203.0.113.61'],
        lastDaysAgo: 0.0061,
      },
    },
    {
      note: 'Route planner, to trucks on the road',
      ageInDays: 44,
      may: /^POST \/publish/,
      use: {
        rhythm: 'office',
        calls: { 'POST /publish': 85, 'POST /publish/bulk': 4 },
        addresses: ['203.0.113.70'],
        lastDaysAgo: 0.0052,
        refused: [
          {
            operation: 'GET /clients',
            reason: 'notGranted',
            calls: 3,
            lastDaysAgo: 0.8,
            address: '203.0.113.70',
          },
        ],
      },
    },
    {
      note: 'Geofence trial',
      ageInDays: 5,
      may: /^GET \/subscriptions$|^POST \/clients\/\{clientid\}\/(un)?subscribe$/,
      expiresInDays: 25.2,
    },
  ],
  'grid-metering': [
    {
      note: 'Meter provisioning',
      ageInDays: 262,
      may: /\/authentication\//,
      allowedAddresses: ['198.51.100.128/25'],
      use: {
        rhythm: 'nightly',
        calls: { [`POST ${USERS}`]: 120, [`PUT ${USERS}/{user_id}`]: 14 },
        addresses: ['198.51.100.140'],
        lastDaysAgo: 0.43,
      },
    },
    {
      note: 'Control room: banned meters',
      ageInDays: 131,
      may: /\/banned|^GET \/clients/,
      use: {
        rhythm: 'sometimes',
        calls: { 'GET /banned': 5, 'POST /banned': 2, 'GET /clients': 9 },
        addresses: ['192.0.2.210'],
        lastDaysAgo: 3.27,
      },
    },
    {
      note: 'Readings to the data lake, before the rule',
      ageInDays: 240,
      may: /^GET \/(clients|subscriptions|mqtt\/retainer\/messages)$/,
      disabled: true,
      use: {
        rhythm: 'nightly',
        calls: { 'GET /mqtt/retainer/messages': 40 },
        addresses: ['198.51.100.150'],
        lastDaysAgo: 30.41,
      },
    },
  ],
}

/** Keys for plans without notes and permissions. The second one is unused. */
export const plainKeyTemplates: readonly SampleKeyTemplate[] = [
  {
    note: '',
    ageInDays: 72,
    may: 'everything',
    use: {
      rhythm: 'always',
      calls: { 'POST /publish': 90, 'GET /clients': 30 },
      addresses: ['192.0.2.77', '203.0.113.5'],
      lastDaysAgo: 0.0021,
    },
  },
  { note: '', ageInDays: 20, may: 'everything' },
]
