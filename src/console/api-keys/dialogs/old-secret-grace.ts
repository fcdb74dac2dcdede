import type { oldSecretGraces } from '../../../contract/http/limits.ts'

/** For how many seconds the old secret still works after a rotation. */
export type GracePeriod = (typeof oldSecretGraces)[number]

/** The label of each choice of when the old secret ends. */
export const gracePeriodLabels: Readonly<Record<GracePeriod, string>> = {
  0: 'Now',
  3600: 'In 1 hour',
  86400: 'In 24 hours',
  604800: 'In 7 days',
}

/** When the old secret ends after a rotation at `now`: with its grace period, or with its key. */
export function oldSecretEndsAt(grace: GracePeriod, expiresAt: string | null, now: number): string {
  const end = new Date(now + grace * 1000).toISOString()
  return expiresAt !== null && expiresAt < end ? expiresAt : end
}
