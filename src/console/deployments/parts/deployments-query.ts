import { apiQuery } from '../../api/query.ts'

const POLL = 5000

/** The query of every deployment; the list follows it. */
export const deploymentsQuery = { ...apiQuery('listDeployments', {}), refetchInterval: POLL }
