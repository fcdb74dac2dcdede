import { queryOptions, useQuery } from '@tanstack/react-query'
import type { Session } from '../../contract/accounts/schemas.ts'
import { apiQuery } from '../api/query.ts'

/** The query of who is signed in. Every page has its answer before it shows. */
export const sessionQuery = queryOptions({ ...apiQuery('getSession', {}), staleTime: 60_000 })

/** The query of the ways to sign in. */
export const signInOptionsQuery = queryOptions({
  ...apiQuery('getSignInOptions', {}),
  staleTime: 5 * 60_000,
})

/** Who is signed in; undefined on the sign-in page alone. */
export function useSession(): Session | undefined {
  return useQuery(sessionQuery).data
}
