import { routeUrl } from '../api/client.ts'
import type { Snippet } from '../secrets/snippet-tabs.tsx'

/** The forms in which a new token is ready to paste. */
export function tokenSnippets(secret: string, origin: string): Snippet[] {
  return [
    {
      name: 'curl',
      text: `curl '${origin}${routeUrl('listDeployments', {})}' \\\n  -H 'Authorization: Bearer ${secret}'`,
    },
    { name: 'Header', text: `Authorization: Bearer ${secret}` },
    {
      name: '.env',
      text: `LATCHKEY_URL=${origin}\n${tokenLine(secret)}`,
      file: { name: 'latchkey.env', type: 'text/plain' },
    },
  ]
}

/** The line that "Copy and close" takes. */
export function tokenLine(secret: string): string {
  return `LATCHKEY_TOKEN=${secret}`
}
