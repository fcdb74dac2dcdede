/** Where the management API lives; its routes are below it. */
export const MANAGEMENT_BASE = '/api/v1'
