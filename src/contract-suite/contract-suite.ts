import { activityCases } from './activity.ts'
import { deploymentCases } from './deployments.ts'
import type { ContractCase } from './host.ts'
import { keySecretCases } from './key-secrets.ts'
import { keyStateCases } from './key-states.ts'
import { keyUseCases } from './key-uses.ts'
import { apiKeyCases } from './keys.ts'
import { matrixCases } from './matrix.ts'
import { tokenCases } from './tokens.ts'
import { userCases } from './users.ts'

/**
 * The contract tests: what every host promises, whatever its store. Each case leaves the host as
 * it was, except for the audit log.
 */
export const contractCases: ContractCase[] = [
  ...deploymentCases,
  ...apiKeyCases,
  ...keyStateCases,
  ...keyUseCases,
  ...keySecretCases,
  ...userCases,
  ...tokenCases,
  ...activityCases,
  ...matrixCases,
]
