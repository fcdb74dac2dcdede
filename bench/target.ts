import { z } from 'zod'

/** What to start: which server, over how many keys, and in which store where it has one. */
export const targetSpecSchema = z.object({
  kind: z.enum([
    'gateway',
    'unrecorded',
    'passThrough',
    'passThroughUndici',
    'bareProxy',
    'betterAuth',
  ]),
  upstream: z.string(),
  dataDir: z.string(),
  keys: z.number(),
  databaseUrl: z.string().optional(),
})
export type TargetSpec = z.infer<typeof targetSpecSchema>

/** A server to measure. */
export type Target = {
  port: number
  /** Requests that it answers. */
  requests: string[]
  /** One with a wrong secret. */
  wrongSecret: string
  /** Does at once what calls leave for later; nothing does where there is none. */
  settle?: () => Promise<void>
}
