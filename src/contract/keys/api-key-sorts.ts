/** The orders in which API keys can be listed, as the console offers them; `-` is descending. */
export const apiKeySorts = ['-createdAt', 'createdAt', 'note', '-note', 'appId', '-appId'] as const
export type ApiKeySort = (typeof apiKeySorts)[number]

/** The order of a list that doesn't ask for one. */
export const DEFAULT_SORT: ApiKeySort = '-createdAt'
