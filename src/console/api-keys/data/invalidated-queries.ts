/** What a change to a key outdates: its lists, its own page and what asks for attention. */
export const keyRoutes = ['listApiKeys', 'getApiKey', 'getKeyHealth'] as const
