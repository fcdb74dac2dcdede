/** The plans of deployments, in the console's order. */
export const plans = ['serverless', 'dedicated', 'dedicatedFlex', 'byoc'] as const
export type Plan = (typeof plans)[number]

/** The EMQX versions of deployments. Only Dedicated exists in v4. */
export const versions = ['v5', 'v4'] as const
export type Version = (typeof versions)[number]

/** A plan in a version, which decide a deployment's rules. */
export type Edition = { plan: Plan; version: Version }

export type PlanRules = {
  /** The name of the plan, with its version if two exist: "Dedicated v5". */
  label: string
  /** The path at the end of the API base URL. */
  apiBasePath: '/api/v5' | '/api'
  /** The number of operations in the catalog, without loading it. */
  operationCount: number
  /** Whether keys have a note and a list of operations; if not, all have full access. */
  keysAreConfigurable: boolean
  /** Whether there are keys from before permissions: full access, no note, no creation time. */
  hasLegacyKeys: boolean
}

/** The name of each plan; {@link planRules} has it with the version. */
export const planNames: Record<Plan, string> = {
  serverless: 'Serverless',
  dedicated: 'Dedicated',
  dedicatedFlex: 'Dedicated Flex',
  byoc: 'BYOC',
}

/** Whether EMQX offers this plan in this version: v4 exists as Dedicated alone. */
export function editionExists({ plan, version }: Edition): boolean {
  return version === 'v5' || plan === 'dedicated'
}

/** The rules for one plan and version. */
export function planRules({ plan, version }: Edition): PlanRules {
  return {
    label: plan === 'dedicated' ? `${planNames[plan]} ${version}` : planNames[plan],
    apiBasePath: version === 'v4' ? '/api' : '/api/v5',
    operationCount: plan === 'serverless' ? 11 : version === 'v4' ? 55 : 77,
    keysAreConfigurable: plan !== 'serverless',
    hasLegacyKeys: version === 'v4',
  }
}
