import { isIP } from 'node:net'
import { join } from 'node:path'
import { z } from 'zod'
import { PASSWORD_MAX, PASSWORD_MIN } from '../../contract/http/limits.ts'
import { isPrefix } from '../../contract/network/ip-addresses.ts'
import { Secret } from '../../contract/secret.ts'
import { isLoopback } from '../http/origins.ts'
import { logLevels, type LogLevel } from '../runtime/logs.ts'
import type { OpenIdSettings } from '../sign-in/open-id.ts'

const port = z
  .string()
  .refine(
    (text) => /^\d{1,5}$/.test(text) && Number(text) <= 65_535,
    'Give a port number from 0 to 65535.',
  )
  .transform(Number)

const secret = z.string().transform((text) => new Secret(text))

const environmentSchema = z.object({
  PORT: port.default(4080),
  HOST: z
    .string()
    .transform((host) => host.replace(/^\[(.+)\]$/, '$1'))
    .refine(isHost, 'Give an address such as 127.0.0.1, or 0.0.0.0 for every network.')
    .default('127.0.0.1'),
  DATA_DIR: z.string().default('./data'),
  DATABASE_URL: z
    .string()
    .refine(
      isPostgresUrl,
      'Give the address of a PostgreSQL database, such as postgres://user:password@host:5432/name.',
    )
    .pipe(secret)
    .optional(),
  SEALING_KEY_FILE: z.string().optional(),
  SAMPLES: z.enum(['on', 'off'], 'Give on or off.').default('on'),
  MQTT_PORT: port.optional(),
  PUBLIC_URL: z
    .string()
    .refine(isOrigin, 'Give an origin alone, such as https://latchkey.example, without a path.')
    .transform((text) => new URL(text).origin)
    .optional(),
  TLS_CERT_FILE: z.string().optional(),
  TLS_KEY_FILE: z.string().optional(),
  TRUSTED_PROXIES: z
    .string()
    .transform((text) => text.split(',').map((range) => range.trim()))
    .refine(
      (ranges) => ranges.every(isPrefix),
      'Give addresses or ranges of them, such as 10.0.0.5, 192.168.0.0/16.',
    )
    .default([]),
  ADMIN_PASSWORD: z
    .string()
    .min(PASSWORD_MIN, `Use at least ${PASSWORD_MIN} characters.`)
    .max(PASSWORD_MAX, `Use at most ${PASSWORD_MAX} characters.`)
    .pipe(secret)
    .optional(),
  OPENID_ISSUER: z
    .string()
    .refine(isIssuer, 'Give the https address of the provider, as it calls itself.')
    .optional(),
  OPENID_CLIENT_ID: z.string().optional(),
  OPENID_CLIENT_SECRET: secret.optional(),
  OPENID_NAME: z.string().max(60, 'Use at most 60 characters.').optional(),
  LOG_LEVEL: z.enum(logLevels, `Give one of ${logLevels.join(', ')}.`).default('info'),
})

type Environment = z.infer<typeof environmentSchema>

const SECRETS = new Set(['ADMIN_PASSWORD', 'DATABASE_URL', 'OPENID_CLIENT_SECRET'])

function isHost(text: string): boolean {
  return isIP(text) !== 0 || /^[a-z0-9-]+(?:\.[a-z0-9-]*[a-z-][a-z0-9-]*)*$/i.test(text)
}

function isPostgresUrl(text: string): boolean {
  const url = URL.parse(text)
  return !!url && /^postgres(?:ql)?:$/.test(url.protocol) && url.pathname.length > 1
}

function isOrigin(text: string): boolean {
  const url = URL.parse(text)
  return !!url && /^https?:$/.test(url.protocol) && text.replace(/\/$/, '') === url.origin
}

function isIssuer(text: string): boolean {
  const url = URL.parse(text)
  if (!url || url.search !== '' || url.hash !== '' || url.username !== '') return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))
}

