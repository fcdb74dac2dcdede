import { isIP } from 'node:net'
import { join } from 'node:path'
import { z } from 'zod'
import { PASSWORD_MAX, PASSWORD_MIN } from '../../contract/http/limits.ts'
import { isPrefix } from '../../contract/network/ip-addresses.ts'
import { isLoopbackHost } from '../../contract/network/loopback.ts'
import { Secret } from '../../contract/secret.ts'

/** From the most to the least verbose. */
export const logLevels = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof logLevels)[number]

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
  ENCRYPTION_KEY_FILE: z.string().optional(),
  /** Former name of ENCRYPTION_KEY_FILE. */
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
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname))
}

/** A provider to sign in by. */
export type OpenIdSettings = {
  issuer: string
  clientId: string
  clientSecret: Secret
  /** What the sign-in button calls it. */
  name: string
}

/** The validated settings; the README explains each. */
export type Config = {
  port: number
  host: string
  dataDir: string
  /** The PostgreSQL database; null for SQLite in the data folder. */
  databaseUrl: Secret | null
  /** File of the key that encrypts credentials in the store. */
  encryptionKeyFile: string
  samples: boolean
  /** First TCP port of the embedded brokers; 0 for any free ones, null if not set. */
  mqttPort: number | null
  /** Origin of API base URLs; null to take it from each request. */
  publicUrl: string | null
  /** Files of the certificate and its key; null for plain HTTP. */
  tls: { certFile: string; keyFile: string } | null
  /** Addresses and prefixes of proxies whose X-Forwarded-For is trusted. */
  trustedProxies: string[]
  /** The first administrator's password; null to generate and print one. */
  adminPassword: Secret | null
  openId: OpenIdSettings | null
  logLevel: LogLevel
  /** What to tell about settings under their former names. */
  deprecations: string[]
}

/** An invalid setting. The message is one line that names it. */
export class ConfigError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'ConfigError'
  }
}

/** Reads the settings from the environment; empty means not set. Throws {@link ConfigError}. */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const set = Object.entries(environment).filter(([, value]) => value !== undefined && value !== '')
  const parsed = environmentSchema.safeParse(Object.fromEntries(set))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const name = String(issue?.path[0])
    const value = SECRETS.has(name) ? 'what it is set to' : JSON.stringify(environment[name])
    throw new ConfigError(`${name} can't be ${value}. ${issue?.message ?? ''}`)
  }
  const { data } = parsed
  return {
    port: data.PORT,
    host: data.HOST,
    dataDir: data.DATA_DIR,
    databaseUrl: data.DATABASE_URL ?? null,
    encryptionKeyFile: readEncryptionKeyFile(data),
    deprecations:
      data.SEALING_KEY_FILE === undefined
        ? []
        : ['SEALING_KEY_FILE is now called ENCRYPTION_KEY_FILE'],
    samples: data.SAMPLES === 'on',
    mqttPort: data.MQTT_PORT ?? null,
    publicUrl: data.PUBLIC_URL ?? null,
    tls: readTls(data),
    trustedProxies: data.TRUSTED_PROXIES,
    adminPassword: data.ADMIN_PASSWORD ?? null,
    openId: readOpenId(data),
    logLevel: data.LOG_LEVEL,
  }
}

function readEncryptionKeyFile(data: Environment): string {
  const { ENCRYPTION_KEY_FILE: file, SEALING_KEY_FILE: former, DATA_DIR } = data
  if (file !== undefined && former !== undefined && file !== former) {
    throw new ConfigError(
      'SEALING_KEY_FILE is the former name of ENCRYPTION_KEY_FILE, and they differ. Leave it out.',
    )
  }
  return file ?? former ?? join(DATA_DIR, 'encryption.key')
}

function readTls({ TLS_CERT_FILE, TLS_KEY_FILE }: Environment): Config['tls'] {
  if (TLS_CERT_FILE === undefined && TLS_KEY_FILE === undefined) return null
  const certFile = required('TLS', 'TLS_CERT_FILE', TLS_CERT_FILE)
  return { certFile, keyFile: required('TLS', 'TLS_KEY_FILE', TLS_KEY_FILE) }
}

function readOpenId(data: Environment): OpenIdSettings | null {
  const { OPENID_ISSUER, OPENID_CLIENT_ID, OPENID_CLIENT_SECRET, OPENID_NAME } = data
  const given = [OPENID_ISSUER, OPENID_CLIENT_ID, OPENID_CLIENT_SECRET, OPENID_NAME]
  if (given.every((value) => value === undefined)) return null
  const what = 'OpenID sign-in'
  // A callback URL taken from a request's Host could be an attacker's.
  required(what, 'PUBLIC_URL', data.PUBLIC_URL)
  return {
    issuer: required(what, 'OPENID_ISSUER', OPENID_ISSUER),
    clientId: required(what, 'OPENID_CLIENT_ID', OPENID_CLIENT_ID),
    clientSecret: required(what, 'OPENID_CLIENT_SECRET', OPENID_CLIENT_SECRET),
    name: OPENID_NAME ?? 'OpenID Connect',
  }
}

const REQUIRED_SETTINGS = {
  TLS: 'TLS_CERT_FILE and TLS_KEY_FILE',
  'OpenID sign-in': 'OPENID_ISSUER, OPENID_CLIENT_ID, OPENID_CLIENT_SECRET and PUBLIC_URL',
}

function required<Value>(
  what: keyof typeof REQUIRED_SETTINGS,
  name: string,
  value: Value | undefined,
): Value {
  if (value !== undefined) return value
  throw new ConfigError(`${name} is missing. ${what} takes ${REQUIRED_SETTINGS[what]}.`)
}
