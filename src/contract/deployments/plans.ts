/** The plans a deployment can be on, in the order the console offers them. */
export const plans = ['serverless', 'dedicated', 'dedicatedFlex', 'byoc'] as const
export type Plan = (typeof plans)[number]

/** The EMQX generations a deployment can run. Only Dedicated exists in v4. */
export const versions = ['v5', 'v4'] as const
export type Version = (typeof versions)[number]

/** What decides a deployment's rules: its plan and its EMQX version. */
export type Edition = { plan: Plan; version: Version }

export type PlanRules = {
  /** The plan as people read it, with its version where two exist: "Dedicated v5". */
  label: string
  /** What the API base URL ends in. */
  apiBasePath: '/api/v5' | '/api'
  /** How many operations the catalog has, known without loading it. */
  operationCount: number
  /** Whether a key takes a note and a list of operations; where not, every key has full access. */
  keysAreConfigurable: boolean
  /** Whether keys from before permissions exist here: full access, no note, no creation time. */
  hasLegacyKeys: boolean
}

/** What each plan is called; {@link planRules} has the name with its version. */
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