/** What the environment sets, checked; see the README for what each means. */
export type Config = {
  port: number
  host: string
  dataDir: string
  /** The PostgreSQL database to keep everything in; null for a file in the data folder. */
  databaseUrl: Secret | null
  /** Where the key is that seals credentials in the store. */
  sealingKeyFile: string
  samples: boolean
  /** The first TCP port of the embedded brokers; 0 for any free ones. Null where not set. */
  mqttPort: number | null
  /** The origin that API base URLs show, or null to take it from each request. */
  publicUrl: string | null
  /** The files of the server's own certificate and its key; null where it speaks plain HTTP. */
  tls: { certFile: string; keyFile: string } | null
  /** Addresses and ranges whose word on the client's address counts. */
  trustedProxies: string[]
  /** The first administrator's; null for one that is made up and printed. */
  adminPassword: Secret | null
  openId: OpenIdSettings | null
  logLevel: LogLevel
}

/** Thrown for a setting that can't be used; the message is one line that names it. */
export class BadSetting extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'BadSetting'
  }
}

/** Reads the settings once. An empty one counts as not set. Throws {@link BadSetting}. */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const set = Object.entries(environment).filter(([, value]) => value !== undefined && value !== '')
  const parsed = environmentSchema.safeParse(Object.fromEntries(set))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const name = String(issue?.path[0])
    const value = SECRETS.has(name) ? 'what it is set to' : JSON.stringify(environment[name])
    throw new BadSetting(`${name} can't be ${value}. ${issue?.message ?? ''}`)
  }
  const { data } = parsed
  return {
    port: data.PORT,
    host: data.HOST,
    dataDir: data.DATA_DIR,
    databaseUrl: data.DATABASE_URL ?? null,
    sealingKeyFile: data.SEALING_KEY_FILE ?? join(data.DATA_DIR, 'sealing.key'),
    samples: data.SAMPLES === 'on',
    mqttPort: data.MQTT_PORT ?? null,
    publicUrl: data.PUBLIC_URL ?? null,
    tls: tlsOf(data),
    trustedProxies: data.TRUSTED_PROXIES,
    adminPassword: data.ADMIN_PASSWORD ?? null,
    openId: openIdOf(data),
    logLevel: data.LOG_LEVEL,
  }
}

function tlsOf({ TLS_CERT_FILE, TLS_KEY_FILE }: Environment): Config['tls'] {
  if (TLS_CERT_FILE === undefined && TLS_KEY_FILE === undefined) return null
  const certFile = needed('TLS', 'TLS_CERT_FILE', TLS_CERT_FILE)
  return { certFile, keyFile: needed('TLS', 'TLS_KEY_FILE', TLS_KEY_FILE) }
}

function openIdOf(data: Environment): OpenIdSettings | null {
  const { OPENID_ISSUER, OPENID_CLIENT_ID, OPENID_CLIENT_SECRET, OPENID_NAME } = data
  const given = [OPENID_ISSUER, OPENID_CLIENT_ID, OPENID_CLIENT_SECRET, OPENID_NAME]
  if (given.every((value) => value === undefined)) return null
  const what = 'OpenID sign-in'
  // A callback address taken from a request could be anybody's.
  needed(what, 'PUBLIC_URL', data.PUBLIC_URL)
  return {
    issuer: needed(what, 'OPENID_ISSUER', OPENID_ISSUER),
    clientId: needed(what, 'OPENID_CLIENT_ID', OPENID_CLIENT_ID),
    clientSecret: needed(what, 'OPENID_CLIENT_SECRET', OPENID_CLIENT_SECRET),
    name: OPENID_NAME ?? 'OpenID Connect',
  }
}

const WHAT_IT_TAKES = {
  TLS: 'TLS_CERT_FILE and TLS_KEY_FILE',
  'OpenID sign-in': 'OPENID_ISSUER, OPENID_CLIENT_ID, OPENID_CLIENT_SECRET and PUBLIC_URL',
}

function needed<Value>(
  what: keyof typeof WHAT_IT_TAKES,
  name: string,
  value: Value | undefined,
): Value {
  if (value !== undefined) return value
  throw new BadSetting(`${name} is missing. ${what} takes ${WHAT_IT_TAKES[what]}.`)
}
