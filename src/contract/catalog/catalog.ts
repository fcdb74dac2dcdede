import type { Edition } from '../deployments/plans.ts'
import type { Catalog } from './operation.ts'
import { serverlessCatalog } from './serverless.ts'
import { v4Catalog } from './v4.ts'
import { v5Catalog } from './v5.ts'

/** The catalog of a plan and version; Dedicated v5, Dedicated Flex and BYOC share one. */
export function catalogOf({ plan, version }: Edition): Catalog {
  if (plan === 'serverless') return serverlessCatalog
  return version === 'v4' ? v4Catalog : v5Catalog
}
