import type { oldSecretGraces } from '../../../contract/http/limits.ts'

export type GracePeriod = (typeof oldSecretGraces)[number]

/** When the old secret ends, as a choice. */
export const gracePeriodLabels: Readonly<Record<GracePeriod, string>> = {
  0: 'Now',
  3600: 'In 1 hour',
  86400: 'In 24 hours',
  604800: 'In 7 days',
}

/** When an old secret ends that is kept for a grace; the expiry of its key ends it before. */
export function oldSecretEndsAt(grace: GracePeriod, expiresAt: string | null, now: number): string {
  const end = new Date(now + grace * 1000).toISOString()
  return expiresAt !== null && expiresAt < end ? expiresAt : end
}
