/** The queries to invalidate after one key changed: its lists, its page and the key health. */
export const keyQueries = ['listApiKeys', 'getApiKey', 'getKeyHealth'] as const

/** The queries to invalidate after a key was created or deleted: deployments count their keys. */
export const keyCountQueries = [
  'listApiKeys',
  'getKeyHealth',
  'getDeployment',
  'listDeployments',
] as const
