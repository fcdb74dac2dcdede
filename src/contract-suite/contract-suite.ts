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
 * What every host promises, whatever store is under it: run it against each. A case leaves
 * the host as it found it, but for what it leaves in Activity.
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
