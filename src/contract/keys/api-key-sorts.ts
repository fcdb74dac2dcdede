/** The sort orders of API keys, in the console's order; `-` is descending. */
export const apiKeySorts = ['-createdAt', 'createdAt', 'note', '-note', 'appId', '-appId'] as const
export type ApiKeySort = (typeof apiKeySorts)[number]

/** The sort order by default. */
export const DEFAULT_SORT: ApiKeySort = '-createdAt'
