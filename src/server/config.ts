import { z } from 'zod'
import { logLevels, type LogLevel } from './logs.ts'

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|::1|\[::1\])$/

const port = z
  .string()
  .refine(
    (text) => /^\d{1,5}$/.test(text) && Number(text) <= 65_535,
    'Give a port number from 0 to 65535.',
  )
  .transform(Number)

const environmentSchema = z.object({
  PORT: port.default(4080),
  HOST: z
    .string()
    .regex(
      LOOPBACK,
      'Give a loopback address such as 127.0.0.1: Latchkey has no sign-in yet, so whoever reaches it could make keys.',
    )
    .transform((host) => host.replaceAll(/[[\]]/g, ''))
    .default('127.0.0.1'),
  DATA_DIR: z.string().default('./data'),
  SAMPLES: z.enum(['on', 'off'], 'Give on or off.').default('on'),
  MQTT_PORT: port.optional(),
  PUBLIC_URL: z
    .string()
    .refine(isOrigin, 'Give an origin alone, such as https://latchkey.example, without a path.')
    .transform((text) => new URL(text).origin)
    .optional(),
  LOG_LEVEL: z.enum(logLevels, `Give one of ${logLevels.join(', ')}.`).default('info'),
})

function isOrigin(text: string): boolean {
  const url = URL.parse(text)
  return !!url && /^https?:$/.test(url.protocol) && text.replace(/\/$/, '') === url.origin
}

/** What the environment sets, checked; see the README for what each means. */
export type Config = {
  port: number
  host: string
  dataDir: string
  samples: boolean
  /** The first TCP port of the embedded brokers; 0 for any free ones. Null where not set. */
  mqttPort: number | null
  /** The origin that API base URLs show, or null to take it from each request. */
  publicUrl: string | null
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
    const value = JSON.stringify(environment[name])
    throw new BadSetting(`${name} can't be ${value}. ${issue?.message ?? ''}`)
  }
  const { PORT, HOST, DATA_DIR, SAMPLES, MQTT_PORT, PUBLIC_URL, LOG_LEVEL } = parsed.data
  return {
    port: PORT,
    host: HOST,
    dataDir: DATA_DIR,
    samples: SAMPLES === 'on',
    mqttPort: MQTT_PORT ?? null,
    publicUrl: PUBLIC_URL ?? null,
    logLevel: LOG_LEVEL,
  }
}
