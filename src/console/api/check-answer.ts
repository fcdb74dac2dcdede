// oxlint-disable-next-line no-restricted-imports -- this module is itself loaded on demand
import { routes, type RouteName } from '../../contract/routes.ts'

/**
 * Throws when an answer isn't what the contract says. Loaded in development and tests alone:
 * it brings the schemas along.
 */
export function checkAnswer(name: RouteName, status: number, answer: unknown): void {
  const responses: Record<string, object> = routes[name].responses
  const response = responses[status]
  if (!response) throw new Error(`${name} answered ${status}, which the contract doesn't know`)
  if (!('content' in response)) return
  const media: unknown = Object.values(response.content ?? {})[0]
  if (!isSchemaHolder(media)) throw new Error(`${name} has no schema for ${status}`)
  media.schema.parse(answer)
}

function isSchemaHolder(media: unknown): media is { schema: { parse: (value: unknown) => void } } {
  return (
    typeof media === 'object' &&
    media !== null &&
    'schema' in media &&
    typeof media.schema === 'object' &&
    media.schema !== null &&
    'parse' in media.schema
  )
}
